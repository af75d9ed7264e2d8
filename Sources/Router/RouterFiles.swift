// Small files of the router that are gone with the boot: written whole before anything reads them,
// never synced. It knows nothing of what they hold.

import FormationModel
import Glibc

/// Reads and writes files.
enum RouterFiles {
  /// The whole file; nil when there is none that can be read, or it is larger than the limit.
  static func read(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0, bytes.count + count <= limit else { return nil }
      if count == 0 { return bytes }
      bytes += chunk.prefix(count)
    }
  }

  /// The same as text.
  static func text(_ path: String, limit: Int = 1 << 20) -> String? {
    read(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Makes a file with this content, of the owner's alone.
  static func write(_ path: String, _ bytes: some Collection<UInt8>) throws(EffectFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes a folder, and those above it, unless it is there.
  static func makeFolder(_ path: String, mode: mode_t = 0o700) throws(EffectFailure) {
    if mkdir(path, mode) == 0 { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, mode) == 0 { return }
    }
    guard errno == EEXIST else { throw failure("make", path) }
  }

  /// Names in a folder, sorted; none when there is no such folder.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a folder with the files in it; a folder within it is left, and so is what holds it.
  static func remove(folder: String) {
    for name in names(in: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private static func failure(_ verb: String, _ path: String) -> EffectFailure {
    let reason = String(cString: strerror(errno))
    return EffectFailure(
      "router-files", "cannot \(verb) \(path): \(reason)", retry: .whenMachineIsMended)
  }
}
