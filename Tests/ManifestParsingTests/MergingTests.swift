// Merging: app.json < heroku.yml < app.yaml < environments.X, first as laws over random manifests,
// then as people see it.

import FormationModel
import Testing
import YAMLReading

@testable import ManifestParsing

@Suite struct MergingTests {
  @Test(arguments: 0..<200)
  func `a manifest laid over itself is itself`(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let manifest = RandomManifest.value(&random)
    #expect(manifest.merged(with: manifest).plain == manifest.plain)
  }

  @Test(arguments: 0..<200)
  func `an empty manifest changes nothing`(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let manifest = RandomManifest.value(&random)
    let empty = ManifestValue(.mapping([]), at: manifest.mark)
    #expect(manifest.merged(with: empty).plain == manifest.plain)
    #expect(empty.merged(with: manifest).plain == manifest.plain)
  }

  @Test(arguments: 0..<200)
  func `what the later manifest says is what holds`(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let below = RandomManifest.value(&random)
    let above = RandomManifest.value(&random)
    let merged = below.merged(with: above)
    for (path, text) in above.leaves { #expect(merged.leaves[path] == text) }
    #expect(merged.merged(with: above).plain == merged.plain)
  }

  @Test(arguments: 0..<100)
  func `the order of keys means nothing`(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let text = RandomManifest.text(&random)
    let shuffled = RandomManifest.shuffled(text, &random)
    let one = try MemoryTree.app(text).formation()
    let other = try MemoryTree.app(shuffled).formation()
    #expect(one.apps == other.apps, "\(text)\n---\n\(shuffled)")
    #expect(one.errorCodes.sorted() == other.errorCodes.sorted())
  }

  @Test func `app yaml is laid over heroku yml over app json`() throws {
    let tree = MemoryTree.app(
      "env: {C: yaml}\nformation: {web: {quantity: 3}}",
      more: [
        "apps/shop/app.json":
          """
        {"env": {"A": "json", "B": "json", "C": "json"},
         "formation": {"web": {"quantity": 1, "size": "standard-2x"}}}
        """,
        "apps/shop/heroku.yml": "setup: {config: {B: heroku, C: heroku}}",
      ])
    let formation = try tree.formation()
    #expect(formation.shop == "web=3:standard-2x worker=0:standard-2x")
    #expect(formation.config == ["A=json", "B=heroku", "C=yaml"])
    let shop = try #require(formation.app("shop"))
    #expect(shop.marks[FieldPath("formation.web.size")]?.file == "apps/shop/app.json")
    #expect(shop.marks[FieldPath("formation.web.quantity")]?.file == "apps/shop/app.yaml")
  }

  @Test func `an environment is laid over all`() throws {
    let tree = MemoryTree.app(
      """
      env: {LEVEL: debug, KEEP: yes, GONE: x}
      formation: {web: {quantity: 1}, worker: {quantity: 1}}
      environments:
        production:
          env: {LEVEL: warn, GONE: null}
          formation: {web: {quantity: 4}}
      """)
    let plain = try tree.formation()
    #expect(plain.config == ["GONE=x", "KEEP=yes", "LEVEL=debug"])
    let production = try tree.formation(environment: "production")
    #expect(production.config == ["KEEP=yes", "LEVEL=warn"])
    #expect(production.shop == "web=4:standard-1x worker=1:standard-1x")
    #expect(
      try tree.formation(environment: "prod").lines == [
        "-: warning: [unknown-environment] no app has an environment `prod`"
      ])
  }

  @Test func `another source of a config var replaces the one below`() throws {
    let tree = MemoryTree.app(
      "env: {KEY: {generator: secret}, secret: {value: x}}",
      more: ["apps/shop/app.json": #"{"env": {"KEY": {"value": "x"}, "value": "kept"}}"#])
    let formation = try tree.formation()
    #expect(formation.errorCodes == [])
    #expect(formation.config == ["KEY=generated", "secret=x", "value=kept"])
  }

  @Test func `null takes out what a file below says`() throws {
    let tree = MemoryTree.app(
      "addons: null\nscripts: ~",
      more: [
        "apps/shop/app.json":
          #"{"addons": ["heroku-postgresql"], "scripts": {"postdeploy": "migrate"}}"#
      ])
    #expect(try tree.formation().app("shop")?.unsupported == [])
  }
}

extension DesiredFormation {
  /// `KEY=value` of the app `shop`, sorted.
  var config: [String] {
    (app("shop")?.config ?? []).map { entry in
      switch entry.source {
      case .literal(let value): "\(entry.key)=\(value.unredacted)"
      case .generated: "\(entry.key)=generated"
      case .secret(let name): "\(entry.key)=secret \(name)"
      }
    }
  }
}

extension ManifestValue {
  /// Its content without places, keys sorted.
  fileprivate var plain: String {
    switch content {
    case .scalar(let scalar): scalar.text
    case .list(let items): "[\(items.map(\.plain).joined(separator: ","))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key):\($0.value.plain)" }.sorted().joined(separator: ","))}"
    }
  }

  /// Every value that is no mapping, by its path.
  fileprivate var leaves: [String: String] {
    guard let entries else { return ["": plain] }
    var result: [String: String] = [:]
    for entry in entries {
      for (path, text) in entry.value.leaves { result["\(entry.key)/\(path)"] = text }
    }
    return result
  }
}
