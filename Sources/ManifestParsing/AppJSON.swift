// Heroku's app.json, read as leniently as Heroku reads it: brought into app.yaml's vocabulary, with
// a note for each thing that is taken otherwise than written. Never an error.

import FormationModel

/// Brings an app.json into the vocabulary of app.yaml.
struct AppJSON {
  /// The keys that Heroku knows.
  static let keys: Set<String> = [
    "env", "formation", "addons", "buildpacks", "image", "stack", "scripts", "environments",
    "healthchecks", "success_url", "repository", "website", "logo", "keywords",
  ]

  /// The catalog that plans are looked up in.
  let catalog: Catalog
  /// Collects the notes.
  var read: FieldReader

  /// Whose file it is when it is not Heroku's: another tool's of the same name; nil for Heroku's.
  static func lookAlike(_ root: ManifestValue) -> String? {
    let found = Set((root.entries ?? []).map(\.key))
    if found.contains("expo") || found.contains("sdkVersion") { return "Expo's" }
    if found.contains("pages"), found.contains("window") { return "a mini program's" }
    if found.isDisjoint(with: keys) {
      return found.contains("displayName") ? "React Native's" : found.isEmpty ? nil : "not Heroku's"
    }
    return nil
  }

  /// The file as a layer below app.yaml.
  mutating func layer(_ root: ManifestValue) -> ManifestValue {
    guard let entries = root.entries else {
      read.record(
        .error, "wrong-type", at: root.mark, "app.json must be an object",
        fix: "start it with `{`")
      return ManifestValue(.mapping([]), at: root.mark)
    }
    return ManifestValue(.mapping(entries.compactMap { topEntry($0) }), at: root.mark)
  }

  private mutating func topEntry(_ entry: ManifestEntry) -> ManifestEntry? {
    if entry.value.isNull || entry.key.hasPrefix("x-") || entry.key == "name"
      || AppKeys.display.contains(entry.key)
    {
      return nil
    }
    switch entry.key {
    case "stack": return text(entry)
    case "env": return mapped(entry) { $0.environment($1) }
    case "formation": return formation(entry)
    case "addons": return addOns(entry)
    case "scripts": return mapped(entry) { $0.script($1) }
    case "environments": return mapped(entry) { $0.environmentLayer($1) }
    case "image": unused(entry, "it is a hint for builds")
    case "buildpacks":
      if case .list(let items) = entry.value.content, items.isEmpty { return nil }
      unused(entry, "nothing is built, the folder's files run as they are")
    default: unused(entry, nil)
    }
    return nil
  }

  /// Notes that something has no effect.
  mutating func unused(_ entry: ManifestEntry, _ why: String?) {
    read.note(
      "unused-key", at: entry.keyMark,
      "`\(entry.key)` of app.json is not used" + (why.map { ": \($0)" } ?? ""))
  }

  private mutating func text(_ entry: ManifestEntry) -> ManifestEntry? {
    if entry.value.text != nil { return entry }
    unused(entry, "it should be text")
    return nil
  }

  /// The mapping with each of its entries transformed; nil, with a note, when it is no mapping.
  private mutating func mapped(
    _ entry: ManifestEntry,
    _ transform: (inout AppJSON, ManifestEntry) -> ManifestEntry?
  ) -> ManifestEntry? {
    guard let entries = entry.value.entries else {
      unused(entry, "it should be an object")
      return nil
    }
    var result = entry
    result.value.content = .mapping(entries.compactMap { transform(&self, $0) })
    return result
  }

  private mutating func script(_ entry: ManifestEntry) -> ManifestEntry? {
    if entry.key == "postdeploy", let command = entry.value.text, !command.isEmpty { return entry }
    if !entry.value.isNull, entry.value.text != "" {
      read.note(
        "unused-key", at: entry.keyMark, "scripts.\(entry.key) of app.json is not used")
    }
    return nil
  }

  private mutating func environmentLayer(_ entry: ManifestEntry) -> ManifestEntry? {
    if entry.key == "test" {
      read.note("unused-key", at: entry.keyMark, "environments.test of app.json is not used")
      return nil
    }
    guard entry.value.entries != nil else { return nil }
    var result = entry
    result.value = layer(entry.value)
    return result
  }
}

// MARK: - Config vars

extension AppJSON {
  private mutating func environment(_ entry: ManifestEntry) -> ManifestEntry? {
    switch entry.value.content {
    case .scalar(let scalar):
      if entry.value.isNull { return nil }
      if !scalar.isQuoted { noteText(entry.keyMark, entry.key) }
      return entry
    case .list:
      read.warning(
        "wrong-type", at: entry.value.mark,
        "env.\(entry.key) of app.json is a list and is left out", fix: "write a string")
      return nil
    case .mapping(let fields):
      var result = entry
      result.value.content = .mapping(configFields(fields, of: entry.key))
      return result
    }
  }

  private mutating func noteText(_ mark: SourceMark, _ key: String) {
    read.note("value-as-text", at: mark, "env.\(key) of app.json is taken as text, as written")
  }

  private mutating func configFields(
    _ fields: [ManifestEntry], of key: String
  ) -> [ManifestEntry] {
    let isRequired = fields.contains { $0.key == "required" && $0.value.text == "true" }
    let hasGenerator = fields.contains { $0.key == "generator" && !$0.value.isNull }
    return fields.compactMap { field in
      switch field.key {
      case "value":
        guard case .scalar(let scalar) = field.value.content, !field.value.isNull, !hasGenerator,
          !(scalar.text.isEmpty && isRequired)
        else { return nil }
        if !scalar.isQuoted { noteText(field.keyMark, key) }
        return field
      case "required": return boolean(field, key)
      case "generator", "description": return field
      default:
        read.note(
          "unused-key", at: field.keyMark, "env.\(key).\(field.key) of app.json is not used",
          fix: AppKeys.config.suggestion(for: field.key).map { "did you mean `\($0)`?" })
        return nil
      }
    }
  }

  private mutating func boolean(_ field: ManifestEntry, _ key: String) -> ManifestEntry? {
    guard case .scalar(let scalar) = field.value.content, ["true", "false"].contains(scalar.text)
    else {
      read.note(
        "unused-key", at: field.keyMark, "env.\(key).required of app.json is neither true nor false"
      )
      return nil
    }
    var result = field
    result.value.content = .scalar(ManifestScalar(scalar.text, isQuoted: false))
    return result
  }
}
