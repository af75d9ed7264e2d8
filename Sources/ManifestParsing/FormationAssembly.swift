// Puts the formation together from the apps' readings: who is valid, who is rejected, and every
// diagnostic in order. The checks across apps are in CrossAppChecks.

import FormationModel

/// Assembles one formation.
struct FormationAssembly {
  private let platform: PlatformReading
  private let options: ReadingOptions
  private var read: FieldReader
  private var readings: [AppReading] = []
  private var findings: [Int: [Diagnostic]] = [:]

  /// Makes an assembly without apps.
  init(platform: PlatformReading, options: ReadingOptions) {
    self.platform = platform
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
      readings: readings, foreign: platform.foreignApps, spaces: platform.spaces)
    checks.run()
    try checks.checkSlugFolders(tree)
    findings = checks.findings
  }

  /// The formation.
  func formation(revision: Revision?) -> DesiredFormation {
    var apps: [DesiredApp] = platform.foreignApps
    var rejected: [AppName: RejectedApp] = [:]
    var all = read.diagnostics
    apps.reserveCapacity(readings.count)
    for (index, reading) in readings.enumerated() {
      let own = reading.diagnostics + (findings[index] ?? [])
      all += own
      let errors = own.filter { $0.severity == .error }
      switch reading.verdict {
      case .valid(let app) where errors.isEmpty: apps.append(app)
      case .noApp: continue
      case .valid, .rejected:
        let earlier = rejected[reading.name]
        rejected[reading.name] = RejectedApp(
          name: reading.name, folder: earlier?.folder ?? reading.folder,
          errors: DiagnosticOrder.sorted((earlier?.errors ?? []) + errors))
      }
    }
    return DesiredFormation(
      revision: revision, apps: apps.sorted { $0.name < $1.name },
      rejected: rejected.values.sorted { $0.name < $1.name }, platform: platform.platform,
      diagnostics: DiagnosticOrder.bounded(all, perFile: options.limits.diagnosticsPerFile))
  }
}
