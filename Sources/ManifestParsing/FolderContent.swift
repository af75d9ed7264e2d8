// What parsing takes from the tree of one app folder: its entries and the bytes of its manifests.
// With these in hand folders have nothing to do with one another.

import FormationModel

/// One app folder as it is in a tree, before anything is parsed.
struct FolderContent: Sendable {
  /// An entry of the folder.
  struct Entry: Sendable {
    /// The entry.
    let entry: TreeEntry
    /// The bytes of a manifest; nil for all else and for a file that is larger than allowed.
    let bytes: [UInt8]?
  }

  /// The entries, sorted by name; nil when there is no such folder.
  let entries: [Entry]?

  /// Takes a folder from a tree; throws when the tree cannot be read.
  init(of folder: String, in tree: some ManifestTree, limits: Limits) throws(TreeProblem) {
    let listed = try tree.entries(of: folder)
    entries = try listed?.map { (entry) throws(TreeProblem) in
      let isManifest =
        entry.kind == .file && entry.bytes ?? 0 <= limits.manifestBytes
        && AppDiscovery.fileNames.contains(entry.name)
      let path = RepositoryPath.join(folder, entry.name)
      return Entry(entry: entry, bytes: isManifest ? try tree.contents(of: path) : nil)
    }
  }
}
