// Things beside the dynos that a network test needs: a server on the machine, and a world behind
// it.

import ChildProcesses
import Foundation
import Glibc
import Testing

@testable import ContainerRuntimes

/// A socket that listens on every address of the machine.
final class ListeningSocket {
  let port: Int
  private let socket: Int32

  init() throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let handle = socket
    let bound = withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(handle, $0, length) == 0 && listen(handle, 8) == 0
          && getsockname(handle, $0, &length) == 0
      }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: name.sin_port))
  }

  deinit { close(socket) }
}

/// A network namespace that stands for the world: a public and a link-local address, with a server.
final class NeighbourNetwork {
  private let name = "world-\(UInt32.random(in: 0..<100_000))"
  private let server: Child

  init() throws {
    try machine("ip", "netns", "add", name)
    let inside = "w\(UInt32.random(in: 0..<100_000))"
    let outside = inside + "x"
    try machine("ip", "link", "add", outside, "type", "veth", "peer", "name", inside, "netns", name)
    try machine("ip", "link", "set", outside, "up")
    try machine("ip", "-n", name, "link", "set", inside, "up")
    for network in ["198.51.100", "169.254.77"] {
      try machine("ip", "addr", "add", "\(network).1/24", "dev", outside)
      try machine("ip", "-n", name, "addr", "add", "\(network).2/24", "dev", inside)
    }
    let ip = try #require(MachineTools.path(of: "ip"))
    let busybox = try #require(MachineTools.path(of: "busybox"))
    server = try Child.start(
      ip, ["netns", "exec", name, busybox, "nc", "-ll", "-p", "7000", "-e", "true"],
      descriptors: [-1, -1, -1])
  }

  func remove() {
    server.kill()
    _ = server.wait()
    _ = try? machine("ip", "netns", "delete", name)
  }
}
