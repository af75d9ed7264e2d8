// Where apps are found, and what is said about folders that are none.

import FormationModel
import ManifestParsing
import Testing

@Suite struct DiscoveryTests {
  @Test func `apps and the root are found`() throws {
    let formation = try MemoryTree([
      "Procfile": "web: a", "apps/one/app.yaml": "env: {A: x}", "apps/one/Procfile": "web: b",
      "apps/two/Procfile": "web: c", "apps/README.md": "text", "apps/.hidden/Procfile": "web: d",
    ]).formation()
    #expect(
      formation.apps.map { "\($0.name) \($0.folder)" } == [
        "one apps/one", "root-app ", "two apps/two",
      ])
  }

  @Test func `the root needs a name from somewhere`() throws {
    let tree = MemoryTree(["Procfile": "web: a"])
    #expect(try tree.formation(rootName: nil).errorCodes == ["no-name"])
    #expect(try tree.formation(rootName: "My Shop").errorCodes == ["invalid-name"])
    let named = MemoryTree(["Procfile": "web: a", "app.yaml": "name: shop"])
    #expect(try named.formation(rootName: nil).shop == "web=1:standard-1x")
  }

  @Test func `a folder of apps without a manifest is told`() throws {
    let formation = try MemoryTree(["apps/shop/main.py": "", "apps/shop/procfile": "web: a"])
      .formation()
    #expect(
      formation.lines == [
        "-: warning: [no-manifest] apps/shop has no app.yaml, app.json, heroku.yml or Procfile"
          + " | add a Procfile, or move the folder elsewhere",
        "apps/shop/procfile:1:1: warning: [misnamed-file] procfile is not read"
          + " | rename it to Procfile",
      ])
  }

  @Test func `two apps of one name are both refused`() throws {
    let formation = try MemoryTree([
      "apps/a/app.yaml": "name: shop", "apps/a/Procfile": "web: a",
      "apps/b/app.yaml": "name: shop", "apps/b/Procfile": "web: b",
    ]).formation()
    #expect(formation.apps.isEmpty)
    #expect(formation.rejected.map(\.name.rawValue) == ["shop"])
    #expect(
      formation.lines
        == ["apps/a", "apps/b"].map {
          "\($0)/app.yaml:1:7: error: [duplicate-name] two apps are called shop: apps/a and apps/b"
            + " | give one of them another `name` in app.yaml"
        })
  }

  @Test func `links and submodules are refused, never followed`() throws {
    var tree = MemoryTree.app("stack: busybox")
    tree.symlinks = ["apps/shop/app.yaml", "apps/link"]
    tree.files["apps/link"] = []
    tree.submodules = ["apps/module"]
    let formation = try tree.formation()
    #expect(formation.rejected.map(\.name.rawValue) == ["link", "module", "shop"])
    #expect(formation.apps.isEmpty)
    #expect(tree.reads.files == ["apps/shop/Procfile"])
  }

  @Test func `platform yaml says where apps are`() throws {
    var files = [
      "platform.yaml": """
      apps:
        - services/*/deploy
        - {path: apps/shop, name: shop-staging, environment: staging}
        - {repository: "https://git.example/acme/billing.git", ref: main}
      """,
      "services/a-service/deploy/Procfile": "web: a",
      "services/a-service/deploy/app.yaml": "name: aaa",
      "apps/shop/Procfile": "web: b",
      "apps/shop/app.yaml": "environments: {staging: {formation: {web: {quantity: 3}}}}",
      "apps/other/Procfile": "web: c",
    ]
    let formation = try MemoryTree(files).formation()
    #expect(formation.apps.map(\.name.rawValue) == ["aaa", "shop-staging"])
    #expect(formation.app("shop-staging")?.process(.web)?.quantity == 3)
    #expect(
      formation.sources.map(\.source) == [
        AppSource(repository: "https://git.example/acme/billing.git", ref: "main")
      ])
    #expect(formation.errorCodes == [])
    files["platform.yaml"] = "apps: [apps/gone, apps/shop]"
    let gone = try MemoryTree(files).formation()
    #expect(gone.apps.map(\.name.rawValue) == ["shop"])
    #expect(gone.rejected.map(\.name.rawValue) == ["gone"])
  }

  @Test func `bounds hold`() throws {
    var limits = Limits()
    limits.apps = 1
    let two = MemoryTree(["apps/one/Procfile": "web: a", "apps/two/Procfile": "web: a"])
    #expect(try two.formation(limits: limits).errorCodes == ["too-many-apps"])
    #expect(try two.formation(limits: limits).isRefused)
    limits = Limits()
    limits.manifestBytes = 10
    #expect(try two.formation(limits: limits).apps.count == 2)
    let large = MemoryTree.app("# \(String(repeating: "x", count: 100))", procfile: "web: a")
    #expect(try large.formation(limits: limits).errorCodes == ["too-large"])
    limits = Limits()
    limits.diagnosticsPerFile = 3
    let wrong = MemoryTree.app((1...9).map { "wrong\($0): 1" }.joined(separator: "\n"))
    let lines = try wrong.formation(limits: limits).mistakes
    #expect(lines.count == 4)
    #expect(lines.last == "app.yaml:3:1: note: [more-problems] 6 more in apps/shop/app.yaml")
    limits = Limits()
    limits.manifestBytesTotal = 10
    #expect(try two.formation(limits: limits).errorCodes == ["too-large"])
  }
}
