// Why a folder is refused as a state directory, and how a missing one is made.

import FormationModel
import Glibc

extension StateFolder {
  /// Why this folder cannot be the state directory; nil when it can. A new and empty one is closed
  /// to others on the way.
  func refusal() throws(SystemFailure) -> EffectFailure? {
    var status = stat()
    guard stat(path, &status) == 0 else { throw SystemFailure("open", path) }
    guard status.st_mode & S_IFMT == S_IFDIR else { return notAFolder }
    guard status.st_uid == geteuid() else { return belongs(to: status.st_uid) }
    let wanted = mode == .readOnly ? R_OK | X_OK : R_OK | W_OK | X_OK
    guard faccessat(AT_FDCWD, path, wanted, AT_EACCESS) == 0 else {
      throw SystemFailure("use the state directory", path)
    }
    let entries = try FolderListing.names(in: path) ?? []
    if entries.isEmpty && mode == .readWrite && status.st_mode & 0o077 != 0 {
      guard chmod(path, 0o700) == 0 else { throw SystemFailure("close to others", path) }
    } else if status.st_mode & 0o022 != 0 && mode == .readWrite {
      return openToOthers
    }
    return foreign(entries)
  }

  /// Whether something has that name, links followed.
  static func isThere(_ path: String) throws(SystemFailure) -> Bool {
    var status = stat()
    if stat(path, &status) == 0 { return true }
    guard errno == ENOENT else { throw SystemFailure("open the state directory", path) }
    return false
  }

  /// The path from the root.
  static func absolute(_ path: String) throws(SystemFailure) -> String {
    guard !path.isEmpty else {
      throw SystemFailure("open the state directory", path, number: ENOENT)
    }
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else {
      throw SystemFailure("open the state directory", path)
    }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
  }

  /// The path with links resolved.
  static func resolved(_ path: String) throws(SystemFailure) -> String {
    guard let real = realpath(path, nil) else {
      throw SystemFailure("open the state directory", path)
    }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes the folder of the owner's alone, and those around it as usual.
  static func makeFolders(_ path: String) throws(SystemFailure) {
    if try isThere(path) { return }
    let parent = DurableFiles.parent(of: path)
    if try !isThere(parent) { try makeParents(parent) }
    try DurableFiles.makeFolder(path)
  }

  private static func makeParents(_ path: String) throws(SystemFailure) {
    let parent = DurableFiles.parent(of: path)
    if try !isThere(parent) { try makeParents(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw SystemFailure("make the folder", path)
    }
  }

  private func foreign(_ entries: [String]) -> EffectFailure? {
    if entries.contains(Layout.identity) || !Layout.proofs.isDisjoint(with: entries) { return nil }
    let strange = entries.filter { !Layout.beforeIdentity.contains($0) }
    guard let first = strange.first else { return nil }
    let more = strange.count == 1 ? "" : " and \(strange.count - 1) more"
    return EffectFailure(
      "state-foreign", "\(path) is not a state directory of Muster: it holds \(first)\(more)",
      fix: "name an empty folder with --state DIR", retry: .whenMachineIsMended)
  }

  private var notAFolder: EffectFailure {
    EffectFailure(
      "state-not-a-folder", "the state directory \(path) is not a folder",
      fix: "name a folder with --state DIR", retry: .whenMachineIsMended)
  }

  private var openToOthers: EffectFailure {
    EffectFailure(
      "state-open-to-others", "the state directory \(path) can be written by other users",
      fix: "chmod go-w \(path), after a look at what is in it", retry: .whenMachineIsMended)
  }

  private func belongs(to user: uid_t) -> EffectFailure {
    EffectFailure(
      "state-not-yours",
      "the state directory \(path) belongs to \(UserName.of(user)), and this is "
        + UserName.current,
      fix: "run as \(UserName.of(user)), or name another folder with --state DIR",
      retry: .whenMachineIsMended)
  }
}
