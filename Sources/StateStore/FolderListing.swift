// Lists folders, and clears temporary files that a crash left.

import Glibc

/// What a folder holds.
enum FolderListing {
  /// Names of the entries, sorted, without temporary files; nil when there is no such folder.
  static func names(in folder: String) throws(SystemFailure) -> [String]? {
    try all(in: folder)?.filter { !$0.hasPrefix(DurableFiles.temporaryPrefix) }
  }

  /// Names of all entries, sorted; nil when there is no such folder.
  static func everything(in folder: String) throws(SystemFailure) -> [String]? {
    try all(in: folder)
  }

  /// Removes temporary files and folders that a crash left. Only while the lock is held: another
  /// process may be about to use its own.
  static func sweep(_ folder: String) {
    // A leftover that stays does no harm, so failures are of no interest.
    for name in (try? all(in: folder)) ?? [] where name.hasPrefix(DurableFiles.temporaryPrefix) {
      let path = "\(folder)/\(name)"
      if unlink(path) != 0 { remove(path) }
    }
  }

  /// Removes a temporary folder of files; it may be gone.
  static func remove(_ folder: String) {
    for name in (try? all(in: folder)) ?? [] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private static func all(in folder: String) throws(SystemFailure) -> [String]? {
    guard let handle = opendir(folder) else {
      if errno == ENOENT { return nil }
      throw SystemFailure("list", folder)
    }
    defer { closedir(handle) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(handle) else {
        guard errno == 0 else { throw SystemFailure("list", folder) }
        return names.sorted()
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }
}
