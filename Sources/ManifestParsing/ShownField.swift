// What `validate --show` prints of an app: its merged manifest field by field, with the place that
// each value comes from. Values of config vars are not in it.

package import FormationModel

/// One field of an app's merged manifest.
package struct ShownField: Hashable, Sendable {
  /// The field.
  package let field: FieldPath
  /// Its value as text; `(set)` for config vars.
  package let value: String
  /// Where it is written; nil for a default.
  package let mark: SourceMark?

  /// Makes an entry.
  package init(field: FieldPath, value: String, mark: SourceMark?) {
    self.field = field
    self.value = value
    self.mark = mark
  }
}

extension FormationReader {
  /// Every field of an app, merged and with its defaults, sorted by name; nil when the tree has no
  /// app of that name. Throws when the tree cannot be read.
  package mutating func show(
    _ app: AppName, in tree: some ManifestTree
  ) throws(TreeProblem) -> [ShownField]? {
    let readings = try survey(tree).readings
    guard let reading = readings.first(where: { $0.name == app }) else { return nil }
    var listing = FieldListing()
    if let manifest = reading.manifest { listing.add(manifest, at: "") }
    if case .valid(let desired) = reading.verdict { listing.addDefaults(of: desired) }
    return listing.fields.sorted { $0.field < $1.field }
  }
}

/// Collects the fields of one app.
private struct FieldListing {
  private(set) var fields: [ShownField] = []
  private var known: Set<FieldPath> = []

  mutating func add(_ value: ManifestValue, at path: String) {
    guard let entries = value.entries else { return }
    for entry in entries where !entry.value.isNull && !(path.isEmpty && entry.key == "environments")
    {
      let field = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      if path == "env" || path == "build.args" {
        insert(field, Self.origin(of: entry.value), entry.keyMark)
      } else if entry.value.entries != nil {
        add(entry.value, at: field)
      } else {
        insert(field, Self.text(entry.value), entry.keyMark)
      }
    }
  }

  mutating func addDefaults(of app: DesiredApp) {
    insert("name", app.name.rawValue, nil)
    insert("stack", app.stack.rawValue, nil)
    insert("slug", app.slugFolder.isEmpty ? "." : app.slugFolder, nil)
    for process in app.processes {
      insert("formation.\(process.type).quantity", "\(process.quantity)", nil)
      insert("formation.\(process.type).size", process.size.rawValue, nil)
      let command = FieldPath("processes.\(process.type).command")
      insert(command.rawValue, process.command, app.marks.places[command])
    }
  }

  private mutating func insert(_ field: String, _ value: String, _ mark: SourceMark?) {
    let path = FieldPath(field)
    guard known.insert(path).inserted else { return }
    fields.append(ShownField(field: path, value: value, mark: mark))
  }

  /// Where a config var's value comes from, never the value.
  private static func origin(of value: ManifestValue) -> String {
    if value["generator"] != nil { return "(generated)" }
    if let secret = value["secret"]?.text { return "(secret \(secret))" }
    if value.entries != nil, value["value"] == nil { return "(not set)" }
    return "(set)"
  }

  private static func text(_ value: ManifestValue) -> String {
    switch value.content {
    case .scalar(let scalar): scalar.text
    case .list(let items): "[\(items.map(text).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key): \(text($0.value))" }.joined(separator: ", "))}"
    }
  }
}
