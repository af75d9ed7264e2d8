// Secrets that people put into the store: `_platform/NAME/N` and `_apps/APP/NAME/N`, one file for
// each version, written once. No app can have these folders' names.

import FormationModel
import Glibc

/// Reads and writes the files of stored secrets.
struct StoredSecrets {
  /// The secrets' folder in the state directory.
  let folder: String

  /// The versions of one secret.
  struct Versions {
    /// Versions of which the value is there, oldest first.
    var kept: [Int] = []
    /// The version number that says that it was removed; nil when it was not, or came again.
    var removal: Int?

    /// The highest number that was ever used.
    var highest: Int { max(kept.last ?? 0, removal ?? 0) }
    /// The newest version; nil when it is not there or was removed.
    var newest: Int? { highest == removal ? nil : kept.last }
  }

  func versions(_ name: SecretName, _ app: AppName?) throws(SystemFailure) -> Versions {
    var versions = Versions()
    for file in try FolderListing.names(in: place(name, app)) ?? [] {
      if let number = Self.number(file) {
        versions.kept.append(number)
      } else if let number = Self.number(file, Self.removed) {
        versions.removal = max(number, versions.removal ?? 0)
      }
    }
    versions.kept.sort()
    return versions
  }

  /// One version's file; nil when there is none. Its content is nil when it is damaged.
  func read(
    _ name: SecretName, _ app: AppName?, _ version: Int
  ) throws(SystemFailure) -> (path: String, content: SecretFile?)? {
    let path = path(name, app, version)
    guard let bytes = try DurableFiles.read(path, limit: SecretFile.byteLimit) else { return nil }
    return (path, SecretFile(bytes))
  }

  /// Every secret of which there is any file, sorted by owner and name.
  func all() throws(SystemFailure) -> [(name: SecretName, app: AppName?)] {
    var all = try names(in: owner(nil)).map { (name: $0, app: AppName?.none) }
    for app in (try FolderListing.names(in: "\(folder)/_apps") ?? []).compactMap(
      AppName.init(rawValue:))
    {
      all += try names(in: owner(app)).map { (name: $0, app: app) }
    }
    return all
  }

  /// The path of one version.
  func path(_ name: SecretName, _ app: AppName?, _ version: Int) -> String {
    "\(place(name, app))/\(version)"
  }

  /// Makes the folders that a secret needs, and clears what a crash left in its own.
  func makePlace(_ name: SecretName, _ app: AppName?) throws(SystemFailure) {
    try DurableFiles.makeFolder(folder)
    if app != nil { try DurableFiles.makeFolder("\(folder)/_apps") }
    try DurableFiles.makeFolder(owner(app))
    try DurableFiles.makeFolder(place(name, app))
    FolderListing.sweep(place(name, app))
  }

  /// Says that a secret is removed. Its number is used up, so that numbers only grow.
  func remove(_ name: SecretName, _ app: AppName?) throws(SystemFailure) {
    let versions = try versions(name, app)
    guard versions.newest != nil else { return }
    let marker = path(name, app, versions.highest + 1) + Self.removed
    _ = try DurableFiles.writeOnce(marker, [])
  }

  /// Deletes values, except those named, and for a secret that is there the newest two; marks of
  /// removal that newer files outdid go too.
  func prune(_ name: SecretName, _ app: AppName?, keeping: Set<Int>) throws(SystemFailure) {
    let versions = try versions(name, app)
    let newest = versions.newest == nil ? [] : Set(versions.kept.suffix(2))
    for number in versions.kept where !newest.contains(number) && !keeping.contains(number) {
      unlink(path(name, app, number))
    }
    for file in try FolderListing.names(in: place(name, app)) ?? [] {
      guard let number = Self.number(file, Self.removed), number < versions.highest else {
        continue
      }
      unlink("\(place(name, app))/\(file)")
    }
    try DurableFiles.sync(folder: place(name, app))
  }

  /// Gives an app's secrets to its new name; those that the new name has already stay both.
  func move(from old: AppName, to new: AppName) throws(SystemFailure) {
    for name in try names(in: owner(old)) {
      try DurableFiles.makeFolder(owner(new))
      // Refused where the new name has that secret: a folder with files is not replaced.
      guard
        rename(place(name, old), place(name, new)) == 0 || errno == ENOTEMPTY
          || errno == EEXIST
      else { throw SystemFailure("move the secret", place(name, old)) }
      try DurableFiles.sync(folder: owner(new))
    }
    rmdir(owner(old))
  }

  private static let removed = ".removed"

  private static func number(_ file: String, _ ending: String = "") -> Int? {
    guard file.hasSuffix(ending), let number = Int(file.dropLast(ending.count)), number > 0,
      "\(number)\(ending)" == file
    else { return nil }
    return number
  }

  private func names(in owner: String) throws(SystemFailure) -> [SecretName] {
    (try FolderListing.names(in: owner) ?? []).compactMap(SecretName.init(rawValue:)).sorted()
  }

  private func owner(_ app: AppName?) -> String {
    app.map { "\(folder)/_apps/\($0)" } ?? "\(folder)/_platform"
  }

  private func place(_ name: SecretName, _ app: AppName?) -> String { "\(owner(app))/\(name)" }
}
