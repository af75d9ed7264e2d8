// What the machine has: a wish that does not fit waits before anything is stopped, and a rollout
// starts first only where there is room.

import FormationModel
import Testing

@testable import Planning

@Suite struct CapacityTests {
  private static let dyno: Int64 = 512 << 20

  /// A scene on a machine with room for so many dynos of 512 MB, all of which may be promised.
  private func scene(
    room dynos: Int, _ formation: String, had: String? = nil, content: String = "a",
    _ observed: String...
  ) -> Scene {
    var scene = Scene(formation: formation, content: content, observed: observed)
    if let had { scene.remember(had, releases: "v1a") }
    scene.desired = { $0.platform.capacityPercent = 100 }
    scene.world = { $0.memoryBytes = Int64(dynos) * Self.dyno }
    return scene
  }

  private func excess(_ plan: Plan) -> MemoryExcess? {
    plan.holds.lazy.compactMap { hold in
      if case .capacityExceeded(let excess) = hold.cause { excess } else { nil }
    }.first
  }

  @Test func `what does not fit is held, with the numbers, before anything is stopped`() {
    let plan = scene(room: 3, "web=4", had: "web=2", "web.1@v1a#1 up", "web.2@v1a#1 up").plan()
    #expect(plan.holds.map(\.code) == ["CapacityExceeded"])
    #expect(plan.holds.map(\.id) == [HoldID("capacity/shop")])
    let (wanted, limit) = (4 * Self.dyno, 3 * Self.dyno)
    #expect(
      excess(plan) == MemoryExcess(wanted: wanted, others: 0, limit: limit, machine: limit))
    #expect(plan.stepLines.isEmpty)
    #expect(plan.apps.map(\.sync) == [SyncStatus(.outOfSync, .held)])
  }

  @Test func `what fits is started`() {
    let plan = scene(room: 3, "web=3").written.plan()
    #expect(plan.holds.isEmpty)
    #expect(plan.stepLines == ["start web.1@v1#1", "start web.2@v1#1", "start web.3@v1#1"])
  }

  @Test func `nothing limits where platform.yaml says nothing, or nobody tells what there is`() {
    var silent = scene(room: 1, "web=4")
    silent.desired = { _ in }
    #expect(silent.plan().holds.isEmpty)
    var unknown = scene(room: 1, "web=4")
    unknown.world = { _ in }
    #expect(unknown.plan().holds.isEmpty)
  }

  @Test func `a share of the memory may be promised, or more than there is`() {
    var scene = scene(room: 4, "web=3")
    scene.desired = { $0.platform.capacityPercent = 50 }
    #expect(excess(scene.plan())?.limit == 2 * Self.dyno)
    scene.desired = { $0.platform.capacityPercent = 150 }
    scene.formation = "web=6"
    #expect(scene.plan().holds.isEmpty)
  }

  @Test func `who asks for no more than there was goes ahead, whatever is promised`() {
    let observed = ["web.1@v1a#1 up", "web.2@v1a#1 up", "worker.1@v1a#1 up"]
    var scene = scene(room: 1, "web=1 worker=2", had: "web=2 worker=1")
    scene.observed = observed
    #expect(scene.plan().holds.isEmpty)
    #expect(scene.plan().stepLines.contains("stop web.2@v1#1"))
  }

  @Test func `repair and quantities by hand go ahead`() {
    var scene = scene(room: 1, "web=2", had: "web=2", "web.1@v1a#1 up", "web.2@v1a#1 exit1@5")
    #expect(scene.plan().stepLines.contains("start web.2@v1#2"))
    let git = ProcessScale(quantity: 2, size: "standard-1x".catalogName)
    let wish = ScaleWish(.web, quantity: 3, git: git)
    scene.memory.apply(
      .order(Order(by: "ada", at: scene.now, .scale(Scene.app, [wish], until: nil))),
      releasesKept: 10)
    #expect(scene.plan().holds.isEmpty)
    #expect(scene.plan().stepLines.contains("start web.3@v1#1"))
  }

  @Test func `going back passes`() {
    var scene = scene(room: 1, "web=2", content: "b", "web.1@v2b#2 up", "web.2@v2b#2 up")
    scene.remember("web=2", releases: "v1a v2b")
    scene.memory.apply(
      .order(Order(by: "ada", at: scene.now, .rollback(Scene.app, to: 1))), releasesKept: 10)
    #expect(scene.plan().memoryLines.contains("record v3"))
  }

  @Test func `what nobody remembers is kept in repair`() {
    var scene = scene(room: 1, "web=2", "web.1@v1a#1 up", "web.2@v1a#1 up")
    #expect(scene.plan().holds.isEmpty)
    scene.observed[1] = "web.2@v1a#1 exit1@5"
    #expect(scene.plan().holds.isEmpty)
  }

  @Test func `an app that a run leaves alone makes no room and takes none`() throws {
    let zoo = try #require(AppName(rawValue: "zoo"))
    var scene = scene(room: 2, "web=2")
    scene.desired = { desired in
      desired.platform.capacityPercent = 100
      var other = desired.apps[0]
      other.app.name = zoo
      desired.apps.append(other)
    }
    scene.context = { $0.only = [zoo] }
    #expect(!scene.plan().holds.map(\.id).contains(HoldID("capacity/zoo")))
    scene.context = { _ in }
    #expect(scene.plan().holds.map(\.id).contains(HoldID("capacity/zoo")))
  }

  // MARK: - Rollouts

  @Test func `with room a rollout starts first`() {
    let plan = scene(
      room: 3, "web=2", had: "web=2", content: "b", "web.1@v1a#1 up", "web.2@v1a#1 up"
    ).written.plan()
    #expect(plan.stepLines == ["start web.1@v2#2"])
    #expect(plan.changes.allSatisfy { $0.gap == nil })
  }

  @Test func `without room it stops first, and says so`() {
    let scene = scene(
      room: 2, "web=2", had: "web=2", content: "b", "web.1@v1a#1 up", "web.2@v1a#1 up"
    ).written
    let plan = scene.plan()
    #expect(plan.stepLines == ["stop web.1@v1#1"])
    let gap = MemoryGap(needed: Self.dyno, room: 0)
    #expect(plan.changes.filter { $0.action == .replace }.map(\.gap) == [gap, gap])
    #expect(plan.next.map(\.reason).contains(.noRoom(gap)))
    // One at a time, and nothing beside it while it ends.
    var stopping = scene
    stopping.observed = ["web.1@v1a#1 stopping", "web.2@v1a#1 up"]
    #expect(stopping.plan().stepLines.isEmpty)
    stopping.observed = ["web.1@v1a#1 stopped", "web.2@v1a#1 up"]
    #expect(stopping.plan().stepLines == ["start web.1@v2#2"])
  }

  @Test func `a rollout that has begun to start first goes on so`() {
    let scene = scene(
      room: 3, "web=2", had: "web=2", content: "b", "web.1@v1a#1 up", "web.2@v1a#1 up"
    ).written
    var going = scene
    going.observed = ["web.1@v1a#1 up", "web.1@v2b#2 booting", "web.2@v1a#1 up"]
    #expect(going.plan().stepLines.isEmpty)
    going.observed = ["web.1@v1a#1 up", "web.1@v2b#2 up", "web.2@v1a#1 up"]
    #expect(going.plan().stepLines == ["stop web.1@v1#1"])
  }

  @Test func `no more dynos come beside others than there is room for`() {
    let observed = (1...8).map { "web.\($0)@v1a#1 up" }
    func starts(_ room: Int) -> Int {
      var scene = scene(room: room, "web=8", had: "web=8", content: "b")
      scene.observed = observed
      return scene.written.plan().stepLines.count { $0.hasPrefix("start") }
    }
    #expect([8, 9, 10, 12].map(starts) == [0, 1, 2, 2])
  }

  @Test func `room that others use for a while keeps nobody waiting`() {
    var scene = scene(room: 2, "web=1", had: "web=1", content: "b", "web.1@v1a#1 up").written
    scene.observed += ["web.2@v1a#1 stopping"]
    #expect(scene.plan().stepLines == ["start web.1@v2#2"])
  }

  @Test func `of two that a slot has the one that serves is kept`() {
    let scene = scene(
      room: 1, "web=1", had: "web=1", content: "c", "web.1@v1a#1 up", "web.1@v2b#2 booting"
    ).written
    #expect(scene.plan().stepLines == ["stop web.1@v2#2"])
  }

  @Test func `the unwatched are not all stopped at once`() {
    let scene = scene(
      room: 2, "web=2", had: "web=2", "web.1@v1a#1 unwatched", "web.2@v1a#1 unwatched")
    #expect(scene.plan().stepLines == ["stop web.1@v1#1"])
  }

  @Test func `what dies does not take the others with it`() {
    var scene = scene(
      room: 2, "web=2", had: "web=2", content: "b", "web.1@v1a#1 up", "web.2@v1a#1 up"
    ).written
    scene.observed = ["web.1@v2b#2 exit1@1", "web.2@v1a#1 up"]
    let plan = scene.plan()
    #expect(!plan.stepLines.contains { $0.hasPrefix("stop") }, "\(plan.stepLines)")
  }

  @Test func `what serves is not stopped for what is known to die`() {
    var scene = scene(room: 2, "web=1", had: "web=1", content: "b", "web.1@v1a#1 up").written
    scene.observed += ["web.1@v2b#2 exit1@1"]
    scene.world = { $0.memoryBytes = Self.dyno }
    let plan = scene.plan()
    #expect(!plan.stepLines.contains { $0.hasPrefix("stop") }, "\(plan.stepLines)")
  }

  // MARK: - What passes

  /// Git says two, and somebody has scaled to four by hand.
  private func scaled(room: Int, _ formation: String, _ observed: String...) -> Scene {
    var scene = scene(room: room, formation, had: "web=2")
    scene.observed = observed
    let git = ProcessScale(quantity: 2, size: "standard-1x".catalogName)
    let wish = ScaleWish(.web, quantity: 4, git: git)
    scene.memory.apply(
      .order(Order(by: "ada", at: scene.now, .scale(Scene.app, [wish], until: nil))),
      releasesKept: 10)
    return scene
  }

  @Test func `what was scaled by hand is taken over by a commit that says the same`() {
    var scene = scaled(
      room: 3, "web=4", "web.1@v1a#1 up", "web.2@v1a#1 up", "web.3@v1a#1 up", "web.4@v1a#1 up")
    #expect(scene.plan().holds.isEmpty)
    #expect(!scene.plan().stepLines.contains { $0.hasPrefix("stop") })
    // Also while one of them is away.
    scene.observed[1] = "web.2@v1a#1 exit1@1"
    #expect(scene.plan().holds.isEmpty)
  }

  @Test func `a commit that is held does not end what was scaled by hand`() {
    let scene = scaled(
      room: 4, "web=5", "web.1@v1a#1 up", "web.2@v1a#1 up", "web.3@v1a#1 up", "web.4@v1a#1 up")
    let plan = scene.plan()
    #expect(plan.holds.map(\.code) == ["CapacityExceeded"])
    #expect(plan.stepLines.isEmpty)
    #expect(plan.apps.first?.overrides.count == 1)
    #expect(scene.written.memory.apps[Scene.app]?.overrides.scales.count == 1)
  }

  @Test func `a release whose command has begun is not held any more`() {
    var scene = scene(room: 2, "web=4", content: "b", "web.1@v1a#1 up")
    scene.remember("web=1", releases: "v1a v2b")
    scene.memory.apps[Scene.app]?.releases[1].phase = .pending
    #expect(scene.plan().holds.map(\.code).contains("CapacityExceeded"))
    scene.memory.apps[Scene.app]?.releases[1].phase = .begun(attempt: 1)
    #expect(!scene.plan().holds.map(\.code).contains("CapacityExceeded"))
  }

  @Test func `where held content is stood in for, quantities have to fit all the same`() {
    var scene = scene(room: 2, "web=1", content: "b", "web.1@v1a#1 up")
    scene.remember("web=1", releases: "v1a v2b")
    scene.memory.apply(
      .order(Order(by: "ada", at: scene.now, .rollback(Scene.app, to: 1))), releasesKept: 10)
    scene = scene.written
    scene.formation = "web=4"
    #expect(scene.plan().holds.map(\.code).contains("CapacityExceeded"))
    #expect(!scene.plan().stepLines.contains { $0.hasPrefix("start") })
  }

  // MARK: - Several apps

  @Test func `apps that grow come in the order of their names, and one held holds no other`() {
    var scene = scene(room: 4, "web=2")
    scene.desired = { desired in
      desired.platform.capacityPercent = 100
      let shop = desired.apps[0]
      desired.apps = ["api", "shop", "zoo"].map { name in
        var other = shop
        other.app.name = AppName(rawValue: name) ?? Scene.app
        if name == "shop" { other.app.processes[0].quantity = 3 }
        return other
      }
    }
    let plan = scene.written.plan()
    #expect(plan.holds.map(\.id) == [HoldID("capacity/shop")])
    #expect(excess(plan)?.others == 4 * Self.dyno)
    let started = plan.next.compactMap { step in
      if case .start(let spec) = step.operation { spec.id.slot.app?.rawValue } else { nil }
    }
    #expect(Set(started) == ["api", "zoo"])
  }
}
