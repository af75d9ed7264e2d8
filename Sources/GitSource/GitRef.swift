// What a user may name as a ref, once the model's rules for names took it. Resolving is not
// done here.

import Effects
import FormationModel

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
    } else if let flaw = RefName.flaw(in: text) {
      throw SourceProblem(
        .refusedAddress, "“\(text.printable)” cannot be a ref: \(flaw)",
        fix: "name a branch, a tag, or a full commit id")
    } else {
      self = text.hasPrefix("refs/") ? .full(text) : .short(text)
    }
  }
}
