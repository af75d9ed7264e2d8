// The pipe through which HAProxy tells of requests. It has a name, so that each process of HAProxy
// and each Muster finds the same one, and what comes while no Muster reads waits in it.

import FormationModel
import Glibc

/// An open end of the pipe, for reading as well as for writing: neither side ever sees the other
/// one go. Closed with its last holder.
final class RequestPipe: Sendable {
  /// The most that a process may take for a pipe without privileges: some thousand lines.
  private static let wantedBytes: Int32 = 1 << 20
  /// F_SETPIPE_SZ, which Glibc's overlay does not show.
  private static let setSize: Int32 = 1031

  /// Never blocks: HAProxy counts as dropped what finds no room.
  let descriptor: Int32

  /// Opens the pipe with this path, and makes it where there is none, or something else.
  ///
  /// Nobody but this process's user may open it: HAProxy, which runs as another one, gets it when
  /// it is started. So whoever else gets into the folder can forge no line and read none.
  init(_ path: String) throws(EffectFailure) {
    descriptor = Self.open(path) ?? Self.make(path)
    guard descriptor >= 0 else { throw .requestLog("cannot make the pipe \(path)") }
    // A smaller one loses lines a little earlier.
    _ = fcntl(descriptor, Self.setSize, Self.wantedBytes)
  }

  /// Where nobody reads: for a machine that lets no pipe be made.
  private init() { descriptor = Glibc.open("/dev/null", O_RDWR | O_CLOEXEC) }

  static var nowhere: RequestPipe { RequestPipe() }

  deinit { close(descriptor) }

  /// Waits until there is something to read.
  func wait() {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&polled, 1, -1)
  }

  /// Ends a `wait` of whoever reads: with an empty line, unless there is something anyway.
  func wake() { _ = write(descriptor, "\n", 1) }

  /// Takes what is there into the buffer; how many bytes, 0 when there is nothing.
  func read(into buffer: inout [UInt8]) -> Int {
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      return max(0, count)
    }
  }

  /// The pipe that is there; nil when there is none that is this user's alone.
  private static func open(_ path: String) -> Int32? {
    let descriptor = Glibc.open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO,
      status.st_uid == geteuid(), status.st_mode & 0o077 == 0
    {
      return descriptor
    }
    close(descriptor)
    return nil
  }

  private static func make(_ path: String) -> Int32 {
    unlink(path)
    guard mkfifo(path, 0o600) == 0 else { return -1 }
    return open(path) ?? -1
  }
}
