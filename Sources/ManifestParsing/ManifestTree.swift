// The files of one commit (or of a working tree) as parsing sees them. Where they come from is the
// business of who implements this.

/// A tree of files, read-only, all of one commit. Paths are relative to its root, with `/`, without
/// a leading or trailing slash; the root folder is the empty path.
package protocol ManifestTree {
  /// The entries of a folder, sorted by name; nil when there is no such folder.
  func entries(of folder: String) throws(TreeProblem) -> [TreeEntry]?

  /// A file's bytes; nil when there is no such file.
  func contents(of file: String) throws(TreeProblem) -> [UInt8]?

  /// What identifies a folder's whole content (git's tree id); nil when that is not known, and then
  /// nothing is remembered for it.
  func identity(of folder: String) throws(TreeProblem) -> String?
}

/// One entry of a folder.
package struct TreeEntry: Hashable, Sendable {
  /// What an entry can be.
  package enum Kind: Hashable, Sendable {
    case file, folder, symlink, submodule
  }

  /// Its name.
  package let name: String
  /// What it is.
  package let kind: Kind
  /// Its size in bytes; nil when that is not known without reading it.
  package let bytes: Int?

  /// Makes an entry.
  package init(name: String, kind: Kind, bytes: Int? = nil) {
    self.name = name
    self.kind = kind
    self.bytes = bytes
  }
}

/// Why a tree could not be read: an object is missing, corrupt or too large. No part of a revision
/// is taken over when this happens.
package struct TreeProblem: Hashable, Sendable, Error {
  /// What is wrong, for people.
  package let message: String
  /// The path concerned.
  package let path: String

  /// Makes a problem.
  package init(_ message: String, path: String) {
    self.message = message
    self.path = path
  }
}
