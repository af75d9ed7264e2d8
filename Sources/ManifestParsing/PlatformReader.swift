// platform.yaml: where apps are, and the settings that hold for all of them. A problem here refuses
// the whole revision. Sections without effect yet are in PlatformReader+Sections.

import FormationModel
import YAMLReading

/// What platform.yaml says.
struct PlatformReading {
  /// The settings.
  var platform: Platform
  /// Where apps are.
  var places = AppPlace.standard
  /// Names of private spaces.
  var spaces: Set<String> = []
  /// What was found; an error refuses the revision.
  var read = FieldReader(app: nil)
  /// Whether the file could be read at all.
  var isReadable = true
}

/// Reads platform.yaml.
struct PlatformReader {
  static let file = "platform.yaml"

  private let limits: Limits
  private let shippedCatalog: Catalog
  var result: PlatformReading

  /// Makes a reader; the platform's own catalog entries are laid over `catalog`.
  init(catalog: Catalog, limits: Limits) {
    self.limits = limits
    shippedCatalog = catalog
    result = PlatformReading(platform: Platform(catalog: catalog))
  }

  /// Reads the file; without one the defaults hold.
  func read(_ tree: some ManifestTree) throws(TreeProblem) -> PlatformReading {
    var reader = self
    try reader.load(tree)
    return reader.result
  }

  private mutating func load(_ tree: some ManifestTree) throws(TreeProblem) {
    let entries = try tree.entries(of: "") ?? []
    let start = SourceMark(file: Self.file, line: 1, column: 1)
    if let other = entries.first(where: { ["platform.yml", "Platform.yaml"].contains($0.name) }) {
      result.read.warning(
        "misnamed-file", at: SourceMark(file: other.name, line: 1, column: 1),
        "\(other.name) is not read", fix: "rename it to \(Self.file)")
    }
    guard let entry = entries.first(where: { $0.name == Self.file }) else { return }
    guard entry.kind == .file else {
      result.isReadable = false
      return result.read.error(
        "not-a-file", at: start, "\(Self.file) is not a plain file",
        fix: "put the file itself there")
    }
    guard let bytes = try tree.contents(of: Self.file) else { return }
    var budget = ReadingBudget()
    budget.bytes = limits.manifestBytes
    do throws(ReadingProblem) {
      let documents = try YAMLReader.read(bytes, budget: budget)
      if documents.count > 1 {
        throw ReadingProblem(
          "several-documents", "a manifest is one document; this file has \(documents.count)",
          at: documents[1].mark, fix: "take out the `---`")
      }
      if let root = documents.first { decode(root) }
    } catch {
      result.isReadable = false
      result.read.record(error, file: Self.file)
    }
  }

  private mutating func decode(_ node: YAMLNode) {
    let root = ManifestValue(node, file: Self.file)
    if root.isNull { return }
    guard let fields = result.read.fields(root, "", keys: PlatformKeys.top) else { return }
    result.platform.marks = root.fieldMarks()
    if fields["catalog"] != nil { decodeCatalog(node) }
    if let entry = fields["apps"] { decodeApps(entry) }
    if let entry = fields["runtime"] { decodeRuntime(entry) }
    if let entry = fields["default_size"] { decodeDefaultSize(entry) }
    if let entry = fields["rules"] { decodeRules(entry) }
    if let entry = fields["deletion"] { decodeDeletion(entry) }
    if let entry = fields["logs"] { decodeLogs(entry) }
    if let entry = fields["releases"] { decodeReleases(entry) }
    decodeSections(fields)
  }

  private mutating func decodeCatalog(_ node: YAMLNode) {
    guard case .mapping(let pairs) = node.content,
      let pair = pairs.first(where: { $0.key == "catalog" })
    else { return }
    let (catalog, diagnostics) = CatalogReader.read(pair.value, file: Self.file)
    result.read.adopt(diagnostics)
    var merged = shippedCatalog
    merged.dynoTypes.merge(catalog.dynoTypes) { _, own in own }
    merged.stacks.merge(catalog.stacks) { _, own in own }
    merged.addOns.merge(catalog.addOns) { _, own in own }
    result.platform.catalog = merged
  }

