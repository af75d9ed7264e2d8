// Names of branches and tags, by git's own rules (git-check-ref-format).

/// The rules for what may be named as a ref.
package enum RefName {
  /// Why the text is no ref name; nil when it is one.
  package static func flaw(in text: String) -> String? {
    if text.isEmpty { return "it is empty" }
    if text.utf8.count > 1_024 { return "it is too long" }
    if text.hasPrefix("-") { return "it starts with “-”" }
    if text == "@" || text.contains("@{") { return "git gives “@” a meaning of its own" }
    if text.contains("..") { return "it holds “..”" }
    if text.hasSuffix(".") { return "it ends with a dot" }
    if text.unicodeScalars.contains(where: {
      $0.isControl || " ~^:?*[\\".unicodeScalars.contains($0)
    }) {
      return "it holds a character that refs cannot hold"
    }
    for part in text.split(separator: "/", omittingEmptySubsequences: false) {
      if part.isEmpty { return "a part of it between slashes is empty" }
      if part.hasPrefix(".") { return "a part of it starts with a dot" }
      if part.hasSuffix(".lock") { return "a part of it ends with .lock" }
    }
    return nil
  }
}
