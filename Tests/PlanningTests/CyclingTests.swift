// Dynos that ran for a day and a bit are replaced, one at a time.

import FormationModel
import Planning
import Testing

@Suite struct CyclingTests {
  /// Dynos of the app that started that many hours ago.
  private func scene(_ formation: String, hoursAgo: [Double]) -> Scene {
    var scene = Scene()
    scene.formation = formation
    scene.remember(formation, releases: "v1a")
    let slots = scene.memory.apps[Scene.app]?.attempts.keys.sorted() ?? []
    for (slot, hours) in zip(slots, hoursAgo) {
      var instance = scene.instance("\(slot.dynoName)@v1a#1 up")
      instance.startedAt = scene.now + .seconds(-hours * 3_600)
      scene.more.append(instance)
      var record = HealthRecord()
      (record.successes, record.hasBeenHealthy) = (2, true)
      scene.health[instance.id] = record
    }
    return scene
  }

  @Test func `the end of a dyno's day is between 24 h and 27 h 36 min after its start`() throws {
    var ends: Set<Duration> = []
    for ordinal in 1...200 {
      let id = InstanceID(slot: SlotID(Scene.app, .web, ordinal), release: 1, attempt: 1)
      let end = Cycling.end(of: id, startedAt: Scene().now, seed: 7)
      #expect(end == Cycling.end(of: id, startedAt: Scene().now, seed: 7))
      ends.insert(end - Scene().now)
    }
    let (first, last) = (try #require(ends.min()), try #require(ends.max()))
    #expect(first >= .seconds(86_400) && last <= .seconds(86_400 + 216 * 60))
    #expect(last - first > .seconds(7_200), "spread")
  }

  @Test func `a web dyno gets a successor first`() {
    let plan = scene("web=2", hoursAgo: [30, 1]).plan()
    #expect(plan.changeLines == ["± web.1 v1>v1"])
    #expect(plan.changes.first?.reason.code == "cycled")
    #expect(plan.stepLines == ["start web.1@v1#2"])
  }

  @Test func `with its successor up it goes`() {
    var scene = scene("web=2", hoursAgo: [30, 1])
    scene.observed = ["web.1@v1a#2 up"]
    #expect(scene.plan().stepLines == ["stop web.1@v1#1"])
    scene.observed = ["web.1@v1a#2 booting"]
    #expect(scene.plan().stepLines.isEmpty, "not before")
  }

  @Test func `a worker is replaced stop-first, the one that is due longest, alone`() {
    let plan = scene("worker=3", hoursAgo: [30, 31, 29]).plan()
    #expect(plan.stepLines == ["stop worker.2@v1#1"])
    #expect(plan.changes.count == 1)
  }

  @Test func `while one is on its way nobody else goes`() {
    var scene = scene("worker=3", hoursAgo: [30, 1, 29])
    scene.more.remove(at: 1)
    scene.observed = ["worker.2@v1a#2 stopping"]
    #expect(scene.plan().stepLines.isEmpty)
    scene.observed = ["worker.2@v1a#2 booting"]
    #expect(scene.plan().stepLines.isEmpty)
  }

  @Test func `young dynos stay, and the plan says when the next day ends`() throws {
    let scene = scene("web=1 worker=1", hoursAgo: [1, 2])
    let plan = scene.plan()
    #expect(plan.changes.isEmpty)
    let next = try #require(plan.apps.first?.nextCycle)
    #expect(next > scene.now + .seconds(22 * 3_600))
  }

  @Test func `nothing is cycled where it is switched off, or not everything is seen`() {
    var still = scene("web=1", hoursAgo: [30])
    #expect(still.plan(isComplete: false).stepLines.isEmpty)
    still.context = { $0.cycles = false }
    #expect(still.plan().changes.isEmpty)
  }
}
