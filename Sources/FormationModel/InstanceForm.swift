// What an instance was started with, in a form that travels with it and can be compared field by
// field years later. Golden forms are frozen in tests: an absent field equals its default, so a new
// Muster restarts nothing.

/// What an instance was started with, secrets as keyed hashes.
package struct InstanceForm: Hashable, Codable, Sendable {
  /// The digest of the release's content.
  package var release: ContentDigest
  /// The slug's digest.
  package var slug: ContentDigest
  /// The stack's name.
  package var stack: CatalogName
  /// The stack's digest.
  package var stackDigest: ContentDigest
  /// The command.
  package var command: String
  /// The dyno type.
  package var size: CatalogName
  /// Memory in bytes, as the catalog had it.
  package var memoryBytes: Int64
  /// Config var → fingerprint of its value.
  package var config: [ConfigKey: String]
  /// The raw TCP port it asked for.
  package var tcpPort: Int?

  /// Makes the form of one process type of a release.
  package init(content: ReleaseContent, process: DesiredProcess, size: DynoType) {
    release = content.digest
    slug = content.slug.digest
    stack = content.stack.stack.name
    stackDigest = content.stack.digest
    command =
      content.commands.first { $0.type == process.type }?.command ?? process.command
    self.size = size.name
    memoryBytes = size.memoryBytes
    config = Dictionary(
      content.config.map { ($0.key, $0.fingerprint) }, uniquingKeysWith: { _, last in last })
    tcpPort = process.tcpPort
  }

  /// The fields that differ from a newer form, most telling first. Values of config vars do not
  /// appear.
  package func changes(to newer: InstanceForm) -> [FieldChange] {
    var changes: [FieldChange] = []
    func compare(_ field: String, _ from: String, _ to: String) {
      if from != to { changes.append(FieldChange(FieldPath(field), from: from, to: to)) }
    }
    compare("slug", slug.short, newer.slug.short)
    compare("stack", stack.rawValue, newer.stack.rawValue)
    if stack == newer.stack { compare("stack", stackDigest.short, newer.stackDigest.short) }
    compare("command", command, newer.command)
    compare("size", size.rawValue, newer.size.rawValue)
    if size == newer.size { compare("size.memory", "\(memoryBytes)", "\(newer.memoryBytes)") }
    compare("tcp", tcpPort.map(String.init) ?? "none", newer.tcpPort.map(String.init) ?? "none")
    for key in Set(config.keys).union(newer.config.keys).sorted() {
      let field = FieldPath("env.\(key)")
      switch (config[key], newer.config[key]) {
      case (let old?, let new?) where old != new:
        changes.append(
          FieldChange(
            field, from: "set", to: "changed", secret: SecretChange(key, from: old, to: new)))
      case (nil, _?): changes.append(FieldChange(field, from: "unset", to: "set"))
      case (_?, nil): changes.append(FieldChange(field, from: "set", to: "unset"))
      default: break
      }
    }
    return changes
  }
}

/// A field that changed. For config vars `from` and `to` say `set`, `unset`, `changed`, never a
/// value.
package struct FieldChange: Hashable, Codable, Sendable {
  /// The field.
  package let field: FieldPath
  /// What it was.
  package let from: String
  /// What it is to be.
  package let to: String
  /// The secret behind a config var, when only its version changed.
  package let secret: SecretChange?

  /// Makes a change.
  package init(_ field: FieldPath, from: String, to: String, secret: SecretChange? = nil) {
    self.field = field
    self.from = from
    self.to = to
    self.secret = secret
  }
}
