// Small files that survive a crash at any instant: either the old content, or the new one, or none.
// It knows nothing of what they hold.

import Glibc

/// Reads and writes small files of the owner's alone (0600 in folders of 0700).
enum DurableFiles {
  /// Temporary files start with this; one that is left over is worth nothing.
  static let temporaryPrefix = ".new-"

  /// The whole file; nil when there is none. Refuses links, what is no file, and more than `limit`
  /// bytes.
  static func read(_ path: String, limit: Int) throws(SystemFailure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw SystemFailure("read", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemFailure("read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SystemFailure("read", path, number: EISDIR)
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw SystemFailure("read", path) }
      if count == 0 { return bytes }
      bytes += chunk.prefix(count)
      guard bytes.count <= limit else { throw SystemFailure("read", path, number: EFBIG) }
    }
  }

  /// Writes a file that must not be there; false when it is, and then it stays as it is. It appears
  /// whole or not at all.
  static func writeOnce(_ path: String, _ bytes: [UInt8]) throws(SystemFailure) -> Bool {
    let temporary = try stage(beside: path, bytes)
    defer { unlink(temporary) }
    guard try reveal(temporary, as: path) else { return false }
    try sync(folder: parent(of: path))
    return true
  }

  /// Gives a staged file its name; false when there is one of that name, and then it stays as it
  /// is. The folder is still to be synced.
  static func reveal(_ staged: String, as path: String) throws(SystemFailure) -> Bool {
    guard link(staged, path) == 0 else {
      if errno == EEXIST { return false }
      throw SystemFailure("write", path)
    }
    return true
  }

  /// Writes a file over the one that may be there, at once.
  static func replace(_ path: String, _ bytes: [UInt8]) throws(SystemFailure) {
    let temporary = try stage(beside: path, bytes)
    guard rename(temporary, path) == 0 else {
      let failure = SystemFailure("write", path)
      unlink(temporary)
      throw failure
    }
    try sync(folder: parent(of: path))
  }

  /// Makes a file that must not be there, with this content on disk when it returns.
  static func create(_ path: String, _ bytes: [UInt8]) throws(SystemFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemFailure("write", path) }
    defer { close(descriptor) }
    do throws(SystemFailure) {
      try write(bytes, to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw SystemFailure("write", path) }
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Makes what was written to a file survive a power failure.
  static func sync(file: String) throws(SystemFailure) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw SystemFailure("sync", file) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SystemFailure("sync", file) }
  }

  /// Makes entries of a folder that were added, renamed or removed survive a power failure.
  static func sync(folder: String) throws(SystemFailure) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFailure("sync", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SystemFailure("sync", folder) }
  }

  /// Makes a folder of the owner's alone unless it is there.
  static func makeFolder(_ path: String) throws(SystemFailure) {
    if mkdir(path, 0o700) != 0 {
      if errno == EEXIST { return }
      throw SystemFailure("make the folder", path)
    }
    try sync(folder: parent(of: path))
  }

  /// The folder that holds it.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A name beside the file for its next content.
  static func temporaryName(in folder: String) -> String {
    "\(folder)/\(temporaryPrefix)\(String(UInt64.random(in: .min ... .max), radix: 16))"
  }

  /// Writes a temporary file beside a path, on disk when it returns. Returns its path.
  static func stage(beside path: String, _ bytes: [UInt8]) throws(SystemFailure) -> String {
    let temporary = temporaryName(in: parent(of: path))
    try create(temporary, bytes)
    return temporary
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(SystemFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemFailure("write", path, number: count == 0 ? EIO : errno) }
      rest = rest.dropFirst(count)
    }
  }
}
