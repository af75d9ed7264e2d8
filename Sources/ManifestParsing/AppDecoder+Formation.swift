// Process types: how many dynos, of which size, and the settings that live at the type.

import FormationModel

extension AppDecoder {
  mutating func decodeFormation(_ fields: Fields) {
    for command in commands { addProcess(command, hasImage: fields["image"] != nil) }
    if let entry = fields["formation"], let types = read.entries(entry.value, "formation") {
      for type in types { decodeType(type, hasImage: fields["image"] != nil) }
    }
    app.processes.sort { $0.type < $1.type }
    applyDefaults()
    let total = app.processes.reduce(0) { $0 + $1.quantity }
    if total > limits.dynosPerApp {
      read.record(
        .error, "too-many-dynos", at: app.marks[FieldPath("formation")],
        "the app asks for \(total) dynos; \(limits.dynosPerApp) are allowed",
        fix: "lower the quantities, or split the app")
    }
    if let entry = fields["release"] { decodeRelease(entry) }
    if let scripts = fields["scripts"] { decodeScripts(scripts) }
    checkThatSomethingRuns(fields)
  }

  private mutating func addProcess(_ command: ProcessCommand, hasImage: Bool) {
    let field = "processes.\(command.type).command"
    if ProcessType.reserved.contains(command.type), command.type != .release {
      read.record(
        .error, "reserved-name", at: command.mark,
        "`\(command.type)` is the name of one-off dynos and cannot be a process type",
        fix: "give the process type another name")
      return
    }
    if command.command == nil, !needsBuild {
      holdForMissing("images with a command of their own", field: field, at: command.mark)
    }
    app.processes.append(
      DesiredProcess(
        type: command.type, command: command.command ?? "", quantity: 0, size: anySize))
  }

  private var anySize: CatalogName { platform.defaultSize ?? .standardSize }

  private mutating func decodeType(_ entry: ManifestEntry, hasImage: Bool) {
    guard !entry.value.isNull else { return }
    let field = "formation.\(entry.key)"
    guard let type = ProcessType(rawValue: entry.key), !ProcessType.reserved.contains(type) else {
      read.error(
        "reserved-name", at: entry.keyMark,
        entry.key == "release"
          ? "release is the release command and is not scaled"
          : "\(quoted(entry.key)) cannot be a process type",
        fix: entry.key == "release" ? "take it out of `formation`" : nil)
      return
    }
    if app.process(type) == nil {
      guard hasImage else { return unknownType(type, entry) }
      app.processes.append(
        DesiredProcess(type: type, command: "", quantity: 0, size: anySize))
    }
    if let number = entry.value.text.flatMap(wholeNumber) {
      return read.wrongType(
        entry.value, field, expected: "a mapping of keys to values",
        fix: "write `\(type): {quantity: \(number)}`")
    }
    guard let fields = read.fields(entry.value, field, keys: AppKeys.process),
      let index = app.processes.firstIndex(where: { $0.type == type })
    else { return }
    var process = app.processes[index]
    if let quantity = fields["quantity"] { decodeQuantity(quantity, field, type) }
    if let size = fields["size"] { namedSizes[type] = self.size(size.value, "\(field).size") }
    decodeSettings(fields, field, &process)
    app.processes[index] = process
  }

  private mutating func unknownType(_ type: ProcessType, _ entry: ManifestEntry) {
    let known = commands.map(\.type.rawValue).sorted()
    read.error(
      "unknown-process-type", at: entry.keyMark,
      "nothing says what `\(type)` runs: the Procfile has "
        + (known.isEmpty ? "no process types" : known.joined(separator: ", ")),
      fix: Suggestion.nearest(to: type.rawValue, among: known).map { "did you mean `\($0)`?" }
        ?? "add `\(type): COMMAND` to the Procfile")
  }

  /// The dyno type that a size names; old names of Heroku are taken with a note.
  mutating func size(_ value: ManifestValue, _ field: String) -> CatalogName? {
    guard let text = read.line(value, field) else { return nil }
    let dynoTypes = platform.catalog.dynoTypes
    if let name = CatalogName(rawValue: text), dynoTypes[name] != nil { return name }
    if let name = HerokuSize.canonical(text), dynoTypes[name] != nil {
      read.note("old-size", at: value.mark, "\(field): \(quoted(text)) is taken as \(name)")
      return name
    }
    unknown("size", code: "unknown-size", text, at: value.mark, among: dynoTypes.keys)
    return nil
  }

  private mutating func applyDefaults() {
    let named = namedSizes[.web] ?? namedSizes.min { $0.key < $1.key }?.value
    for index in app.processes.indices {
      let type = app.processes[index].type
      app.processes[index].size = namedSizes[type] ?? named ?? anySize
      app.processes[index].quantity = namedQuantities[type] ?? (type == .web ? 1 : 0)
      if type != .web, type != .release, namedQuantities[type] == nil {
        read.warning(
          "no-quantity", at: app.marks[FieldPath("processes.\(type).command")],
          "\(type): 0 dynos, nothing says how many",
          fix: Suggestion.nearest(to: type.rawValue, among: ["web"]).map { "did you mean `\($0)`?" }
            ?? "write `formation: {\(type): {quantity: 1}}` in app.yaml")
      }
    }
  }

  private mutating func decodeRelease(_ entry: ManifestEntry) {
    guard let fields = read.fields(entry.value, "release", keys: AppKeys.release) else { return }
    if let timeout = fields["timeout"] {
      app.releaseTimeout = read.duration(
        timeout.value, "release.timeout", in: .seconds(1)...(.seconds(86_400)))
    }
  }

  private mutating func decodeScripts(_ entry: ManifestEntry) {
    guard let fields = read.fields(entry.value, "scripts", keys: AppKeys.scripts) else { return }
    for script in fields.entries {
      let command = read.text(script.value, "scripts.\(script.key)")
      if script.key == "postdeploy" { app.postdeploy = command }
    }
  }

  private mutating func checkThatSomethingRuns(_ fields: Fields) {
    let hasReason =
      needsBuild || ["addons", "jobs", "image", "build"].contains { fields[$0] != nil }
    guard commands.isEmpty, app.processes.isEmpty, !hasReason, !hasProcfile else { return }
    read.record(
      .error, "no-process-types", at: nil,
      "nothing says what \(app.name) runs: \(app.folder.isEmpty ? "the root" : app.folder) "
        + "has no Procfile",
      fix: "add a Procfile with `web: COMMAND`")
  }
}
