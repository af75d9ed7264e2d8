// The layers of one app: app.json below heroku.yml below app.yaml, and the process types that the
// Procfile and heroku.yml give. Environments are laid over the result by who decodes it.

import FormationModel

/// The merged manifest of one app, before its environment.
struct AppLayers {
  /// Collects the problems, those of reading the files included.
  private(set) var read: FieldReader
  /// app.json < heroku.yml < app.yaml.
  private(set) var merged: ManifestValue
  /// Where heroku.yml asks for a build; nil when it does not.
  private(set) var herokuBuild: SourceMark?

  /// Whether there is a Procfile.
  let hasProcfile: Bool

  private var procfileCommands: [ProcessCommand] = []
  private var herokuCommands: [ProcessCommand] = []
  private var imageTypes: [ProcessCommand] = []

  /// Merges the files. `usesJSON` is false for another tool's app.json.
  init(files: AppFiles, catalog: Catalog, usesJSON: Bool) {
    read = files.read
    hasProcfile = files.found.contains("Procfile")
    merged = ManifestValue(
      .mapping([]), at: SourceMark(file: files.path("app.yaml"), line: 1, column: 1))
    procfileCommands = (files.procfile?.entries ?? []).map {
      ProcessCommand(type: $0.type, command: $0.command, mark: $0.mark)
    }
    if usesJSON, let root = files.appJSON {
      var json = AppJSON(catalog: catalog, read: read)
      merged = merged.merged(with: json.layer(root))
      read = json.read
    }
    if let root = files.herokuYAML { add(HerokuYAML(root, catalog: catalog, read: read)) }
    if let root = files.appYAML { add(root) }
  }

  private mutating func add(_ heroku: HerokuYAML) {
    read = heroku.read
    merged = merged.merged(with: ManifestValue(.mapping(heroku.layer), at: merged.mark))
    herokuCommands = heroku.commands
    imageTypes = heroku.imageTypes
    herokuBuild = heroku.build
  }

  private mutating func add(_ manifest: ManifestValue) {
    guard let entries = manifest.entries else {
      return read.error(
        "wrong-type", at: manifest.mark,
        "app.yaml is \(manifest.described), but must be a mapping of keys to values")
    }
    refuseEmptyVariables(entries)
    for environment in manifest["environments"]?.entries ?? [] {
      refuseEmptyVariables(environment.value.entries ?? [])
    }
    merged = merged.merged(with: manifest)
  }

  /// `KEY:` with nothing after it is no way to remove a config var: it is nearly always a slip.
  private mutating func refuseEmptyVariables(_ entries: [ManifestEntry]) {
    for group in entries where group.key == "env" {
      for variable in group.value.entries ?? [] {
        guard case .scalar(let scalar) = variable.value.content, !scalar.isQuoted,
          scalar.text.isEmpty
        else { continue }
        read.error(
          "empty-config-value", at: variable.keyMark, "env.\(variable.key) has no value",
          fix: "write `\(variable.key): \"\"` for an empty value")
      }
    }
  }

  /// Whether heroku.yml's build is in force: Heroku ignores it on every stack but `container`.
  func needsBuild(stack: String?) -> Bool {
    herokuBuild != nil && (stack == nil || stack?.lowercased() == "container")
  }

  /// The process types with their commands: heroku.yml's `run` before the Procfile, then the images
  /// that a build would make. Differences are noted.
  func commands(stack: String?, _ read: inout FieldReader) -> [ProcessCommand] {
    var result: [ProcessType: ProcessCommand] = [:]
    for command in procfileCommands { result[command.type] = command }
    for command in herokuCommands {
      if let other = result[command.type], other.command != command.command {
        read.note(
          "two-commands", at: command.mark,
          "`\(command.type)` of heroku.yml is taken, not the Procfile's (line \(other.mark.line))")
      }
      result[command.type] = command
    }
    if needsBuild(stack: stack) {
      for image in imageTypes where result[image.type] == nil { result[image.type] = image }
    } else if let herokuBuild {
      read.note(
        "unused-key", at: herokuBuild,
        "`build` of heroku.yml is not used: stack \(quoted(stack ?? "")) needs no image")
    }
    return result.values.sorted { $0.type < $1.type }
  }
}
