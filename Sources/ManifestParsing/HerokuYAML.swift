// Heroku's heroku.yml: `setup` and `run` become a layer below app.yaml and process types; `release`
// and `build` are told, not done.

import FormationModel

/// What a heroku.yml says.
struct HerokuYAML {
  private static let keys: Set<String> = ["setup", "build", "release", "run"]

  /// The catalog that plans are looked up in.
  private let catalog: Catalog
  /// Collects the notes.
  private(set) var read: FieldReader
  /// Config vars and add-ons of `setup`.
  private(set) var layer: [ManifestEntry] = []
  /// Commands of `run` and `release`.
  private(set) var commands: [ProcessCommand] = []
  /// Process types that `build.docker` makes an image for.
  private(set) var imageTypes: [ProcessCommand] = []
  /// Where a build is asked for; nil when none is.
  private(set) var build: SourceMark?

  /// Reads the file.
  init(_ root: ManifestValue, catalog: Catalog, read: FieldReader) {
    self.catalog = catalog
    self.read = read
    decode(root)
  }

  private mutating func decode(_ root: ManifestValue) {
    guard let entries = root.entries, !entries.isEmpty else {
      return read.note("empty-file", at: root.mark, "heroku.yml says nothing")
    }
    guard entries.contains(where: { Self.keys.contains($0.key) }) else {
      return read.note(
        "look-alike", at: root.mark, "heroku.yml is not Heroku's build manifest and is not used")
    }
    for entry in entries where !entry.value.isNull {
      switch entry.key {
      case "setup": decodeSetup(entry)
      case "build": decodeBuild(entry)
      case "release": decodeRelease(entry)
      case "run": decodeRun(entry)
      default: unused(entry.keyMark, entry.key)
      }
    }
  }

  private mutating func unused(_ mark: SourceMark, _ field: String) {
    read.note("unused-key", at: mark, "\(quoted(field)) of heroku.yml is not used")
  }

  private mutating func decodeSetup(_ entry: ManifestEntry) {
    for part in entry.value.entries ?? [] where !part.value.isNull {
      switch (part.key, part.value.content) {
      case ("addons", .list(let items)):
        let lookup = StockAddOns(catalog: catalog)
        var addOns = part
        addOns.value.content = .list(items.compactMap { lookup.item($0, &read) })
        layer.append(addOns)
      case ("config", .mapping(let variables)):
        let plain = variables.filter { $0.value.text != nil }
        layer.append(
          ManifestEntry(
            "env", at: part.keyMark, ManifestValue(.mapping(plain), at: part.value.mark)))
      default: unused(part.keyMark, "setup.\(part.key)")
      }
    }
  }

  private mutating func decodeBuild(_ entry: ManifestEntry) {
    build = entry.keyMark
    guard let docker = entry.value["docker"] else { return }
    for image in docker.entries ?? [] {
      let isDockerfile = image.value.text != nil || image.value["dockerfile"] != nil
      if isDockerfile, let type = ProcessType(rawValue: image.key) {
        imageTypes.append(ProcessCommand(type: type, command: nil, mark: image.keyMark))
      } else {
        unused(image.keyMark, "build.docker.\(image.key)")
      }
    }
  }

  private mutating func decodeRelease(_ entry: ManifestEntry) {
    let command = entry.value.entries == nil ? entry.value : entry.value["command"]
    guard let command, let text = line(command) else {
      return unused(entry.keyMark, "release")
    }
    commands.append(ProcessCommand(type: .release, command: text, mark: command.mark))
  }

  private mutating func decodeRun(_ entry: ManifestEntry) {
    guard let types = entry.value.entries else { return unused(entry.keyMark, "run") }
    for process in types {
      guard let type = ProcessType(rawValue: process.key) else {
        read.warning(
          "invalid-name", at: process.keyMark,
          "\(quoted(process.key)) cannot be a process type and is left out")
        continue
      }
      let command = process.value.entries == nil ? process.value : process.value["command"]
      let text = command.flatMap { line($0) }
      commands.append(
        ProcessCommand(type: type, command: text, mark: command?.mark ?? process.keyMark))
    }
  }

  /// One command: text, or a list of commands that run one after the other.
  private func line(_ value: ManifestValue) -> String? {
    if case .list(let items) = value.content {
      let lines = items.compactMap(\.text).filter { !$0.isEmpty }
      return lines.isEmpty ? nil : lines.joined(separator: " && ")
    }
    return value.text.flatMap { $0.isEmpty ? nil : $0 }
  }
}
