// Damaged manifests: none crashes the reader, and none gives an app that is valid and told to be
// wrong at the same time.

import FormationModel
import ManifestParsing
import Testing

@Suite struct MutationTests {
  private static let full = """
    name: storefront
    stack: busybox
    env:
      GREETING: hello
      SECRET_KEY_BASE: {generator: secret}
      OPTIONAL: {value: x, description: "some text", required: false}
    formation:
      web:
        quantity: 2
        size: standard-1x
        healthcheck: {path: /healthz, interval: 2s, timeout: 2s, boot_timeout: 60s}
      worker: {quantity: 4, size: standard-2x, min_healthy: 10s, stop_timeout: 30s}
    domains: [shop.example.com]
    rollout: {strategy: preboot, max_surge: 25%}
    jobs:
      nightly: {run: rake report, cron: "30 3 * * *", zone: Europe/Berlin, timeout: 1h}
    environments: {staging: {formation: {web: {quantity: 1}}}}
    """

  private static let stock = """
    {"name": "Shop", "env": {"A": {"required": true, "value": ""}, "B": "x"},
     "formation": {"web": {"quantity": 1, "size": "Standard-1X"}, "worker": {"quantity": 0}},
     "addons": ["heroku-postgresql:hobby-dev", {"plan": "mongolab"}], "buildpacks": [{"url": "x"}],
     "scripts": {"postdeploy": "migrate"},
     "environments": {"test": {}, "review": {"env": {"C": "1"}}}}
    """

  private static let platform = """
    apps: [apps/*]
    default_size: standard-1x
    rules: {heroku_tiers: warn}
    deletion: {budget: {apps: 1, dynos: 25%}, quarantine: 1h}
    logs: {per_dyno: 50MB, drains: []}
    spaces: {acme: {trusted: [203.0.113.0/24]}}
    """

  @Test(arguments: 0..<400)
  func `a damaged manifest is read whole or not at all`(_ seed: Int) throws {
    var random = SeededRandom(seed)
    var tree = MemoryTree.app(Self.full)
    tree.files["apps/shop/app.json"] = Array(Self.stock.utf8)
    tree.files["platform.yaml"] = Array(Self.platform.utf8)
    let victims = [
      "apps/shop/app.yaml", "apps/shop/app.json", "apps/shop/Procfile", "platform.yaml",
    ]
    let victim = victims[Int.random(in: 0..<victims.count, using: &random)]
    tree.files[victim] = damage(try #require(tree.files[victim]), &random)
    let formation = try tree.formation()
    for app in formation.apps {
      let errors = formation.diagnostics.filter {
        $0.severity == .error && $0.app == app.name.rawValue
      }
      #expect(errors.isEmpty, "\(victim) gives \(app.name) in spite of \(errors)")
      #expect(app.processes.allSatisfy { (0...100).contains($0.quantity) })
    }
    let names = formation.apps.map(\.name) + formation.rejected.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(formation.isRefused || !names.isEmpty, "the app vanished")
    #expect(formation.rejected.allSatisfy { !$0.errors.isEmpty })
  }

  private func damage(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2:
        bytes.insert(Array("{}[]:,-\"'\n 9".utf8).randomElement(using: &random) ?? 0, at: place)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
      default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
      }
    }
    return bytes
  }
}
