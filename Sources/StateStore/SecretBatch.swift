// Several new files at once: written beside and on disk first, then all named; when one cannot be,
// none stays. A crash between two names leaves what doing it again completes.

import Glibc

/// Files that are about to appear together.
struct SecretBatch {
  private var staged: [(temporary: String, path: String)] = []

  /// Writes a file beside its place.
  mutating func stage(_ file: SecretFile, as path: String) throws(SystemFailure) {
    staged.append((try DurableFiles.stage(beside: path, file.bytes), path))
  }

  /// Gives all files their names, durably, or none.
  func reveal() throws(SystemFailure) {
    var named: [String] = []
    do throws(SystemFailure) {
      for (temporary, path) in staged {
        guard try DurableFiles.reveal(temporary, as: path) else {
          throw SystemFailure("write", path, number: EEXIST)
        }
        named.append(path)
      }
      for path in named { try DurableFiles.sync(folder: DurableFiles.parent(of: path)) }
    } catch {
      for path in named { unlink(path) }
      throw error
    }
  }

  /// Removes what was written beside.
  func clear() {
    for (temporary, _) in staged { unlink(temporary) }
  }
}