  private mutating func decodeRuntime(_ entry: ManifestEntry) {
    var kind = entry.value
    if entry.value.entries != nil {
      guard
        let fields = result.read.fields(entry.value, "runtime", keys: PlatformKeys.runtime)
      else { return }
      if let registry = fields["registry"] {
        _ = result.read.line(registry.value, "runtime.registry")
      }
      guard let given = fields["kind"] else {
        return result.read.error(
          "missing-key", at: entry.keyMark, "runtime needs `kind`", fix: "write `kind: embedded`")
      }
      kind = given.value
    }
    guard let runtime = result.read.choice(kind, "runtime", of: RuntimeKind.allCases) else {
      return
    }
    result.platform.runtime = runtime.rawValue
    if ![.embedded, .simulated].contains(runtime) {
      warnOfMissing("\(runtime.rawValue) runtime", "runtime", entry.keyMark)
    }
  }

  private enum RuntimeKind: String, CaseIterable {
    case embedded, docker, podman, swarm, simulated
  }

  private mutating func decodeDefaultSize(_ entry: ManifestEntry) {
    result.platform.defaultSize = size(entry.value, "default_size")
  }

  /// The dyno type that a size names.
  mutating func size(_ value: ManifestValue, _ field: String) -> CatalogName? {
    guard let text = result.read.line(value, field) else { return nil }
    let known = result.platform.catalog.dynoTypes
    if let name = HerokuSize.canonical(text), known[name] != nil { return name }
    let names = known.keys.map(\.rawValue)
    result.read.error(
      "unknown-size", at: value.mark, "there is no size \(quoted(text))",
      fix: Suggestion.nearest(to: text, among: names).map { "did you mean `\($0)`?" })
    return nil
  }

  private mutating func decodeRules(_ entry: ManifestEntry) {
    guard
      let fields = result.read.fields(entry.value, "rules", keys: PlatformKeys.rules),
      let level = fields["heroku_tiers"]
    else { return }
    result.platform.herokuTiers =
      result.read.choice(level.value, "rules.heroku_tiers", of: RuleLevel.allCases) ?? .deny
  }

  private mutating func decodeDeletion(_ entry: ManifestEntry) {
    guard let fields = result.read.fields(entry.value, "deletion", keys: PlatformKeys.deletion)
    else { return }
    if let quarantine = fields["quarantine"] {
      result.platform.quarantine = result.read.duration(
        quarantine.value, "deletion.quarantine", in: .zero...(.seconds(30 * 86_400)))
    }
    guard let budget = fields["budget"],
      let parts = result.read.fields(budget.value, "deletion.budget", keys: PlatformKeys.budget)
    else { return }
    if let apps = parts["apps"] {
      result.platform.deletionBudget.apps =
        result.read.integer(apps.value, "deletion.budget.apps", in: 0...limits.apps) ?? 1
    }
    if let dynos = parts["dynos"] {
      result.platform.deletionBudget.dynoPercent =
        result.read.percent(dynos.value, "deletion.budget.dynos", in: 0...100) ?? 25
    }
  }

  private mutating func decodeLogs(_ entry: ManifestEntry) {
    guard let fields = result.read.fields(entry.value, "logs", keys: PlatformKeys.logs)
    else { return }
    if let bytes = fields["per_dyno"] {
      result.platform.logBytesPerDyno =
        result.read.bytes(bytes.value, "logs.per_dyno") ?? result.platform.logBytesPerDyno
    }
    if let drains = fields["drains"], !result.read.texts(drains.value, "logs.drains").isEmpty {
      warnOfMissing("log drains", "logs.drains", drains.keyMark)
    }
  }

  private mutating func decodeReleases(_ entry: ManifestEntry) {
    guard let fields = result.read.fields(entry.value, "releases", keys: PlatformKeys.releases),
      let keep = fields["keep"]
    else { return }
    result.platform.releasesKept =
      result.read.integer(keep.value, "releases.keep", in: 1...1000) ?? 10
  }

  /// Records that a section has no effect yet.
  mutating func warnOfMissing(_ feature: String, _ field: String, _ mark: SourceMark) {
    result.read.warning(
      "not-in-force-yet", at: mark, "\(field) has no effect: this version has no \(feature) yet")
  }
}
