// A service manager's socket as sd_notify(3) has it, in a test's hand.

import Foundation
import Testing

/// A datagram socket, and what came.
final class NotifySocket {
  let path: String
  private let descriptor: Int32
  private(set) var messages: [String] = []

  init(in folder: String) throws {
    path = folder + "/notify.sock"
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    try #require(descriptor >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    try #require(bytes.count < 107)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    try #require(bound == 0)
  }

  deinit { close(descriptor) }

  /// Whether a message comes that holds all of the lines.
  func hears(_ lines: String..., within seconds: Double = 60) -> Bool {
    eventually(within: seconds) {
      take()
      return messages.contains { message in
        let said = message.split(separator: "\n")
        return lines.allSatisfy { line in said.contains { $0.hasPrefix(line) } }
      }
    }
  }

  /// Forgets what came so far.
  func forget() {
    take()
    messages = []
  }

  private func take() {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return }
      messages.append(String(decoding: buffer.prefix(count), as: UTF8.self))
    }
  }
}
