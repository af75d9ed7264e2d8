// Words for one field that changed. Config vars by name only, digests not at all.

package import FormationModel

/// Words for changed fields.
package enum FieldChangeText {
  /// `env.KEY changed`, `slug changed`, `size standard-1x → standard-2x`.
  package static func words(_ change: FieldChange) -> String {
    let field = change.field.rawValue
    if let secret = change.secret { return words(secret) }
    if let verb = configVerb(change) { return "\(field) \(verb)" }
    if isDigest(change.from) || isDigest(change.to) { return "\(field) changed" }
    if field.hasSuffix("memory"), let from = Int64(change.from), let to = Int64(change.to) {
      return "\(field) \(BytesText.words(from)) → \(BytesText.words(to))"
    }
    return "\(field) \(short(change.from)) → \(short(change.to))"
  }

  private static func words(_ change: SecretChange) -> String {
    let isMoved = change.from.scope != change.to.scope
    let (from, to) = (version(change.from, isMoved), version(change.to, isMoved))
    return from == to ? "secret \(change.name) changed" : "secret \(change.name) \(from) → \(to)"
  }

  private static func version(_ version: SecretVersion, _ namesScope: Bool) -> String {
    let scope = version.scope == .app ? "of the app" : "of the platform"
    return namesScope ? "v\(version.number) \(scope)" : "v\(version.number)"
  }

  /// For fields below `env`: what happened to the config var. A word, whatever from and to hold.
  private static func configVerb(_ change: FieldChange) -> String? {
    guard isConfig(change.field) else { return nil }
    return switch (change.from, change.to) {
    case ("unset", _): "added"
    case (_, "unset"): "removed"
    default: "changed"
    }
  }

  /// What a program may read of a field's old or new content: of a config var only whether it is
  /// there, whatever the text says.
  static func safe(_ text: String, of field: FieldPath) -> String {
    !isConfig(field) || ["set", "unset", "changed"].contains(text) ? text : "set"
  }

  /// Whether the field is a config var, also inside `environments.X`.
  static func isConfig(_ field: FieldPath) -> Bool {
    field.rawValue.split(separator: ".").contains("env")
  }

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 12 && text.utf8.allSatisfy { $0.isDigit || (97...102).contains($0) }
  }

  private static func short(_ text: String) -> String {
    let plain = text.isEmpty ? "nothing" : text
    let cut = plain.count > 40 ? plain.prefix(39) + "…" : plain[...]
    return plain.contains(" ") ? "`\(cut)`" : String(cut)
  }
}
