// Where the control socket is reached. A socket's address has room for 107 bytes, a state directory
// has not: it is named through an open descriptor of its folder.

import CLinux
import Glibc

/// A socket in a folder that is open for as long as this value lives.
final class SocketPath: Sendable {
  private let folder: Int32
  private let name: String

  /// Opens the folder; throws when it is not there or may not be entered.
  init(folder path: String, name: String) throws(ControlFailure) {
    let descriptor = open(path, muster_open_path | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ControlFailure("cannot open \(path): \(String(cString: strerror(errno)))")
    }
    folder = descriptor
    self.name = name
  }

  deinit { close(folder) }

  /// A path that fits into a socket's address, whatever the folder's own is.
  var address: String { "/proc/self/fd/\(folder)/\(name)" }

  /// Gives the socket to its owner's group `group`, or to its owner alone, then lets it be found
  /// under its final name. Nobody finds it before that.
  func publish(as final: String, group: gid_t?) throws(ControlFailure) {
    let mode: mode_t = group == nil ? 0o600 : 0o660
    if let group, fchownat(folder, name, uid_t.max, group, 0) != 0 { throw failure("give away") }
    guard chmod(address, mode) == 0 else { throw failure("protect") }
    guard renameat(folder, name, folder, final) == 0 else { throw failure("put in its place") }
  }

  /// Removes the socket of that name, if it is there.
  func remove(_ name: String) { unlinkat(folder, name, 0) }

  private func failure(_ action: String) -> ControlFailure {
    ControlFailure("cannot \(action) the control socket: \(String(cString: strerror(errno)))")
  }
}
