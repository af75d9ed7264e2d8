// What a user may name as a ref, by git's own rules (git-check-ref-format). Resolving is not done
// here.

import Effects

/// A ref as the user named it.
enum GitRef: Hashable, Sendable {
  /// What HEAD points at, even when it is detached.
  case head
  /// A branch or a tag by its short name.
  case short(String)
  /// A full name, `refs/…`.
  case full(String)
  /// A commit by its full id.
  case commit(ObjectID)

  /// Takes what a user gave; throws `.refusedAddress` when it cannot be a ref.
  init(_ text: String) throws(SourceProblem) {
    if let id = ObjectID(hex: text) {
      self = .commit(id)
    } else if text == "HEAD" {
      self = .head
    } else if let flaw = Self.flaw(in: text) {
      throw SourceProblem(
        .refusedAddress, "“\(text.printable)” cannot be a ref: \(flaw)",
        fix: "name a branch, a tag, or a full commit id")
    } else {
      self = text.hasPrefix("refs/") ? .full(text) : .short(text)
    }
  }

  /// Why the text is no ref name; nil when it is one.
  static func flaw(in text: String) -> String? {
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
