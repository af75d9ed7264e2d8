// In which fields two release contents differ: what a plan says about a new release.

package import FormationModel

extension ReleaseContent {
  /// The fields that differ from a newer content, most telling first; no value of a config var.
  package func changes(to newer: ReleaseContent) -> [FieldChange] {
    var changes: [FieldChange] = []
    func compare(_ field: FieldPath, _ from: String, _ to: String) {
      if from != to { changes.append(FieldChange(field, from: from, to: to)) }
    }
    compare("slug", slug.digest.short, newer.slug.digest.short)
    compare("stack", stack.stack.name.rawValue, newer.stack.stack.name.rawValue)
    if stack.stack.name == newer.stack.stack.name {
      compare("stack", stack.digest.short, newer.stack.digest.short)
    }
    let old = Dictionary(commands.map { ($0.type, $0.command) }) { _, last in last }
    let new = Dictionary(newer.commands.map { ($0.type, $0.command) }) { _, last in last }
    for type in Set(old.keys).union(new.keys).sorted() {
      compare(FieldPath("processes.\(type).command"), old[type] ?? "none", new[type] ?? "none")
    }
    return changes + configChanges(to: newer)
  }

  private func configChanges(to newer: ReleaseContent) -> [FieldChange] {
    let old = Dictionary(config.map { ($0.key, $0.fingerprint) }) { _, last in last }
    let new = Dictionary(newer.config.map { ($0.key, $0.fingerprint) }) { _, last in last }
    return Set(old.keys).union(new.keys).sorted().compactMap { key in
      guard old[key] != new[key] else { return nil }
      return FieldChange(
        FieldPath("env.\(key)"), from: old[key] == nil ? "unset" : "set",
        to: new[key] == nil ? "unset" : old[key] == nil ? "set" : "changed",
        secret: SecretChange(key, from: old[key], to: new[key]))
    }
  }
}
