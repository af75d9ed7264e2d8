// platform.yaml: what it sets, and that a problem in it refuses the revision.

import FormationModel
import ManifestParsing
import Testing

@Suite struct PlatformTests {
  private func formation(_ platform: String, app: String = "") throws -> DesiredFormation {
    try MemoryTree.app(app, procfile: "web: serve", more: ["platform.yaml": platform]).formation()
  }

  @Test func `settings in force are taken over`() throws {
    let platform = try formation(
      """
      runtime: embedded
      default_size: standard-2x
      rules: {heroku_tiers: warn}
      deletion: {budget: {apps: 3, dynos: 50%}}
      logs: {per_dyno: 10MiB}
      releases: {keep: 5}
      capacity: {memory: 150%}
      """
    ).platform
    #expect(platform.runtime == "embedded")
    #expect(platform.defaultSize?.rawValue == "standard-2x")
    #expect(platform.herokuTiers == .warn)
    #expect(platform.deletionBudget.apps == 3 && platform.deletionBudget.dynoPercent == 50)
    #expect(platform.logBytesPerDyno == 10 << 20)
    #expect(platform.releasesKept == 5)
    #expect(platform.capacityPercent == 150)
    #expect(platform.marks[FieldPath("deletion.budget.apps")]?.description == "platform.yaml:4:21")
  }

  @Test func `sections without effect yet are judged and told`() throws {
    let found = try formation(
      """
      router: {domain: apps.example.com, http: 80, https: 443, redirect: true, certificates: tls/}
      registries: {ghcr.io: {username: ci, password: {secret: ghcr}}}
      secrets: {recipients: [age1xyz]}
      owners: {"apps/billing/**": ["@acme/payments"]}
      policies: {max-size: {level: deny, value: standard-2x}}
      capacity: {memory: 90%}
      spaces: {acme: {trusted: [203.0.113.0/24]}}
      review_apps: {enabled: false, forks: false, max: 5, size: basic, stale: 5d}
      """)
    #expect(!found.isRefused)
    #expect(found.diagnostics.map(\.code) == Array(repeating: "not-in-force-yet", count: 6))
    let wrong = try formation(
      """
      router: {domain: x, http: 0, redirect: on}
      registries: {ghcr.io: {password: hunter2}}
      secrets: {recipients: [key]}
      policies: {max-size: {level: block, value: huge}}
      capacity: {memory: 90}
      spaces: {acme: {trusted: [203.0.113.0]}}
      review_apps: {enabled: yes, stale: 5}
      """)
    #expect(wrong.isRefused)
    #expect(
      wrong.errorCodes == [
        "invalid-domain", "out-of-range", "wrong-type", "secret-in-git", "invalid-recipient",
        "unknown-value", "unknown-size", "wrong-type", "invalid-address", "wrong-type",
        "wrong-type",
      ])
    #expect(!wrong.lines.joined().contains("hunter2"))
  }

  @Test(arguments: [
    ("runtme: embedded", "unknown-key"), ("runtime: dokcer", "unknown-value"),
    ("default_size: huge", "unknown-size"), ("rules: {heroku_tiers: maybe}", "unknown-value"),
    ("logs: {per_dyno: 50}", "wrong-type"), ("releases: {keep: 0}", "out-of-range"),
    ("capacity: {memory: 0%}", "out-of-range"),
    ("apps: apps/*", "wrong-type"), ("apps: [../x]", "path-outside"),
    ("apps: [{name: shop}]", "missing-key"), ("a: [", "syntax"),
    ("--- {}\n--- {}", "several-documents"),
  ])
  func `a problem refuses the revision`(_ text: String, _ code: String) throws {
    let found = try formation(text)
    #expect(found.isRefused)
    #expect(found.errorCodes.first == code, "\(found.lines)")
  }

  @Test func `Heroku's limits can be loosened`() throws {
    let app = "formation: {web: {size: eco, quantity: 2}}"
    #expect(try formation("", app: app).errorCodes == ["heroku-tiers"])
    let warned = try formation("rules: {heroku_tiers: warn}", app: app)
    #expect(warned.errorCodes == [] && warned.diagnostics.contains { $0.code == "heroku-tiers" })
    #expect(
      try !formation("rules: {heroku_tiers: off}", app: app).diagnostics
        .contains { $0.code == "heroku-tiers" })
  }

  @Test func `the platform adds to the catalog`() throws {
    let found = try formation(
      """
      catalog:
        dyno_types: {}
        stacks: {ours: {folder: /srv/stacks/ours, shell: /bin/sh}}
        addons: {}
      """, app: "stack: ours")
    #expect(found.errorCodes == [], "\(found.lines)")
    #expect(found.app("shop")?.stack.rawValue == "ours")
    #expect(found.platform.catalog.stacks.count == 4)
    #expect(try formation("catalog: {stacks: {ours: {}}}").isRefused)
  }

  @Test func `the catalog that ships has the defaults`() {
    #expect(ShippedCatalog.catalog.stacks[.defaultStack] != nil)
    #expect(ShippedCatalog.catalog.dynoTypes[.standardSize] != nil)
  }
}
