// One tree object as a list of names, and the listings kept between two readings.
// Content-addressed: what is kept can never be stale.

import CLibGit2
import Effects
import ManifestParsing

#if canImport(Glibc)
  import Glibc
#endif

/// One entry of a tree object.
struct GitEntry: Sendable {
  /// Its name; invalid UTF-8 is shown repaired.
  let name: String
  /// Whether the name is UTF-8, so that `name` is exact.
  let isText: Bool
  /// What it is.
  let kind: TreeEntry.Kind
  /// Whether a file may be executed.
  let isExecutable: Bool
  /// The blob, tree or commit it names.
  let id: ObjectID
}

/// A tree object's entries, sorted by the bytes of their names, each name once.
final class GitListing {
  let entries: [GitEntry]
  /// The entries as parsing sees them, once they were asked for.
  var treeEntries: [TreeEntry]?
  private lazy var places = Dictionary(
    entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })

  init(_ entries: [GitEntry]) { self.entries = entries }

  /// The entry of that name; nil when there is none.
  subscript(_ name: String) -> GitEntry? {
    if entries.count <= 8 { return entries.first { $0.name == name } }
    return places[name].map { entries[$0] }
  }

  /// Reads what libgit2 parsed. Names that no file can have, and names that occur twice, mean a
  /// crafted tree: it is refused whole.
  convenience init(tree: borrowing Owned) throws(GitListingFlaw) {
    let count = git_tree_entrycount(tree.pointer)
    var raw: [(name: UnsafePointer<CChar>, entry: OpaquePointer)] = []
    raw.reserveCapacity(count)
    for index in 0..<count {
      guard let entry = git_tree_entry_byindex(tree.pointer, index),
        let name = git_tree_entry_name(entry)
      else { throw GitListingFlaw("it has an entry without a name") }
      raw.append((name, entry))
    }
    // git orders folders as if their names ended with a slash.
    raw.sort { strcmp($0.name, $1.name) < 0 }
    var entries: [GitEntry] = []
    entries.reserveCapacity(count)
    for (index, (name, entry)) in raw.enumerated() {
      if index > 0, strcmp(raw[index - 1].name, name) == 0 {
        throw GitListingFlaw("it names “\(String(cString: name).printable)” twice")
      }
      entries.append(try GitEntry(name: name, entry: entry))
    }
    self.init(entries)
  }
}

/// What is wrong with a tree object.
struct GitListingFlaw: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

extension GitEntry {
  init(name: UnsafePointer<CChar>, entry: OpaquePointer) throws(GitListingFlaw) {
    let text = String(validatingCString: name)
    self.name = text ?? String(cString: name)
    isText = text != nil
    guard strcmp(name, ".") != 0, strcmp(name, "..") != 0, name[0] != 0,
      strchr(name, Int32(UInt8(ascii: "/"))) == nil
    else { throw GitListingFlaw("it holds the name “\(self.name.printable)”") }
    guard let id = ObjectID(git_tree_entry_id(entry)) else {
      throw GitListingFlaw("it has an entry without an id")
    }
    self.id = id
    let mode = git_tree_entry_filemode(entry)
    isExecutable = mode == GIT_FILEMODE_BLOB_EXECUTABLE
    switch mode {
    case GIT_FILEMODE_TREE: kind = .folder
    case GIT_FILEMODE_LINK: kind = .symlink
    case GIT_FILEMODE_COMMIT: kind = .submodule
    default: kind = .file
    }
  }
}

/// Listings kept between readings, up to a number of entries.
final class ListingCache {
  private var listings: [ObjectID: GitListing] = [:]
  private var kept = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  subscript(_ id: ObjectID) -> GitListing? { listings[id] }

  /// Keeps a listing. Past the limit all are dropped: the next reading fills it with what is in
  /// use.
  func keep(_ listing: GitListing, for id: ObjectID) {
    kept += listing.entries.count + 1
    if kept > limit {
      listings.removeAll()
      kept = listing.entries.count + 1
    }
    listings[id] = listing
  }
}
