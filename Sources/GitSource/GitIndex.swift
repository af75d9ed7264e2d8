// The index of a repository: what is staged, and what is ignored. Read into memory, never
// refreshed, never written.

import CLibGit2
import Effects
import FormationModel
import ManifestParsing

/// A repository's index.
final class GitIndex {
  private let objects: GitObjects
  private let index: Owned

  /// Reads the index. Throws `.corrupt` when it is damaged.
  init(of objects: GitObjects) throws(SourceProblem) {
    self.objects = objects
    do {
      index = try Owned(freeing: git_index_free) { [opened = objects.repository.pointer] in
        git_repository_index(&$0, opened)
      }
    } catch {
      throw error.reading("the index of \(objects.path)")
    }
  }

  /// Whether a path matches the ignore rules and nothing of it is in the index.
  func isIgnored(_ path: String) -> Bool {
    var ignored: Int32 = 0
    guard git_ignore_path_is_ignored(&ignored, objects.repository.pointer, path) == 0, ignored == 1
    else { return false }
    if git_index_get_bypath(index.pointer, path, 0) != nil { return false }
    var position = 0
    return git_index_find_prefix(&position, index.pointer, path + "/") != 0
  }

  /// The staged files as folders of entries. Throws when a merge is not finished.
  func tree() throws(SourceProblem) -> StagedTree {
    var folders: [String: [GitEntry]] = ["": []]
    for position in 0..<git_index_entrycount(index.pointer) {
      guard let entry = git_index_get_byindex(index.pointer, position),
        let name = entry.pointee.path
      else { continue }
      let path = String(cString: name)
      if git_index_entry_stage(entry) != 0 {
        throw SourceProblem(
          .corrupt, "\(path.printable) has merge conflicts", fix: "finish the merge, then stage it")
      }
      let isIntent = entry.pointee.flags_extended & UInt16(GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue)
      if isIntent != 0 { continue }
      Self.add(path, entry.pointee, to: &folders)
    }
    return StagedTree(folders: folders, objects: objects)
  }

  private static func add(
    _ path: String, _ entry: git_index_entry, to folders: inout [String: [GitEntry]]
  ) {
    let kind: TreeEntry.Kind =
      switch git_filemode_t(entry.mode) {
      case GIT_FILEMODE_LINK: .symlink
      case GIT_FILEMODE_COMMIT: .submodule
      default: .file
      }
    var (folder, name) = split(path)
    folders[folder, default: []].append(
      GitEntry(
        name: name, isText: true, kind: kind,
        isExecutable: entry.mode == GIT_FILEMODE_BLOB_EXECUTABLE.rawValue, id: ObjectID(entry.id)))
    // Every folder on the way exists; the first file below it makes it.
    while folders[folder]?.count == 1, !folder.isEmpty {
      (folder, name) = split(folder)
      folders[folder, default: []].append(
        GitEntry(name: name, isText: true, kind: .folder, isExecutable: false, id: .none))
    }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
  }
}

/// What is staged, as a tree of files.
final class StagedTree: SourceTree {
  private let folders: [String: [GitEntry]]
  private let objects: GitObjects
  private(set) var problem: SourceProblem?

  fileprivate init(folders: [String: [GitEntry]], objects: GitObjects) {
    self.folders = folders.mapValues { entries in
      entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
    self.objects = objects
  }

  func entries(of folder: String) throws(TreeProblem) -> [TreeEntry]? {
    folders[folder]?.map { TreeEntry(name: $0.name, kind: $0.kind) }
  }

  func contents(of file: String) throws(TreeProblem) -> [UInt8]? {
    let slash = file.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(file[..<$0]) } ?? ""
    let name = slash.map { String(file[file.utf8.index(after: $0)...]) } ?? file
    guard let entry = folders[folder]?.first(where: { $0.name == name }), entry.kind == .file
    else { return nil }
    do throws(SourceProblem) {
      return try objects.withBlob(entry.id, limit: objects.limits.manifestBytes, file) { Array($0) }
    } catch {
      problem = error
      throw TreeProblem(error.message, path: file)
    }
  }

  func identity(of folder: String) throws(TreeProblem) -> String? { nil }

  func files(of folder: String) throws(SourceProblem) -> [GitEntry]? { folders[folder] }

  func bytes(of file: GitEntry, at path: String) throws(SourceProblem) -> Int {
    try objects.size(of: file.id, as: GIT_OBJECT_BLOB, path.printable)
  }

  func target(of symlink: GitEntry, at path: String) throws(SourceProblem) -> String {
    try objects.target(of: symlink.id, at: path)
  }
}
