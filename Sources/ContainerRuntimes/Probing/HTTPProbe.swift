// One HTTP request from the machine to a dyno, for its status alone: no redirect is followed, the
// body is not read, and everything together has one deadline.

import ChildProcesses
import FormationModel
import Glibc

/// Asks a path.
struct HTTPProbe {
  let address: IPv4
  let port: UInt16
  let path: String
  let timeout: Duration

  private static let headLimit = 8192

  /// The answer to one request.
  func run() -> ProbeResult {
    let isPlain = path.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    guard path.hasPrefix("/"), isPlain else {
      return .failed(reason: "\(path) is not a path of printable characters")
    }
    let deadline = Deadline(in: timeout)
    let socket = Glibc.socket(
      AF_INET,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return .failed(reason: "no socket: \(words(errno))") }
    defer { close(socket) }
    if let failure = connect(socket, deadline) { return failure }
    let request =
      "GET \(path) HTTP/1.1\r\nHost: \(address):\(port)\r\n"
      + "User-Agent: Muster-Healthcheck\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    let bytes = Array(request.utf8)
    guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      return .failed(reason: "the dyno took no request")
    }
    return status(socket, deadline)
  }

  private func connect(_ socket: Int32, _ deadline: Deadline) -> ProbeResult? {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = address.number.bigEndian
    let result = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result == 0 { return nil }
    guard errno == EINPROGRESS else { return refused(errno) }
    guard wait(socket, Int16(POLLOUT), deadline) else { return .timedOut }
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length)
    return code == 0 ? nil : refused(code)
  }

  private func refused(_ code: Int32) -> ProbeResult {
    code == ECONNREFUSED ? .notListening : .failed(reason: words(code))
  }

  private func status(_ socket: Int32, _ deadline: Deadline) -> ProbeResult {
    var head: [UInt8] = []
    while !head.contains(UInt8(ascii: "\n")), head.count < HTTPProbe.headLimit {
      guard wait(socket, Int16(POLLIN), deadline) else { return .timedOut }
      var buffer = [UInt8](repeating: 0, count: 1024)
      let count = recv(socket, &buffer, buffer.count, 0)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      if count <= 0 { break }
      head.append(contentsOf: buffer[..<count])
    }
    guard let code = HTTPProbe.statusCode(head) else {
      return .failed(reason: "the answer is not HTTP")
    }
    return (200..<400).contains(code) ? .healthy : .status(code)
  }

  /// The status of `HTTP/1.1 200 OK`; nil when the bytes do not begin with a status line.
  static func statusCode(_ head: [UInt8]) -> Int? {
    let line = head.prefix { $0 != UInt8(ascii: "\n") }
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8),
      let code = Int(String(decoding: words[1].prefix { $0.isDigit }, as: UTF8.self)),
      (100..<600).contains(code)
    else { return nil }
    return code
  }

  private func wait(_ socket: Int32, _ events: Int16, _ deadline: Deadline) -> Bool {
    while true {
      var polled = pollfd(fd: socket, events: events, revents: 0)
      let ready = poll(&polled, 1, deadline.milliseconds)
      if ready > 0 { return true }
      if ready == 0 || errno != EINTR { return false }
    }
  }

  private func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
