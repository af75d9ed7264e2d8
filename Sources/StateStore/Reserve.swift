// Space set aside, so that going back and cleaning up work when the disk is full.

package import FormationModel
import Glibc

/// A file that only takes space.
package struct Reserve: Sendable {
  /// Its size in bytes.
  package static let bytes: Int64 = 64 << 20

  let path: String

  /// Sets the space aside unless it is. Throws `disk-full` when there is not as much.
  package func hold() throws(EffectFailure) {
    if isHeld { return }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemFailure("set space aside in", path).effect }
    defer { close(descriptor) }
    // It returns the error number instead of setting it.
    let number = posix_fallocate(descriptor, 0, off_t(Self.bytes))
    if number != 0 {
      unlink(path)
      throw SystemFailure("set space aside in", path, number: number).effect
    }
  }

  /// Gives the space back; without it, nothing happens.
  package func release() throws(EffectFailure) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw SystemFailure("give back", path).effect
    }
  }

  /// Whether the whole space is set aside.
  package var isHeld: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_blocks * 512 >= Self.bytes
  }
}
