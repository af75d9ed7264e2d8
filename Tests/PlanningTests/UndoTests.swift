// Apps that left git and are brought back.

import FormationModel
import Planning
import Testing

@Suite struct UndoTests {
  /// An app that stood, and that the commit has no more; another one keeps the platform alive.
  private func left(_ change: MemoryChange? = nil) -> (Scene, Memory) {
    var scene = Scene()
    scene.observed = ["web.1@v1a#1 up"]
    scene.remember("web=1", releases: "v1a")
    if let change { scene.memory.apply(change, releasesKept: 10) }
    return (scene, scene.memory)
  }

  private func plan(_ scene: Scene, _ memory: Memory, running: Bool) -> Plan {
    let desired = ResolvedFormation(
      revision: Revision(
        id: RevisionID(rawValue: "d00d"), author: "Ada", subject: "gone", committedAt: scene.now),
      platform: Platform(catalog: Scene.catalog), apps: [])
    let observed = running ? scene.observed.map(scene.instance) : []
    let world = ObservedFormation(
      instances: observed, slugs: [ContentDigest(rawValue: "slug-a")],
      stacks: [ContentDigest(rawValue: "stack")])
    return Planner.plan(
      desired: desired, observed: .complete(world), memory: memory,
      context: PlanningContext(now: scene.now, catalog: Scene.catalog)
    )
  }

  private var departure: MemoryChange {
    .depart(Scene.app, because: RevisionID(rawValue: "d00d"), Scene().now)
  }

  private func order(_ wish: Wish, after seconds: Int = 0) -> Order {
    Order(by: "ada", at: Scene().now + .seconds(seconds), wish)
  }

  @Test func `what left is remembered for an hour, and no longer`() {
    let (_, memory) = left(departure)
    #expect(memory.apps[Scene.app]?.accepted == nil)
    #expect(memory.undoable(Scene().now + .seconds(3_599)) == [Scene.app])
    #expect(memory.undoable(Scene().now + .seconds(3_600)).isEmpty)
    let early = order(.undo).refusal(in: nil, memory: memory, catalog: Scene.catalog)
    #expect(early == nil)
    let late = order(.undo, after: 3_600).refusal(in: nil, memory: memory, catalog: Scene.catalog)
    #expect(late?.message == "there is nothing to undo: no app left git lately")
  }

  @Test func `it starts again as it was, and its removal is held`() {
    let (scene, departed) = left(departure)
    var memory = departed
    memory.apply(.order(order(.undo)), releasesKept: 10)
    let plan = plan(scene, memory, running: false)
    #expect(plan.holds.map(\.code) == ["RemovalUndone"])
    #expect(plan.holds.first?.id == "undone/shop".holdID)
    #expect(plan.stepLines == ["start web.1@v1#2"])
    #expect(memory.undoable(scene.now).isEmpty, "it is undone once")
  }

  @Test func `it stays until somebody lets it go`() {
    let (scene, departed) = left(departure)
    var memory = departed
    memory.apply(.order(order(.undo)), releasesKept: 10)
    #expect(plan(scene, memory, running: true).stepLines.isEmpty)
    memory.apply(.order(order(.confirm("undone/shop".holdID))), releasesKept: 10)
    let going = plan(scene, memory, running: true)
    #expect(going.holds.isEmpty)
    #expect(going.stepLines == ["stop web.1@v1#1"])
    #expect(going.memoryLines == ["take over", "depart"], "the consent is in use until it is gone")
  }

  @Test func `git wants it again, and it is an app like any other`() {
    let (scene, departed) = left(departure)
    var memory = departed
    memory.apply(.order(order(.undo)), releasesKept: 10)
    var wanted = scene
    wanted.memory = memory
    let plan = wanted.plan()
    #expect(plan.holds.isEmpty)
    for step in plan.next {
      guard case .remember(let changes) = step.operation else { continue }
      for change in changes { memory.apply(change, releasesKept: 10) }
    }
    #expect(memory.apps[Scene.app]?.quarantine == nil)
  }

  @Test func `one order brings back what one commit took, and nothing older`() throws {
    var memory = left(departure).1
    let other = try #require(AppName(rawValue: "other"))
    var app = Scene().desiredApp()
    app.name = other
    memory.apply(.accept(app, RevisionID(rawValue: "c0ffee")), releasesKept: 10)
    let later = Scene().now + .seconds(60)
    memory.apply(.depart(other, because: RevisionID(rawValue: "beef"), later), releasesKept: 10)
    #expect(memory.undoable(later) == [other])
  }
}

extension String {
  fileprivate var holdID: HoldID { HoldID(self) }
}
