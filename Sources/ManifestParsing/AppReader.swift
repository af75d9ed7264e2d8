// One app folder from its files to a verdict: valid, rejected, or no app at all. Merges the layers,
// decodes them for the chosen environment, and judges every other environment as well.

import FormationModel

/// What one app folder came to. A class, because every reading of a repository passes on and
/// compares all of them, and a copy of this many fields costs more than the look.
final class AppReading: Sendable {
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
  let name: AppName
  /// Its folder.
  let folder: String
  /// Where that is; nil: the commit of the platform itself.
  let source: AppSource?
  /// Whether platform.yaml gives the name.
  let isNamedByPlatform: Bool
  /// The verdict.
  let verdict: Verdict
  /// What it says about other apps.
  let links: AppLinks
  /// The environments that it names.
  let environments: Set<String>
  /// Every problem and note.
  let diagnostics: [Diagnostic]
  /// Bytes of its manifest files.
  let bytes: Int
  /// The merged manifest, for `show`; nil when nothing could be read.
  let manifest: ManifestValue?

  /// Makes a reading.
  init(
    name: AppName, folder: AppFolder, verdict: Verdict, links: AppLinks = AppLinks(),
    environments: Set<String> = [], diagnostics: [Diagnostic], bytes: Int,
    manifest: ManifestValue? = nil
  ) {
    self.name = name
    self.folder = folder.path
    source = folder.source
    isNamedByPlatform = folder.name != nil
    self.verdict = verdict
    self.links = links
    self.environments = environments
    self.diagnostics = diagnostics
    self.bytes = bytes
    self.manifest = manifest
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

  /// Reads what the folder holds.
  func read(_ content: FolderContent) -> AppReading {
    let label = folder.name ?? RepositoryPath.lastPart(folder.path)
    var files = AppFiles(folder: folder.path, read: FieldReader(app: label))
    let exists = files.load(content, limits: options.limits)
    let (name, nameProblems) = AppNaming(
      folder: folder, rootName: folder.source?.name ?? options.rootName
    )
    .name(in: files.appYAML)
    files.read.rename(name.rawValue)
    if let obstacle = folder.obstacle {
      let kind = obstacle == .symlink ? "symbolic link" : "submodule"
      return missing(
        name, files, "\(folder.path) is a \(kind), not a folder of the repository", .error)
    }
    guard exists else {
      return missing(name, files, "the folder \(folder.path)\(ofSource) does not exist", .error)
    }
    let lookAlike = files.appJSON.flatMap(AppJSON.lookAlike)
    if let lookAlike {
      files.read.note(
        "look-alike", at: files.appJSON?.mark, "app.json is \(lookAlike) and is not used")
    }
    if files.found.subtracting(lookAlike == nil ? [] : ["app.json"]).isEmpty {
      return missing(
        name, files,
        "\(folder.path.isEmpty ? "the root" : folder.path)\(ofSource) has no app.yaml, app.json, "
          + "heroku.yml or Procfile", folder.isNamed ? .error : .warning,
        found: files.read.diagnostics, hasFiles: lookAlike != nil)
    }
    if files.isReadable { files.read.adopt(nameProblems) }
    let layers = AppLayers(files: files, catalog: platform.catalog, usesJSON: lookAlike == nil)
    return judge(name, files, layers)
  }

  /// `, production of https://…,` where that has to be said.
  private var ofSource: String { folder.source.map { " (\($0))" } ?? "" }

  /// A folder without an app's files: a rejected app when platform.yaml names it, else no app.
  private func missing(
    _ name: AppName, _ files: AppFiles, _ message: String, _ severity: Diagnostic.Severity,
    found: [Diagnostic] = [], hasFiles: Bool = false
  ) -> AppReading {
    var diagnostics = found
    if !(folder.path.isEmpty && hasFiles && severity != .error) {
      diagnostics.append(
        Diagnostic(
          severity, "no-manifest", at: folder.mark, app: name.rawValue, message,
          fix: folder.isNamed
            ? "put its files there, or take it out of `apps` in platform.yaml"
            : folder.obstacle == nil
              ? "add a Procfile, or move the folder elsewhere"
              : "put the app's files there themselves"
        ))
    }
    return AppReading(
      name: name, folder: folder, verdict: severity == .error ? .rejected : .noApp,
      diagnostics: diagnostics, bytes: files.bytes)
  }

  private func judge(_ name: AppName, _ files: AppFiles, _ layers: AppLayers) -> AppReading {
    let chosen = folder.environment ?? options.environment
    let environments = layers.merged["environments"]?.entries ?? []
    let main = decoder(layers, environment: chosen, name: name)
    var findings = main.read
    checkEnvironment(Set(environments.map(\.key)), &findings)
    for other in environments where other.key != chosen && other.value.entries != nil {
      let judged = decoder(layers, environment: other.key, name: name)
      findings.adoptNew(from: judged.read, suffix: " (environment \(other.key))")
    }
    findings.dropDoubles()
    return AppReading(
      name: name, folder: folder,
      verdict: findings.hasErrors ? .rejected : .valid(main.app), links: main.links,
      environments: Set(environments.map(\.key)),
      diagnostics: files.isReadable
        ? findings.diagnostics
        : Self.withoutGuesses(findings.diagnostics, ofFiles: files.read.diagnostics),
      bytes: files.bytes, manifest: main.manifest)
  }

  /// With a file unread, only what was found in the others at a place of theirs is sure: what seems
  /// to be missing may stand in that file.
  private static func withoutGuesses(
    _ diagnostics: [Diagnostic], ofFiles: [Diagnostic]
  ) -> [Diagnostic] {
    let sure = Set(ofFiles)
    return diagnostics.filter {
      sure.contains($0) || ($0.severity == .error && $0.mark != nil)
    }
  }

  /// An environment that platform.yaml names for this one app and that the app does not have.
  private func checkEnvironment(_ known: Set<String>, _ findings: inout FieldReader) {
    guard folder.isNamed, let name = folder.environment, !known.contains(name) else { return }
    findings.warning(
      "unknown-environment", at: folder.mark, "the app has no environment \(quoted(name))",
      fix: Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? "write `environments: {\(name): …}` in app.yaml, or take it out here")
  }

  private func decoder(
    _ layers: AppLayers, environment: String?, name: AppName
  ) -> AppDecoder {
    var app = DesiredApp(name: name, folder: folder.path, stack: .defaultStack)
    app.source = folder.source
    var manifest = layers.merged
    let overlay = environment.flatMap { manifest["environments"]?[$0] }
    if let overlay, overlay.entries != nil { manifest = manifest.merged(with: overlay) }
    var read = layers.read
    let commands = layers.commands(stack: manifest["stack"]?.text, &read)
    var decoder = AppDecoder(
      manifest: manifest, commands: commands, platform: platform, limits: options.limits,
      needsBuild: layers.needsBuild(stack: manifest["stack"]?.text),
      hasProcfile: layers.hasProcfile, read: read, app: app)
    if decoder.needsBuild {
      decoder.holdForMissing("builds", field: "build", at: layers.herokuBuild)
    }
    decoder.decode()
    if folder.source != nil { decoder.app.marks.places["source"] = folder.mark }
    return decoder
  }
}
