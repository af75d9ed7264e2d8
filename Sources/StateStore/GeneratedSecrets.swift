// Generated secrets: `APP/KEY` is version 1, `APP/KEY.N` a later one; each file is written once and
// holds 64 hexadecimal characters. They outlive the database.

import FormationModel
import Glibc

/// Reads and writes the files of generated secrets.
struct GeneratedSecrets {
  /// The secrets' folder in the state directory.
  let folder: String

  /// The versions of which the value is there, oldest first.
  func versions(of secret: SecretID) throws(SystemFailure) -> [Int] {
    let files = try FolderListing.names(in: "\(folder)/\(secret.app)") ?? []
    return files.compactMap { Self.parts($0) }.filter { $0.key == secret.key }.map(\.version)
      .sorted()
  }

  /// Every secret with its versions, oldest first; none when there is no such folder.
  func all() throws(SystemFailure) -> [SecretID: [Int]] {
    var all: [SecretID: [Int]] = [:]
    for app in (try FolderListing.names(in: folder) ?? []).compactMap(AppName.init(rawValue:)) {
      for file in try FolderListing.names(in: "\(folder)/\(app)") ?? [] {
        guard let (key, version) = Self.parts(file) else { continue }
        all[SecretID(app: app, key: key), default: []].append(version)
      }
    }
    return all.mapValues { $0.sorted() }
  }

  /// One version's value; nil when it is not there. The value is nil when the file is damaged.
  func read(_ secret: SecretID, _ version: Int) throws(SystemFailure) -> ConfigValue?? {
    guard let bytes = try DurableFiles.read(path(secret, version), limit: 4096) else { return nil }
    guard bytes.count == 64, bytes.allSatisfy({ $0.isDigit || "abcdef".utf8.contains($0) }) else {
      return .some(nil)
    }
    return ConfigValue(String(decoding: bytes, as: UTF8.self))
  }

  /// When a version was made; nil when it is not there.
  func since(_ secret: SecretID, _ version: Int) -> LoopTime? {
    var status = stat()
    guard lstat(path(secret, version), &status) == 0 else { return nil }
    return LoopTime(
      milliseconds: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
  }

  /// Makes a version that must not be there; one that is stays as it is.
  func make(_ secret: SecretID, version: Int) throws(SystemFailure) {
    try DurableFiles.makeFolder(folder)
    try DurableFiles.makeFolder("\(folder)/\(secret.app)")
    FolderListing.sweep("\(folder)/\(secret.app)")
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    // It being there already is as good: whoever made it, it is the one that dynos got.
    _ = try DurableFiles.writeOnce(path(secret, version), Array(bytes.hexadecimal.utf8))
  }

  /// Deletes values, except the newest two and those named.
  func prune(_ secret: SecretID, keeping: Set<Int>) throws(SystemFailure) {
    for version in try versions(of: secret).dropLast(2) where !keeping.contains(version) {
      unlink(path(secret, version))
    }
    try DurableFiles.sync(folder: "\(folder)/\(secret.app)")
  }

  /// Gives an app's secrets to its new name. Secrets that the new name has already stay as they
  /// are, and then the old ones stay as well: versions of two secrets never mix. Again: done.
  func move(from old: AppName, to new: AppName) throws(SystemFailure) {
    let (source, target) = ("\(folder)/\(old)", "\(folder)/\(new)")
    guard let names = try FolderListing.names(in: source) else { return }
    try DurableFiles.makeFolder(target)
    let taken = Set(
      try FolderListing.names(in: target) ?? []
    ).filter { !Self.isSame("\(source)/\($0)", "\(target)/\($0)") }
    let keys = Set(taken.compactMap { Self.parts($0)?.key })
    let moving = names.filter { name in
      Self.parts(name).map { !keys.contains($0.key) } ?? !taken.contains(name)
    }
    for name in moving { try Self.give("\(source)/\(name)", to: "\(target)/\(name)") }
    try DurableFiles.sync(folder: target)
    for name in moving where Self.isSame("\(source)/\(name)", "\(target)/\(name)") {
      unlink("\(source)/\(name)")
    }
    rmdir(source)
  }

  /// The path of one version.
  func path(_ secret: SecretID, _ version: Int) -> String {
    let base = "\(folder)/\(secret.app)/\(secret.key)"
    return version == 1 ? base : "\(base).\(version)"
  }

  private static func parts(_ file: String) -> (key: ConfigKey, version: Int)? {
    if let key = ConfigKey(rawValue: file) { return (key, 1) }
    guard let dot = file.lastIndex(of: "."), let key = ConfigKey(rawValue: String(file[..<dot])),
      let version = Int(file[file.index(after: dot)...]), version > 1, file == "\(key).\(version)"
    else { return nil }
    return (key, version)
  }

  private static func give(_ source: String, to target: String) throws(SystemFailure) {
    guard link(source, target) == 0 || errno == EEXIST else {
      throw SystemFailure("move the secret", source)
    }
  }

  /// Whether both names are there and mean one file.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard lstat(one, &first) == 0, lstat(other, &second) == 0 else { return false }
    return first.st_ino == second.st_ino && first.st_dev == second.st_dev
  }
}
