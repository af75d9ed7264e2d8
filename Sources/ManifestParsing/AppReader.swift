// One app folder from its files to a verdict: valid, rejected, or no app at all. Merges the layers,
// decodes them for the chosen environment, and judges every other environment as well.

import FormationModel

/// What one app folder came to.
struct AppReading: Sendable {
  /// The verdicts on a folder.
  enum Verdict: Sendable {
    /// A valid app.
    case valid(DesiredApp)
    /// Its manifests are not valid.
    case rejected
    /// None of its files is an app's.
    case noApp
  }

  /// The app's name; the nearest valid one when neither manifest nor folder gives one.
  var name: AppName
  /// Its folder.
  var folder: String
  /// The verdict.
  var verdict: Verdict
  /// What it says about other apps.
  var links = AppLinks()
  /// The environments that it names.
  var environments: Set<String> = []
  /// Every problem and note.
  var diagnostics: [Diagnostic]
  /// Bytes of its manifest files.
  var bytes: Int
  /// The merged manifest, for `show`; nil when nothing could be read.
  var manifest: ManifestValue?
}

extension AppReading {
  /// With a file unread, only what was found in the others at a place of theirs is sure: what seems
  /// to be missing may stand in that file.
  fileprivate mutating func forgetGuesses(after ofFiles: [Diagnostic]) {
    let sure = Set(ofFiles)
    diagnostics = diagnostics.filter {
      sure.contains($0) || ($0.severity == .error && $0.mark != nil)
    }
  }
}

/// Reads one app folder.
struct AppReader {
  /// The folder.
  let folder: AppFolder
  /// The platform that judges it.
  let platform: Platform
  /// The environment, limits and the root's name.
  let options: ReadingOptions

  /// Reads the folder.
  func read(_ tree: some ManifestTree) throws(TreeProblem) -> AppReading {
    let label = folder.name ?? RepositoryPath.lastPart(folder.path)
    var files = AppFiles(folder: folder.path, read: FieldReader(app: label))
    let exists = try files.load(from: tree, limits: options.limits)
    let (name, nameProblems) = AppNaming(folder: folder, rootName: options.rootName)
      .name(in: files.appYAML)
    files.read.rename(name.rawValue)
    var reading = AppReading(
      name: name, folder: folder.path, verdict: .rejected, diagnostics: [], bytes: files.bytes)
    if let obstacle = folder.obstacle {
      let kind = obstacle == .symlink ? "symbolic link" : "submodule"
      return missing(
        reading, "\(folder.path) is a \(kind), not a folder of this repository", .error)
    }
    guard exists else {
      return missing(reading, "the folder \(folder.path) does not exist", .error)
    }
    let lookAlike = files.appJSON.flatMap(AppJSON.lookAlike)
    if let lookAlike {
      files.read.note(
        "look-alike", at: files.appJSON?.mark, "app.json is \(lookAlike) and is not used")
    }
    let ownFiles = files.found.subtracting(lookAlike == nil ? [] : ["app.json"])
    if ownFiles.isEmpty {
      reading.diagnostics = files.read.diagnostics
      return missing(
        reading,
        "\(folder.path.isEmpty ? "the root" : folder.path) has no app.yaml, app.json, "
          + "heroku.yml or Procfile", folder.isNamed ? .error : .warning, hasFiles: lookAlike != nil
      )
    }
    if files.isReadable { files.read.adopt(nameProblems) }
    let layers = AppLayers(files: files, catalog: platform.catalog, usesJSON: lookAlike == nil)
    decode(layers, into: &reading)
    if !files.isReadable { reading.forgetGuesses(after: files.read.diagnostics) }
    return reading
  }

  /// A folder without an app's files: a rejected app when platform.yaml names it, else no app.
  private func missing(
    _ reading: AppReading, _ message: String, _ severity: Diagnostic.Severity,
    hasFiles: Bool = false
  ) -> AppReading {
    var reading = reading
    reading.verdict = severity == .error ? .rejected : .noApp
    if folder.path.isEmpty, hasFiles, severity != .error { return reading }
    reading.diagnostics.append(
      Diagnostic(
        severity, "no-manifest", at: folder.mark, app: reading.name.rawValue, message,
        fix: folder.isNamed
          ? "put its files there, or take it out of `apps` in platform.yaml"
          : folder.obstacle == nil
            ? "add a Procfile, or move the folder elsewhere"
            : "put the app's files there themselves"
      ))
    return reading
  }

  private func decode(_ layers: AppLayers, into reading: inout AppReading) {
    let chosen = folder.environment ?? options.environment
    let environments = layers.merged["environments"]?.entries ?? []
    reading.environments = Set(environments.map(\.key))
    let main = decoder(layers, environment: chosen, name: reading.name)
    var findings = main.read
    for other in environments where other.key != chosen && other.value.entries != nil {
      let judged = decoder(layers, environment: other.key, name: reading.name)
      findings.adoptNew(from: judged.read, suffix: " (environment \(other.key))")
    }
    findings.dropDoubles()
    reading.links = main.links
    reading.manifest = main.manifest
    reading.diagnostics += findings.diagnostics
    reading.verdict = findings.hasErrors ? .rejected : .valid(main.app)
  }

  private func decoder(
    _ layers: AppLayers, environment: String?, name: AppName
  ) -> AppDecoder {
    var manifest = layers.merged
    let overlay = environment.flatMap { manifest["environments"]?[$0] }
    if let overlay, overlay.entries != nil { manifest = manifest.merged(with: overlay) }
    var read = layers.read
    let commands = layers.commands(stack: manifest["stack"]?.text, &read)
    var decoder = AppDecoder(
      manifest: manifest, commands: commands, platform: platform, limits: options.limits,
      needsBuild: layers.needsBuild(stack: manifest["stack"]?.text),
      hasProcfile: layers.hasProcfile, read: read,
      app: DesiredApp(name: name, folder: folder.path, stack: .defaultStack))
    if decoder.needsBuild {
      decoder.holdForMissing("builds", field: "build", at: layers.herokuBuild)
    }
    decoder.decode()
    return decoder
  }
}
