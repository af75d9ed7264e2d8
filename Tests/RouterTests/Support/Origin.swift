// A web dyno made of threads: it keeps every byte that it is sent, and answers with its name.

import FormationModel
import Foundation
import Glibc
import Synchronization

/// Paths: `/slow` is answered when `release()` is called, `/ws` becomes a WebSocket that sends back
/// what it gets, `/stream` sends its head and stays open, everything else is answered at once.
final class Origin: Sendable {
  private struct State {
    var heads: [String] = []
    var connections: [Int32] = []
    var isReleased = false
    var isOpen = true
  }

  let name: String
  let endpoint: Endpoint
  private let listener: Int32
  private let state = Mutex(State())

  init(_ name: String) throws {
    self.name = name
    (listener, endpoint) = try Sockets.listen()
    Thread.detachNewThread { [self] in accept() }
  }

  /// What was asked, head by head, as it arrived.
  var heads: [String] { state.withLock(\.heads) }

  /// Answers what is slow.
  func release() { state.withLock { $0.isReleased = true } }

  /// Takes no new connection, and leaves those that it has without an answer: what a dyno whose
  /// network is gone looks like.
  func vanish() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Ends, with all its connections.
  func close() {
    let connections = state.withLock { state in
      defer { state.connections = [] }
      state.isOpen = false
      state.isReleased = true
      return state.connections
    }
    shutdown(listener, Int32(SHUT_RDWR))
    Glibc.close(listener)
    for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      if connection < 0 { return }
      let isOpen = state.withLock { state in
        if state.isOpen { state.connections.append(connection) }
        return state.isOpen
      }
      guard isOpen else { Glibc.close(connection); return }
      Thread.detachNewThread { [self] in
        while let head = Sockets.head(connection), answer(head, on: connection) {}
        state.withLock { $0.connections.removeAll { $0 == connection } }
        Glibc.close(connection)
      }
    }
  }

  /// Whether another request may follow.
  private func answer(_ head: String, on connection: Int32) -> Bool {
    state.withLock { $0.heads.append(head) }
    let path = head.split(separator: " ").dropFirst().first ?? ""
    if path.hasPrefix("/ws") {
      Sockets.send(
        connection,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
      while let bytes = Sockets.receive(connection) { Sockets.send(connection, bytes) }
      return false
    }
    if path.hasPrefix("/slow") {
      let deadline = ContinuousClock.now + .seconds(20)
      while !state.withLock(\.isReleased), ContinuousClock.now < deadline { usleep(2000) }
    }
    Sockets.send(
      connection, "HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
    return true
  }
}

/// Blocking sockets on loopback.
enum Sockets {
  struct Failure: Error { let call: String; let number = errno }

  /// A listening socket on a free port.
  static func listen() throws -> (Int32, Endpoint) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && Glibc.listen(listener, 512) == 0
          && getsockname(listener, $0, &size) == 0
      }
    }
    guard bound else { throw Failure(call: "listen") }
    return (listener, Endpoint(address: "127.0.0.1", port: Int(address.sin_port.bigEndian)))
  }

  /// A connection whose reads end at a deadline.
  static func connect(_ place: Endpoint, seconds: Int = 20) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var deadline = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &deadline, socklen_t(MemoryLayout<timeval>.size))
    var address = loopback(port: place.port)
    inet_pton(AF_INET, place.address, &address.sin_addr)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      let failure = Failure(call: "connect")
      close(descriptor)
      throw failure
    }
    return descriptor
  }

  static func send(_ descriptor: Int32, _ text: String) { send(descriptor, Array(text.utf8)) }

  static func send(_ descriptor: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// What arrives next; nil at the end.
  static func receive(_ descriptor: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? Array(bytes.prefix(count)) : nil
  }

  /// An open WebSocket; its key is the one that RFC 6455 works out.
  static func webSocket(_ place: Endpoint, host: String) throws -> Int32 {
    let socket = try connect(place)
    let lines = [
      "GET /ws HTTP/1.1", "Host: \(host)", "Upgrade: websocket", "Connection: Upgrade",
      "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    send(socket, lines.joined(separator: "\r\n") + "\r\n\r\n")
    guard head(socket)?.status == 101 else { throw Failure(call: "upgrade") }
    return socket
  }

  /// Everything up to the empty line; nil at the end.
  static func head(_ descriptor: Int32) -> String? {
    var bytes: [UInt8] = []
    while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      var byte: UInt8 = 0
      guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
