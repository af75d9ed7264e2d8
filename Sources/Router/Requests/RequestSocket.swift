// The socket to which HAProxy sends its lines: who may send, and how many wait in it.

import FormationModel
import Glibc
import Synchronization

/// A datagram socket with a path.
struct RequestSocket: Sendable {
  /// Datagrams that may wait. HAProxy never waits and drops what finds no room, and Linux's default
  /// of 10 is full after a third of a millisecond under load.
  private static let wantedDepth = 4_096
  private static let depthFile = "/proc/sys/net/unix/max_dgram_qlen"
  /// Held while the depth is raised: two at once would take each other's for the machine's.
  private static let raising = Mutex(())

  let descriptor: Int32
  let path: String
  /// How many datagrams may wait in it. Their bytes are accounted to the sender's socket, which
  /// lets about 170 of them wait for each thread of HAProxy; SO_RCVBUF means nothing here.
  let depth: Int
  private let inode: ino_t

  /// Binds a socket at a path, in the place of whatever is there.
  ///
  /// Only `sender` (nil: this process's own user) and root may send to it: the socket is theirs,
  /// with mode 0600. So whoever else gets into the folder can forge no line. The folder needs the x
  /// bit for the sender.
  static func bind(at path: String, sender: uid_t?) throws(EffectFailure) -> RequestSocket {
    let (descriptor, depth) = make()
    guard descriptor >= 0 else { throw .requestLog("cannot make a socket") }
    // Under another name until it has its owner; then it takes the place of an older one at once,
    // and HAProxy never finds none.
    let fresh = path + ".new"
    unlink(fresh)
    var status = stat()
    guard bind(descriptor, to: fresh), chmod(fresh, 0o600) == 0,
      sender.map({ chown(fresh, $0, gid_t.max) == 0 }) ?? true,
      lstat(fresh, &status) == 0, rename(fresh, path) == 0
    else {
      let failure = EffectFailure.requestLog("cannot bind the socket \(path)")
      unlink(fresh)
      close(descriptor)
      throw failure
    }
    return RequestSocket(
      descriptor: descriptor, path: path, depth: depth, inode: status.st_ino)
  }

  /// Ends it for senders; a thread that waits in it takes what is left and then gets nothing.
  func shut() { shutdown(descriptor, Int32(SHUT_RD)) }

  /// Closes it and removes the path, unless somebody else's socket is there by now.
  func remove() {
    close(descriptor)
    var status = stat()
    if lstat(path, &status) == 0, status.st_ino == inode { unlink(path) }
  }

  /// A socket as deep as this machine lets it be. Linux gives a socket its depth when it is made,
  /// from a setting of the network namespace, which is raised for that moment only.
  private static func make() -> (descriptor: Int32, depth: Int) {
    raising.withLock { _ in
      let usual = number(in: depthFile)
      let isRaised = usual.map { $0 < wantedDepth && write(wantedDepth, to: depthFile) } ?? false
      defer { if isRaised, let usual { _ = write(usual, to: depthFile) } }
      let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      return (descriptor, isRaised ? wantedDepth : usual ?? 0)
    }
  }

  private static func bind(_ descriptor: Int32, to path: String) -> Bool {
    var address = sockaddr_un()
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      errno = ENAMETOOLONG
      return false
    }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  private static func number(in path: String) -> Int? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let text = RequestSegments.read(file, from: 0, count: 32)
    return RequestField.number(text.prefix { $0.isDigit })
  }

  private static func write(_ number: Int, to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    let text = Array("\(number)\n".utf8)
    return Glibc.write(file, text, text.count) == text.count
  }
}
