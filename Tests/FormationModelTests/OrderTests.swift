// Which orders are taken, and what they leave in memory.

import FormationModel
import Testing

@Suite struct OrderTests {
  private func name(_ text: String) throws -> CatalogName {
    try #require(CatalogName(rawValue: text))
  }
  private func type(_ text: String) throws -> ProcessType {
    try #require(ProcessType(rawValue: text))
  }
  private func shop() throws -> AppName { try #require(AppName(rawValue: "shop")) }

  private func catalog() throws -> Catalog {
    var catalog = Catalog()
    for (size, tier) in [
      ("standard-1x", DynoType.Tier.standard), ("performance-m", .performance), ("eco", .eco),
    ] {
      catalog.dynoTypes[try name(size)] = DynoType(
        name: try name(size), tier: tier, memoryBytes: 1, memoryKillBytes: 1, cpuShare: 1,
        dedicatedCores: nil, processLimit: 1, sleeps: false, monthlyCents: nil)
    }
    return catalog
  }

  private func formation() throws -> ResolvedFormation {
    var app = DesiredApp(name: try shop(), folder: "apps/shop", stack: try name("busybox"))
    for process in ["web", "worker"] {
      app.processes.append(
        DesiredProcess(
          type: try type(process), command: process, quantity: 2, size: try name("standard-1x")))
    }
    return ResolvedFormation(
      revision: nil, platform: Platform(catalog: try catalog()),
      apps: [ResolvedApp(app: app, content: nil)])
  }

  private func refusal(_ wish: Wish, _ memory: Memory = Memory()) throws -> OrderRefusal? {
    Order(by: "ada", at: LoopTime(milliseconds: 0), wish)
      .refusal(in: try formation(), memory: memory, catalog: try catalog())
  }

  private func scale(_ quantity: Int?, _ size: String? = nil) throws -> Wish {
    .scale(
      try shop(), [ScaleWish(.web, quantity: quantity, size: try size.map(name))], until: nil)
  }

  @Test func `what cannot be is refused with what there is`() throws {
    let shop = try shop()
    #expect(try refusal(scale(5)) == nil)
    let missing = try refusal(.restart(DynoSelector(shop, try type("wroker"))))
    #expect(missing?.message == "shop has no process type wroker")
    #expect(missing?.fix == "it has: web, worker")
    let high = try refusal(.stop(DynoSelector(shop, .web, 3)))
    #expect(high?.message == "shop has no web.3: web has 2 dynos")
    let stranger = try #require(AppName(rawValue: "shoop"))
    #expect(try refusal(.retry(stranger))?.message == "there is no app shoop")
    #expect(try refusal(scale(1, "standard-9x"))?.message == "there is no dyno type standard-9x")
    #expect(try refusal(scale(101))?.message == "web: 101 is not between 0 and 100")
    #expect(try refusal(scale(99))?.message == "shop would have 101 dynos; 100 are allowed")
    let past = LoopTime(milliseconds: 0)
    let over = Wish.scale(shop, [ScaleWish(.web, quantity: 1)], until: past)
    #expect(try refusal(over)?.message == "the time given is over already")
  }

  @Test func `Heroku's limits hold for orders as for manifests`() throws {
    #expect(
      try refusal(scale(11, "performance-m"))?.message
        == "web: 11 dynos of performance-m; performance allows 10 per process type")
    #expect(
      try refusal(scale(1, "eco"))?.message
        == "eco mixes with nothing else: web is eco, worker is standard-1x")
  }

  @Test func `an app alone is not resumed from the suspension of all`() throws {
    var memory = Memory()
    let suspend = Order(by: "ada", at: LoopTime(milliseconds: 0), .suspend(.all, .deploys))
    memory.apply(.order(suspend), releasesKept: 1)
    #expect(
      try refusal(.resume(.apps([shop()])), memory)?.fix
        == "`muster resume --all-apps` resumes them")
    memory.apply(
      .order(Order(by: "ada", at: LoopTime(milliseconds: 1), .resume(.all))), releasesKept: 1)
    #expect(memory == Memory())
  }

  @Test func `an app that left has nothing in force by hand`() throws {
    var memory = Memory()
    let shop = try shop()
    memory.apply(.attempt(SlotID(shop, .web, 1), 3), releasesKept: 1)
    for wish in [Wish.stop(DynoSelector(shop)), .restart(DynoSelector(shop)), .retry(shop)] {
      memory.apply(
        .order(Order(by: "ada", at: LoopTime(milliseconds: 0), wish)), releasesKept: 1)
    }
    #expect(memory.apps[shop]?.restarts[SlotID(shop, .web, 1)]?.attempt == 3)
    memory.apply(.forget(shop), releasesKept: 1)
    #expect(memory.apps[shop] == AppMemory(attempts: [SlotID(shop, .web, 1): 3]))
  }

  @Test func `quantity and size by hand end each on its own`() throws {
    var memory = Memory()
    let formation = try formation()
    let order = Order(by: "ada", at: LoopTime(milliseconds: 0), try scale(1, "performance-m"))
    memory.apply(.order(order.noted(formation, memory)), releasesKept: 1)
    var commit = formation.apps[0].app
    commit.processes[0].quantity = 4
    let overrides = try #require(memory.apps[try shop()]?.overrides)
    let ends = overrides.ends(LoopTime(milliseconds: 9), asked: commit)
    #expect(ends == [OverrideEnd(.quantity(.web), .changedInGit)])
    memory.apply(.endOverride(try shop(), ends[0]), releasesKept: 1)
    let effective = commit.overlaid(by: try #require(memory.apps[try shop()]?.overrides))
    #expect(effective.processes[0].quantity == 4)
    #expect(effective.processes[0].size == (try name("performance-m")))
  }
}
