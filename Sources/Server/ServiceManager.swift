// Tells systemd, or whoever else set NOTIFY_SOCKET, how the service is (sd_notify(3)).

import Glibc

/// The manager that started this service, when it asked to be told.
package struct ServiceManager: Sendable {
  /// What it can be told.
  package enum State: Hashable, Sendable {
    /// The first pass has ended.
    case ready
    /// Settings are being read again; the value is the monotonic time, in microseconds.
    case reloading(monotonic: UInt64)
    /// The service ends.
    case stopping
    /// A pass has ended: the service is alive.
    case alive
    /// A line for `systemctl status`.
    case status(String)

    /// The message as sd_notify(3) has it.
    var message: String {
      switch self {
      case .ready: "READY=1"
      case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
      case .stopping: "STOPPING=1"
      case .alive: "WATCHDOG=1"
      case .status(let line): "STATUS=\(line.split(separator: "\n").joined(separator: " "))"
      }
    }
  }

  private let address: [UInt8]?
  /// How often it wants to hear that the service is alive; nil: not at all.
  package let watchdog: Duration?

  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; `process` is this one where nothing is
  /// said.
  package init(environment: [String: String], process: Int32? = nil) {
    address = environment["NOTIFY_SOCKET"].flatMap { path in
      path.hasPrefix("/") || path.hasPrefix("@") ? Array(path.utf8) : nil
    }
    let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(process ?? getpid())" } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    watchdog = isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
  }

  /// Tells it; without a manager nothing happens. A manager that does not listen is no reason to
  /// stop.
  package func tell(_ states: State...) {
    guard var path = address, path.count < 108 else { return }
    // An abstract socket's name begins with NUL, written `@`.
    if path.first == UInt8(ascii: "@") { path[0] = 0 }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var peer = sockaddr_un()
    peer.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &peer.sun_path) { $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    let message = Array(states.map(\.message).joined(separator: "\n").utf8)
    withUnsafePointer(to: &peer) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), address, length)
      }
    }
  }
}
