// Files and folders through system calls: durable writes, whole-tree removal, ownership. Nothing
// here follows a symbolic link out of the tree that it was given.

import CLinux
import ChildProcesses
import FormationModel
import Glibc

/// System calls on files, with typed failures.
enum Files {
  /// The bytes of a file; nil when there is none.
  static func read(_ path: String, limit: Int = 16 << 20) throws(EffectFailure) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR || errno == ESRCH { return nil }
      throw .lastError("cannot open \(path)")
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count < limit {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        // A process that ended while its file in /proc was read.
        if errno == ESRCH { return nil }
        throw .lastError("cannot read \(path)")
      }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }

  /// The text of a file; nil when there is none or it cannot be read.
  static func text(_ path: String) -> String? {
    (try? read(path)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Writes a file, replacing what it held. `durable`: on the disk before it returns.
  static func write(
    _ bytes: some Sequence<UInt8>, to path: String, mode: mode_t = 0o644, durable: Bool = false
  ) throws(EffectFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard file >= 0 else { throw .lastError("cannot create \(path)") }
    defer { close(file) }
    let bytes = Array(bytes)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .lastError("cannot write \(path)")
      }
      written += count
    }
    if durable, fsync(file) != 0 { throw .lastError("cannot sync \(path)") }
  }

  /// Replaces a file so that after a crash it holds either the old bytes or the new ones.
  static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(EffectFailure) {
    let fresh = path + ".new"
    try write(bytes, to: fresh, mode: mode, durable: true)
    guard rename(fresh, path) == 0 else { throw .lastError("cannot replace \(path)") }
    try syncFolder(parent(of: path))
  }

  /// Makes the names in a folder durable.
  static func syncFolder(_ path: String) throws(EffectFailure) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw .lastError("cannot open \(path)") }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw .lastError("cannot sync \(path)") }
  }

  /// Makes a folder and those above it; one that exists is fine.
  static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(EffectFailure) {
    if mkdir(path, mode) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, path != "/" else { throw .lastError("cannot create folder \(path)") }
    try makeFolder(parent(of: path), mode: mode)
    guard mkdir(path, mode) == 0 || errno == EEXIST else {
      throw .lastError("cannot create folder \(path)")
    }
  }

  /// The names in a folder, sorted, without `.` and `..`; nil when there is no such folder.
  static func names(in path: String) throws(EffectFailure) -> [String]? {
    guard let folder = opendir(path) else {
      if errno == ENOENT { return nil }
      throw .lastError("cannot list \(path)")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Where a symbolic link points; nil when there is none.
  static func target(of path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.assumingMemoryBound(to: CChar.self).baseAddress.map { readlink(path, $0, bytes.count) }
    }
    guard let count, count >= 0 else { return nil }
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  /// Whether something exists at the path, a dangling symbolic link included.
  static func exists(_ path: String) -> Bool { status(path) != nil }

  /// What lies at the path itself, symbolic links not followed; nil when nothing does.
  static func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  /// Removes a file; one that is not there is fine.
  static func remove(_ path: String) throws(EffectFailure) {
    guard unlink(path) == 0 || errno == ENOENT else { throw .lastError("cannot remove \(path)") }
  }

  /// The folder above a path.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
