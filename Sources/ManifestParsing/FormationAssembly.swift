// Puts the formation together from the apps' readings: who is valid, who is rejected, and every
// diagnostic in order. The checks across apps are in CrossAppChecks.

import FormationModel

/// Assembles one formation.
struct FormationAssembly {
  private let platform: PlatformReading
  private let options: ReadingOptions
  private var sources: SourceSurvey
  private var read: FieldReader
  private var readings: [AppReading] = []
  private var findings: [Int: [Diagnostic]] = [:]
  private var aliases: [Int: AppName] = [:]

  /// Makes an assembly without apps.
  init(platform: PlatformReading, sources: SourceSurvey, options: ReadingOptions) {
    self.platform = platform
    self.sources = sources
    self.options = options
    read = platform.read
  }

  /// Takes the apps' readings and compares them with one another.
  mutating func add(
    _ readings: [AppReading], _ tree: some ManifestTree
  ) throws(TreeProblem) {
    self.readings = readings
    let bytes = readings.reduce(0) { $0 + $1.bytes }
    if bytes > options.limits.manifestBytesTotal {
      read.error(
        "too-large", at: nil,
        "the manifests come to \(bytes) bytes; \(options.limits.manifestBytesTotal) are allowed")
    }
    if let environment = options.environment, !readings.isEmpty,
      !readings.contains(where: { $0.environments.contains(environment) })
    {
      read.warning(
        "unknown-environment", at: nil, "no app has an environment \(quoted(environment))")
    }
    var checks = CrossAppChecks(
      readings: readings, absent: sources.absentApps,
      hasUnknownApps: sources.hasUnknownApps, spaces: platform.spaces)
    checks.run()
    for index in readings.indices {
      guard let source = readings[index].source else {
        try checks.checkSlugFolder(index, tree)
        continue
      }
      guard let other = sources.tree(of: source) else { continue }
      do throws(TreeProblem) {
        try checks.checkSlugFolder(index, other)
      } catch {
        sources.fail(source, error)
      }
    }
    findings = checks.findings
    aliases = checks.aliases
  }

  /// The formation.
  func formation(revision: Revision?) -> DesiredFormation {
    var apps: [DesiredApp] = []
    var rejected: [AppName: RejectedApp] = [:]
    var all = read.diagnostics
    apps.reserveCapacity(readings.count)
    for (index, reading) in readings.enumerated() {
      if let source = reading.source, sources.tree(of: source) == nil { continue }
      let own = placed(reading.diagnostics + (findings[index] ?? []), reading.source)
      all += own
      let errors = own.filter { $0.severity == .error }
      switch reading.verdict {
      case .valid(let app) where errors.isEmpty: apps.append(app)
      case .noApp: continue
      case .valid, .rejected:
        let name = aliases[index] ?? reading.name
        let earlier = rejected[name]
        rejected[name] = RejectedApp(
          name: name, folder: earlier?.folder ?? reading.folder,
          source: earlier.map(\.source) ?? reading.source,
          errors: DiagnosticOrder.sorted((earlier?.errors ?? []) + errors))
      }
    }
    var formation = DesiredFormation(
      revision: revision, apps: apps.sorted { $0.name < $1.name },
      rejected: rejected.values.sorted { $0.name < $1.name }, platform: platform.platform,
      diagnostics: DiagnosticOrder.bounded(all, perFile: options.limits.diagnosticsPerFile))
    var standings = sources
    standings.add(slugsOf: formation.apps)
    formation.sources = standings.standings
    return formation
  }

  /// The diagnostics of one app, each with the repository that its place is in.
  private func placed(_ found: [Diagnostic], _ source: AppSource?) -> [Diagnostic] {
    guard let source else { return found }
    return found.map { one in
      guard let mark = one.mark, mark.file != PlatformReader.file else { return one }
      var one = one
      one.origin = source.description
      return one
    }
  }
}
