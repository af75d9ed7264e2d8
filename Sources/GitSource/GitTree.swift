// One commit's files as parsing sees them. Paths are looked up through listings that are kept, so
// that a folder which did not change costs a dictionary lookup.

import CLibGit2
import Effects
import FormationModel
import ManifestParsing

/// The files of one tree object. Never follows symlinks and never enters submodules.
final class GitTree: ManifestTree {
  let objects: GitObjects
  private var folders: [String: ObjectID?]
  /// The problem behind the last `TreeProblem`, with its kind; nil when there was none.
  private(set) var problem: SourceProblem?

  /// Files of which the size is looked up for listings: those that parsing reads.
  private static let sized: Set<String> = [
    "Procfile", "app.json", "app.yaml", "app.yml", "heroku.yml", "platform.yaml", "platform.yml",
  ]

  init(_ objects: GitObjects, root: ObjectID) {
    self.objects = objects
    folders = ["": root]
  }

  /// The entries of a folder, sorted by name; sizes for manifests only.
  func entries(of folder: String) throws(TreeProblem) -> [TreeEntry]? {
    try reporting(folder) { () throws(SourceProblem) in
      guard let id = try self.folder(folder) else { return nil }
      let listing = try objects.listing(of: id)
      if let known = listing.treeEntries { return known }
      let entries = try listing.entries.map { (entry) throws(SourceProblem) in
        try self.treeEntry(entry)
      }
      listing.treeEntries = entries
      return entries
    }
  }

  private func treeEntry(_ entry: GitEntry) throws(SourceProblem) -> TreeEntry {
    let isSized = entry.kind == .file && Self.sized.contains(entry.name)
    let bytes = isSized ? try objects.size(of: entry.id, as: GIT_OBJECT_BLOB, entry.name) : nil
    return TreeEntry(name: entry.name, kind: entry.kind, bytes: bytes)
  }

  /// A file's bytes; nil for anything that is not a file. Refuses more than the limit of a
  /// manifest.
  func contents(of file: String) throws(TreeProblem) -> [UInt8]? {
    try reporting(file) { () throws(SourceProblem) in
      guard let entry = try self.entry(at: file), entry.kind == .file else { return nil }
      return try objects.withBlob(entry.id, limit: objects.limits.manifestBytes, file) { Array($0) }
    }
  }

  /// The folder's tree id; nil when there is no such folder.
  func identity(of folder: String) throws(TreeProblem) -> String? {
    try reporting(folder) { () throws(SourceProblem) in try self.folder(folder)?.hex }
  }

  /// The tree object of a folder; nil when there is no such folder.
  func folder(_ path: String) throws(SourceProblem) -> ObjectID? {
    if let known = folders[path] { return known }
    let entry = try entry(at: path)
    let id = entry?.kind == .folder ? entry?.id : nil
    folders[path] = .some(id)
    return id
  }

  /// The entry at a path other than the root; nil when there is none.
  func entry(at path: String) throws(SourceProblem) -> GitEntry? {
    let name: String
    let parent: String
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      name = String(path[path.utf8.index(after: slash)...])
      parent = String(path[..<slash])
    } else {
      name = path
      parent = ""
    }
    guard !name.isEmpty, let folder = try folder(parent) else { return nil }
    return try objects.listing(of: folder)[name]
  }

  private func reporting<Result>(
    _ path: String, _ body: () throws(SourceProblem) -> Result
  ) throws(TreeProblem) -> Result {
    do {
      return try body()
    } catch {
      problem = error
      throw TreeProblem(error.message, path: path)
    }
  }
}
