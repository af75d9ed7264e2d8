// Typed reading of manifest values: each method gives the value or records what is wrong with it.
// Collects the diagnostics of one app (or of the platform). Knows no field by name.

import FormationModel

/// Reads fields and collects every problem.
struct FieldReader {
  /// The app whose fields are read; nil for the platform.
  private(set) var app: String?
  /// What was found so far.
  private(set) var diagnostics: [Diagnostic] = []

  /// Makes a reader for an app, or for the platform.
  init(app: String?) { self.app = app }

  /// Whether an error was found.
  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// Records an error. In Heroku's own files, which are read leniently, it is a warning and the
  /// value is left out.
  mutating func error(
    _ code: String, at mark: SourceMark?, _ message: String, fix: String? = nil,
    related: [Diagnostic.Related] = []
  ) {
    let isLenient = mark.map { Self.isLenient($0.file) } ?? false
    record(isLenient ? .warning : .error, code, at: mark, message, fix: fix, related: related)
  }

  /// Records a warning.
  mutating func warning(
    _ code: String, at mark: SourceMark?, _ message: String, fix: String? = nil
  ) {
    record(.warning, code, at: mark, message, fix: fix)
  }

  /// Records a note.
  mutating func note(_ code: String, at mark: SourceMark?, _ message: String, fix: String? = nil) {
    record(.note, code, at: mark, message, fix: fix)
  }

  /// Forgets what was recorded twice.
  mutating func dropDoubles() {
    guard diagnostics.count > 1 else { return }
    var seen: Set<Diagnostic> = []
    diagnostics = diagnostics.filter { seen.insert($0).inserted }
  }

  /// Records something as it is.
  mutating func record(
    _ severity: Diagnostic.Severity, _ code: String, at mark: SourceMark?, _ message: String,
    fix: String? = nil, related: [Diagnostic.Related] = []
  ) {
    diagnostics.append(
      Diagnostic(severity, code, at: mark, app: app, message, fix: fix, related: related))
  }

  /// Takes over diagnostics that were found without knowing the app.
  mutating func adopt(_ found: [Diagnostic]) {
    for one in found {
      record(
        one.severity, one.code, at: one.mark, one.message, fix: one.fix, related: one.related)
    }
  }

  /// Calls the app by another name, in what was found so far as well.
  mutating func rename(_ name: String) {
    guard app != name else { return }
    let found = diagnostics
    app = name
    diagnostics = []
    adopt(found)
  }

  /// Takes over a copy's findings as far as they are new.
  mutating func adoptNew(from other: FieldReader, suffix: String) {
    let known = Set(diagnostics)
    for one in other.diagnostics where !known.contains(one) {
      record(
        one.severity, one.code, at: one.mark, one.message + suffix, fix: one.fix,
        related: one.related)
    }
  }

  /// Whether a file is one of Heroku's own.
  static func isLenient(_ file: String) -> Bool {
    file.hasSuffix("app.json") || file.hasSuffix("heroku.yml")
  }
}

/// The known keys of one mapping; few enough to be looked through.
struct Fields {
  /// The entries that say something, in the order written.
  let entries: [ManifestEntry]

  /// The entry of a key; nil when there is none.
  subscript(_ key: String) -> ManifestEntry? { entries.first { $0.key == key } }
}

// MARK: - Mappings and lists

extension FieldReader {
  /// The entries of a mapping; nil, with an error, when it is something else.
  mutating func entries(_ value: ManifestValue, _ field: @autoclosure () -> String)
    -> [ManifestEntry]?
  {
    if let entries = value.entries { return entries }
    if !value.isNull {
      wrongType(value, field(), expected: "a mapping of keys to values")
    }
    return nil
  }

  /// The known entries of a mapping, without those that are null; every unknown key is an
  /// error with a suggestion. nil, with an error, when it is not a mapping.
  mutating func fields(
    _ value: ManifestValue, _ field: @autoclosure () -> String, keys: KeyTable,
    accepting accepted: [String] = []
  ) -> Fields? {
    guard let entries = entries(value, field()) else { return nil }
    var known: [ManifestEntry] = []
    known.reserveCapacity(entries.count)
    for entry in entries {
      if keys.keys.contains(entry.key) {
        if !entry.value.isNull { known.append(entry) }
      } else if !entry.key.hasPrefix("x-"), !accepted.contains(entry.key) {
        unknownKey(entry, field(), keys: keys)
      }
    }
    return Fields(entries: known)
  }

  private mutating func unknownKey(_ entry: ManifestEntry, _ field: String, keys: KeyTable) {
    let place = field.isEmpty ? "" : " in \(field)"
    let suggestion = keys.suggestion(for: entry.key)
    error(
      "unknown-key", at: entry.keyMark, "unknown key \(quoted(entry.key))\(place)",
      fix: suggestion.map { "did you mean `\($0)`?" }
        ?? "known keys: \(keys.keys.joined(separator: ", "))")
  }

  /// The items of a list; nil, with an error, when it is something else.
  mutating func list(_ value: ManifestValue, _ field: @autoclosure () -> String) -> [ManifestValue]?
  {
    if case .list(let items) = value.content { return items }
    wrongType(
      value, field(), expected: "a list",
      fix: value.text == nil ? nil : "write it as a list: `[\(value.text?.prefix(40) ?? "")]`")
    return nil
  }

  /// The texts of a list of texts.
  mutating func texts(_ value: ManifestValue, _ field: @autoclosure () -> String) -> [(
    String, SourceMark
  )] {
    guard let items = list(value, field()) else { return [] }
    return items.compactMap { item in
      text(item, "an entry of \(field())").map { ($0, item.mark) }
    }
  }

  /// Records that a value has the wrong type. Never called with a config var's value.
  mutating func wrongType(
    _ value: ManifestValue, _ field: String, expected: String, fix: String? = nil
  ) {
    error(
      "wrong-type", at: value.mark, "\(field) is \(value.described), but must be \(expected)",
      fix: fix)
  }
}

/// Text of a manifest for a message: short, on one line, in backticks.
func quoted(_ text: String) -> String {
  let oneLine = text.prefix(60).map { character in
    character.isNewline || character == "\t" ? " " : character
  }
  let clean = String(oneLine.filter { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
  return "`\(clean)\(text.count > 60 ? "…" : "")`"
}

extension ManifestValue {
  /// What it is, for messages.
  var described: String {
    switch content {
    case .scalar(let scalar): isNull ? "nothing" : quoted(scalar.text)
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
