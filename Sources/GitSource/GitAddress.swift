// The model's repository addresses as this adapter takes them: what is wrong is a problem of the
// source.

package import Effects
package import FormationModel

/// Where a repository is.
package typealias GitAddress = RepositoryAddress

extension RepositoryAddress {
  /// Takes what a user gave. A relative path is relative to `folder`, which is absolute. Throws
  /// `.refusedAddress`; its message never shows credentials.
  package init(_ text: String, relativeTo folder: String) throws(SourceProblem) {
    do {
      try self.init(checking: text, relativeTo: folder)
    } catch {
      throw SourceProblem(.refusedAddress, error.message, fix: error.fix)
    }
  }
}

extension StringProtocol {
  /// The text with control characters replaced and its length bounded: safe to print.
  var printable: String {
    let scalars = unicodeScalars.prefix(300).map { $0.isControl ? "\u{FFFD}" : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}
