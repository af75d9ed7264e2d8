// A client of HAProxy's admin socket: commands in, answers out, one connection for many of them.
// What the answers mean is for `AdminAnswer`.

import FormationModel
import Glibc

/// An open connection. Calls block, until the deadline at most. HAProxy takes only so many at a
/// time; as a value that cannot be copied, some stayed open, so it is an object.
final class AdminSocket {
  /// What went wrong on the way; nobody knows then which commands were obeyed.
  struct Broken: Error, Hashable {
    let reason: String
  }

  /// An answer may be as long as the servers of 10 000 dynos, and more.
  static let answerLimit = 32 << 20
  private static let prompt = Array("\n> ".utf8)

  private let descriptor: Int32
  private let patience: Duration
  private var deadline: ContinuousClock.Instant

  /// Connects to the socket at the path. Everything that is asked over it has to be answered within
  /// the patience.
  static func open(
    _ path: String, patience: Duration = .seconds(10)
  ) throws(Broken) -> AdminSocket {
    let socket = try AdminSocket(connectedTo: path, patience: patience)
    // Answers then end with a prompt, and the connection stays.
    _ = try socket.ask("prompt")
    return socket
  }

  /// Whether somebody listens there; he may be unable to answer.
  static func isListening(_ path: String) -> Bool {
    (try? AdminSocket(connectedTo: path, patience: .zero)) != nil
  }

  private init(connectedTo path: String, patience: Duration) throws(Broken) {
    self.patience = patience
    deadline = .now + patience
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
    guard descriptor >= 0 else { throw Self.broken("socket") }
    guard var address = sockaddr_un(path: path) else {
      throw Broken(reason: "\(path) is too long for a socket")
    }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard connected == 0 else { throw Self.broken("connect") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Begins the patience anew, on a connection that is kept.
  func renew() { deadline = .now + patience }

  /// The answer to a command, which is one line.
  func ask(_ command: String) throws(Broken) -> String {
    guard command.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: ";") }) else {
      throw Broken(reason: "not a command: \(command.printable)")
    }
    try send(Array("\(command)\n".utf8))
    return try receive()
  }

  private func send(_ bytes: [UInt8]) throws(Broken) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        try wait(for: POLLOUT)
      } else if errno != EINTR {
        throw Self.broken("send")
      }
    }
  }

  private func receive() throws(Broken) -> String {
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while !answer.ends(with: Self.prompt) {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count == 0 { throw Broken(reason: "HAProxy closed the admin socket") }
      if count < 0 {
        if errno == EAGAIN {
          try wait(for: POLLIN)
        } else if errno != EINTR {
          throw Self.broken("receive")
        }
        continue
      }
      answer += chunk.prefix(count)
      guard answer.count <= Self.answerLimit else { throw Broken(reason: "an endless answer") }
    }
    return String(decoding: answer.dropLast(Self.prompt.count), as: UTF8.self)
  }

  private func wait(for events: Int32) throws(Broken) {
    let left = ContinuousClock.now.duration(to: deadline).inMilliseconds
    guard left > 0 else { throw Broken(reason: "HAProxy does not answer on its admin socket") }
    var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    if poll(&polled, 1, Int32(clamping: left)) < 0, errno != EINTR { throw Self.broken("poll") }
  }

  private static func broken(_ call: String) -> Broken {
    Broken(reason: "admin socket: \(call): \(String(cString: strerror(errno)))")
  }
}

extension sockaddr_un {
  /// The address of a path; nil when it does not fit.
  init?(path: String) {
    self.init()
    sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let fits = withUnsafeMutableBytes(of: &sun_path) { place in
      guard bytes.count < place.count else { return false }
      place.copyBytes(from: bytes)
      return true
    }
    if !fits { return nil }
  }
}

extension Array where Element: Equatable {
  fileprivate func ends(with tail: [Element]) -> Bool {
    count >= tail.count && self[(count - tail.count)...].elementsEqual(tail)
  }
}
