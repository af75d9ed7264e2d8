// Typed reading of repositories and refs: what passes is safe to hand to git.

import FormationModel

extension FieldReader {
  /// The address of another repository; nil, with an error, when it is none that is taken.
  mutating func repository(_ value: ManifestValue, _ field: String) -> RepositoryAddress? {
    guard let text = line(value, field) else { return nil }
    do throws(AddressFlaw) {
      return try RepositoryAddress(checking: text, relativeTo: nil)
    } catch {
      self.error(
        "invalid-address", at: value.mark, "\(field): \(error.message)", fix: error.fix)
      return nil
    }
  }

  /// A branch, a tag or a commit; nil, with an error, when it cannot be one.
  mutating func ref(_ value: ManifestValue, _ field: String) -> String? {
    guard let text = line(value, field) else { return nil }
    guard let flaw = RefName.flaw(in: text) else { return text }
    error(
      "invalid-ref", at: value.mark, "\(field) \(quoted(text)) cannot be a ref: \(flaw)",
      fix: "name a branch, a tag, or a full commit id")
    return nil
  }
}
