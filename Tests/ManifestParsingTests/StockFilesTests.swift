// Heroku's own files as people have them: read leniently, told what is taken otherwise.

import FormationModel
import ManifestParsing
import Testing

@Suite struct StockFilesTests {
  @Test func `a stock folder that needs no build works`() throws {
    let formation = try MemoryTree.stock(
      """
      {
        "name": "A Title",
        "description": "shown only",
        "image": "heroku/python",
        "stack": "heroku-24",
        "buildpacks": [{"url": "heroku/python"}],
        "env": {"WEB_CONCURRENCY": 2, "KEY": {"generator": "secret"}},
        "formation": {"web": {"quantity": 1, "size": "Hobby"}}
      }
      """
    ).formation()
    #expect(formation.shop == "web=1:basic worker=0:basic")
    #expect(formation.config == ["KEY=generated", "WEB_CONCURRENCY=2"])
    #expect(formation.app("shop")?.unsupported == [])
    #expect(formation.diagnostics.allSatisfy { $0.severity != .error })
    #expect(
      formation.diagnostics.filter { $0.severity == .note }.map(\.code) == [
        "unused-key", "heroku-stack", "unused-key", "value-as-text", "old-size",
      ])
  }

  @Test(arguments: [
    ("free", "basic"), ("hobby", "basic"), ("1X", "standard-1x"), ("2x", "standard-2x"),
    ("PX", "performance-l"), ("Standard-2X", "standard-2x"), ("eco", "eco"),
  ])
  func `old and odd names of sizes are known`(_ text: String, _ size: String) throws {
    let formation = try MemoryTree.stock(
      #"{"formation": {"web": {"quantity": 1, "size": "\#(text)"}}}"#
    ).formation()
    #expect(formation.app("shop")?.process(.web)?.size.rawValue == size)
  }

  @Test func `a required variable without a value is missing`() throws {
    let formation = try MemoryTree.stock(
      """
      {"env": {
        "A": {"description": "asked for"},
        "B": {"required": true, "value": ""},
        "C": {"required": false},
        "D": {"value": ""}
      }}
      """
    ).formation()
    #expect(formation.app("shop")?.missingConfig.map(\.rawValue) == ["A", "B"])
    #expect(formation.config == ["D="])
  }

  @Test func `add-ons are looked up leniently`() throws {
    let formation = try MemoryTree.stock(
      """
      {"addons": ["heroku-postgresql:hobby-dev", {"plan": "mongolab:sandbox"}, "scheduler"]}
      """
    ).formation()
    #expect(formation.app("shop")?.unsupported.map(\.field.rawValue) == ["addons.database"])
    #expect(
      formation.mistakes.filter { !$0.contains("not-supported-yet") } == [
        "app.json:1:13: note: [retired-plan] heroku-postgresql has no plan `hobby-dev`; "
          + "the smallest one is taken: essential-0",
        "app.json:1:53: warning: [unknown-addon] there is no add-on service `mongolab`; "
          + "it is left out | set MONGODB_URI by hand in `env` of app.yaml",
        "app.json:1:74: note: [unknown-addon] the add-on scheduler is left out"
          + " | write its jobs below `jobs:` in app.yaml",
      ])
  }

  @Test(arguments: ["scheduler", "Scheduler:Standard", "scheduler:standard"])
  func `the scheduler add-on is a note, whatever the catalog has`(_ plan: String) throws {
    var catalog = Catalog.test
    let name = try #require(CatalogName(rawValue: "scheduler"))
    let standard = try #require(CatalogName(rawValue: "standard"))
    catalog.addOns[name] = AddOnService(
      name: name, configPrefix: "SCHEDULER", holdsData: false,
      plans: [AddOnPlan(name: standard, monthlyCents: 0)])
    let formation = try MemoryTree.stock(#"{"addons": ["\#(plan)"]}"#).formation(catalog: catalog)
    #expect(formation.app("shop")?.unsupported == [])
    #expect(formation.diagnostics.filter { $0.code == "unknown-addon" }.map(\.severity) == [.note])
  }

  @Test func `odd shapes of a formation are taken for what they mean`() throws {
    let list = #"{"formation": [{"type": "web", "quantity": "2", "size": "standard-2x"}]}"#
    #expect(try MemoryTree.stock(list).formation().shop == "web=2:standard-2x worker=0:standard-2x")
    let bare = #"{"formation": {"worker": 3}}"#
    #expect(try MemoryTree.stock(bare).formation().shop == "web=1:standard-1x worker=3:standard-1x")
  }

  @Test(arguments: [
    #"{"expo": {"name": "x"}}"#, #"{"name": "x", "displayName": "x"}"#,
    #"{"pages": ["a"], "window": {}}"#,
  ])
  func `app json of another tool is skipped`(_ json: String) throws {
    let formation = try MemoryTree.stock(json).formation()
    #expect(formation.app("shop") != nil)
    #expect(formation.diagnostics.contains { $0.code == "look-alike" && $0.severity == .note })
    let alone = try MemoryTree(["apps/shop/app.json": json]).formation()
    #expect(alone.apps.isEmpty && alone.rejected.isEmpty)
    #expect(alone.diagnostics.contains { $0.code == "no-manifest" && $0.severity == .warning })
    #expect(try MemoryTree(["app.json": json]).formation().lines.count == 1)
  }

  @Test func `heroku yml runs what needs no build`() throws {
    let formation = try MemoryTree([
      "apps/shop/heroku.yml": """
      setup:
        addons: [{plan: heroku-redis, as: REDIS}]
        config: {LEVEL: debug}
      run:
        web: serve
        tool: {command: [prepare, work], image: web}
      """
    ]).formation()
    let shop = try #require(formation.app("shop"))
    #expect(
      shop.processes.map { "\($0.type): \($0.command)" } == ["tool: prepare && work", "web: serve"])
    #expect(shop.unsupported.map(\.field.rawValue) == ["addons.redis"])
    #expect(formation.config == ["LEVEL=debug"])
  }

  @Test func `a build of heroku yml holds the app and loses no type`() throws {
    let build =
      "build: {docker: {web: Dockerfile, worker: worker/Dockerfile}}\nrelease: {command: x}"
    let formation = try MemoryTree(["apps/shop/heroku.yml": build]).formation()
    #expect(
      formation.shop == "release=0:standard-1x web=1:standard-1x worker=0:standard-1x")
    #expect(
      formation.app("shop")?.unsupported.map(\.field.rawValue) == ["build"])
    let stack = try MemoryTree.app("stack: busybox", more: ["apps/shop/heroku.yml": build])
      .formation()
    #expect(stack.app("shop")?.unsupported.isEmpty == true)
    #expect(stack.app("shop")?.process(.release)?.quantity == 0)
    #expect(stack.diagnostics.contains { $0.code == "unused-key" })
  }

  @Test func `what Heroku would refuse in app json is left out and told`() throws {
    let formation = try MemoryTree.stock(
      """
      {"env": [1], "formation": {"wrong": {"quantity": 1}, "web": {"size": "huge"}}, "stack": 3,
       "addons": {"a": 1}, "scripts": 1, "what": 2}
      """
    ).formation()
    #expect(formation.shop == "web=1:standard-1x worker=0:standard-1x")
    #expect(formation.errorCodes == [])
    #expect(formation.diagnostics.count == 8)
  }
}
