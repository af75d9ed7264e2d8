// A commit's files as slugs see them.

import CLibGit2
import Effects
import FormationModel
import ManifestParsing

extension GitTree: SourceTree {
  func files(of folder: String) throws(SourceProblem) -> [GitEntry]? {
    guard let id = try self.folder(folder) else { return nil }
    return try objects.listing(of: id).entries
  }

  func bytes(of file: GitEntry, at path: String) throws(SourceProblem) -> Int {
    try objects.size(of: file.id, as: GIT_OBJECT_BLOB, path.printable)
  }

  func target(of symlink: GitEntry, at path: String) throws(SourceProblem) -> String {
    try objects.target(of: symlink.id, at: path)
  }
}

extension GitObjects {
  /// What a symlink's blob says; bytes that are no UTF-8 and NUL are taken as no target.
  func target(of symlink: ObjectID, at path: String) throws(SourceProblem) -> String {
    try withBlob(symlink, limit: 1 << 16, path.printable) { bytes in
      bytes.contains(0) ? "" : String(validating: bytes, as: UTF8.self) ?? ""
    }
  }
}
