// Folders by digest: made under another name and moved into place when they are whole, so that what
// has a digest's name has its content.

import CLinux
import ChildProcesses
import FormationModel
import Glibc

/// A folder of folders, each named by its digest.
struct ContentStore: Sendable {
  static let freshPrefix = ".new-"

  /// The folder's path.
  let path: String

  init(_ path: String) { self.path = path }

  /// Where a digest's folder is, or would be.
  func folder(_ digest: ContentDigest) -> String { "\(path)/\(digest.rawValue)" }

  /// Whether it lies ready.
  func has(_ digest: ContentDigest) -> Bool { Files.exists(folder(digest)) }

  /// Everything that lies ready.
  func digests() throws(EffectFailure) -> Set<ContentDigest> {
    Set(
      (try Files.names(in: path) ?? []).filter { !$0.hasPrefix(".") }.map(
        ContentDigest.init(rawValue:)))
  }

  /// Makes an empty folder to fill.
  func begin(_ digest: ContentDigest) throws(EffectFailure) -> String {
    let isPlain = digest.rawValue.utf8.allSatisfy { $0.isLowerLetter || $0.isDigit }
    guard isPlain, (8...128).contains(digest.rawValue.utf8.count) else {
      throw EffectFailure("bad-digest", "not a digest", retry: .withNewContent)
    }
    var random = SystemRandomNumberGenerator()
    let fresh = "\(path)/\(ContentStore.freshPrefix)\(digest.short)-\(random.next() as UInt32)"
    try Files.makeFolder(fresh)
    return fresh
  }

  /// Moves a filled folder into place. Somebody else's, filled in the meantime, is as good.
  func publish(_ fresh: String, as digest: ContentDigest) throws(EffectFailure) {
    guard muster_sync_file_system(fresh) == 0 else { throw .lastError("cannot sync \(fresh)") }
    guard muster_rename_exclusively(fresh, folder(digest)) == 0 else {
      let code = errno
      try Files.removeTree(fresh)
      if code == EEXIST || code == ENOTEMPTY { return }
      throw .system("cannot move \(fresh) into place", errno: code)
    }
    try Files.syncFolder(path)
  }

  /// Removes a folder; whoever looks sees all of it or nothing. One that is not there is fine.
  func discard(_ digest: ContentDigest) throws(EffectFailure) {
    guard !digest.rawValue.isEmpty, !digest.rawValue.contains("/"),
      !digest.rawValue.hasPrefix(".")
    else { throw EffectFailure("bad-digest", "not a digest", retry: .withNewContent) }
    // The name of what is unfinished: what a crash leaves of it is swept with the rest.
    let gone = "\(path)/\(ContentStore.freshPrefix)gone-\(digest.rawValue)"
    try Files.removeTree(gone)
    guard rename(folder(digest), gone) == 0 || errno == ENOENT else {
      throw .lastError("cannot remove \(folder(digest))")
    }
    try Files.removeTree(gone)
  }

  /// Removes what interrupted work left behind.
  func sweep() throws(EffectFailure) {
    for name in try Files.names(in: path) ?? [] where name.hasPrefix(ContentStore.freshPrefix) {
      try Files.removeTree("\(path)/\(name)")
    }
  }
}
