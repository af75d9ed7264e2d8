// The schemas: one type for every key that the parser knows, every manifest of this repository, and
// every document that a command prints.

import FormationModel
import Foundation
import ManifestParsing
import Review
import Testing
import YAMLReading

@testable import Planning

@Suite struct `The schemas` {
  private let manifests = ManifestSchema(catalog: ShippedCatalog.catalog)

  private static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func problems(_ yaml: String, _ schema: JSONValue) throws -> [String] {
    let document = try YAMLReader.read(Array(yaml.utf8)).first.map(Instance.init) ?? .object([:])
    return SchemaValidator.problems(document, try Instance(schema))
  }

  @Test func `have a type for every key of the parser, and no other`() {
    #expect(manifests.mismatches == [])
  }

  /// Every manifest of the folder, and of the platforms below it.
  private static func files(_ folder: String, _ name: String) -> [URL] {
    let root = repository.appendingPathComponent(folder)
    let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    return (walk?.allObjects as? [URL] ?? []).filter { $0.lastPathComponent == name }
  }

  @Test(arguments: ["manifests", "examples"]) func `accept what this repository has`(
    folder: String
  ) throws {
    let apps = Self.files(folder, "app.yaml")
    let platforms = Self.files(folder, "platform.yaml")
    #expect(!apps.isEmpty && !platforms.isEmpty)
    for file in apps {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(try problems(text, manifests.app) == [], "\(file.path)")
    }
    for file in platforms {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(try problems(text, manifests.platform) == [], "\(file.path)")
    }
  }

  @Test func `accept every form of app.yaml`() throws {
    let text = """
      name: storefront
      was: [old-shop]
      stack: debian-12
      slug: {repository: "https://git.example/a", ref: main, path: .}
      build: {run: "make", cache: [.cache]}
      env: {RACK_ENV: production, PORT: 8080, K: {generator: secret}, O: {required: false}}
      formation:
        web: {quantity: {min: 1, max: 4, p95: 500ms}, size: performance-m, healthcheck: {path: /up}}
        worker: {quantity: 4, size: my-size, min_healthy: 10s, schedule: [{quantity: 0}]}
        clock: null
      addons: [heroku-redis:mini, {plan: heroku-kafka:basic-0, name: queue, as: QUEUE}]
      jobs: {nightly: {run: rake x, cron: "30 3 * * *", overlap: skip}}
      suspend: false
      windows: [{deny: "Fri 16:00 - Mon 07:00", zone: Europe/Berlin}]
      rollout: {strategy: preboot, max_surge: 25%, auto_revert: true}
      environments: {staging: {env: {A: b}, suspend: deploys}}
      x-note: [anything, {at: all}]
      description: shown by Heroku
      """
    #expect(try problems(text, manifests.app) == [])
  }

  @Test(arguments: [
    "formation: {web: {quantity: 101}}", "formation: {web: {quantity: \"3\"}}", "fromation: {}",
    "env: {A: [x]}", "env: {A: null}", "maintenance: on", "sleep: {after: 30}", "suspend: true",
    "environments: {x: {name: other}}", "name: Shop",
  ]) func `refuse what the parser refuses`(yaml: String) throws {
    #expect(try !problems(yaml, manifests.app).isEmpty)
  }

  private func check(_ name: String, _ document: JSONValue) throws {
    let schema = try #require(DocumentSchema.schema(name))
    let found = SchemaValidator.problems(try Instance(document), try Instance(schema))
    #expect(found == [], "\(name)")
  }

  @Test func `agree with the plans that commands print`() throws {
    let shop = try app("storefront")
    var part = AppPlan(app: shop)
    let cause = because(change("env.A", "set", "changed"), "app.yaml", 4)
    part.changes = [
      Change(.release, app: shop, from: 6, to: 7, .firstRelease),
      Change(
        .replace, app: shop, slot: try slot("storefront/web.1"), from: 6, to: 7,
        .outdated([cause.change]), because: cause),
    ]
    part.waits = [
      Wait(
        app: shop, slot: try slot("storefront/web.1"), .boot(try instance("storefront/web.1")),
        until: noon)
    ]
    part.holds = [Hold(HoldID("h"), app: shop, .suspended(.deploys), release: "git")]
    let plan = Plan(
      revision: ada.id, apps: [part], platform: [], platformHolds: part.holds, leftAlone: [])
    try check("plan", PlanJSON.document(plan))
    try check("holds", HoldsJSON.document(plan.holds, since: [HoldID("h"): noon]))
  }

  @Test func `agree with what is printed about a platform at work`() throws {
    let shop = try app("storefront")
    let event = EventLine(
      at: noon, app: shop, subject: "web.1", reason: "DynoStarted", message: "m", revision: ada.id)
    try check("events", EventsJSON.event(event))
    let part = AppPlan(app: shop)
    try check(
      "why",
      WhyJSON.document(
        WhyAnswer(
          plan: part, standing: AppStanding(part), release: nil, commit: ada, events: [event],
          lastLines: ["bye"], linesOf: "web.1", heldSince: [:])))
    try check(
      "logs",
      LogJSON.document(
        LogEntry(
          at: noon, app: shop, source: .app, dyno: "web.1", release: 3, isError: true, text: "x")))
    let key = try #require(ConfigKey(rawValue: "KEY"))
    let secret = SecretSubject.generated(SecretID(app: shop, key: key))
    let listing = SecretListing(
      secret, version: 2, since: noon, kept: [1, 2], users: [SecretID(app: shop, key: key)])
    try check("secrets", SecretsJSON.document([listing]))
    let entry = ConfigListing(key, secret: secret, version: 2, mark: nil, shown: nil)
    try check("config", ConfigJSON.document(shop, release: 3, [entry]))
    try check("releases", ReleasesJSON.document(shop, try keptReleases()))
  }

  @Test func `agree with what other commands print`() throws {
    let shop = try app("storefront")
    try check("catalog", CatalogJSON.document(ShippedCatalog.catalog))
    let checks = [
      MachineCheck("a", "a", .found("x")), MachineCheck("b", "b", .missing("x", fix: "y")),
    ]
    try check("doctor", DoctorJSON.document(checks, runtime: "embedded"))
    let dyno = DynoStanding(
      slot: try slot("storefront/web.1"), state: .crashed, since: noon, instance: nil,
      exit: exit(1), crashes: 2, nextStart: noon, command: "x", size: try name("standard-1x"))
    try check("ps", PsJSON.document([dyno]))
    let diagnostic = Diagnostic(
      .error, "c", at: SourceMark(file: "f", line: 1, column: 1), app: "a", "m", fix: nil,
      related: [Diagnostic.Related(mark: SourceMark(file: "f", line: 2, column: 1), message: "m")])
    let formation = DesiredFormation(
      revision: nil, apps: [], platform: Platform(catalog: try catalog()),
      diagnostics: [diagnostic])
    try check("validate", DiagnosticJSON.document(formation))
    let orphan = OrphanedState(
      path: "/s", parts: ["secrets"], apps: [shop: 3], controllers: ["0011aabb": 2])
    try check("status", StatusJSON.document([AppStanding(AppPlan(app: shop))], lostAt: noon))
    try check("adopt", AdoptJSON.document("lost", orphan))
  }
}
