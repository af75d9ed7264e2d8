// Since when things are as they are: noted when it changes, never otherwise.

import FormationModel
import Planning
import Testing

@Suite struct `Since-times` {
  private let sync = SinceSubject.sync(Scene.app)
  private let health = SinceSubject.health(Scene.app)

  @Test func `what has not changed is not written again`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 up"])
    scene.remember("worker=1", releases: "v1a")
    #expect(scene.plan().next == [])
    scene.memory.since = [:]
    let expected: [MemoryChange] = [
      .mark(health, Since("Healthy/AllUp", at: scene.now)),
      .mark(sync, Since("Synced/Matches", at: scene.now)),
    ]
    #expect(scene.plan().platform == expected)
    scene.write(scene.plan())
    scene.now = scene.now + .seconds(60)
    #expect(scene.plan().platform == [])
  }

  @Test func `a hold, and what it holds, begin when they are first seen, and end with it`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 up"])
    scene.remember("worker=1", releases: "v1a")
    scene.edit = { $0.suspension = .deploys }
    let hold = SinceSubject.hold(HoldID("suspended/shop"))
    let began = scene.now
    scene.write(scene.plan())
    #expect(scene.memory.since[hold]?.at == began)
    #expect(scene.memory.since(sync, "OutOfSync/Held") == began)
    #expect(scene.memory.since(sync, "Synced/Matches") == nil)
    scene.now = scene.now + .seconds(60)
    #expect(scene.plan().platform == [])
    scene.edit = { _ in }
    #expect(scene.plan().platform.contains(.unmark(hold)))
  }

  @Test func `crashes begin with the first, through every start between, and end when it is up`() {
    let crashes = SinceSubject.crashes(SlotID(Scene.app, Scene.worker, 1))
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 exit1@99 crashes=5"])
    scene.remember("worker=1", releases: "v1a")
    let first = scene.now + .seconds(-99)
    scene.write(scene.plan())
    #expect(scene.memory.since[crashes]?.at == first)
    let degraded = scene.memory.since[health]
    #expect(degraded?.state == "Degraded/Crashing")
    scene.observed = ["worker.1@v1a#2 booting crashes=6"]
    scene.write(scene.plan())
    #expect(scene.memory.since[crashes]?.at == first)
    #expect(scene.memory.since[health] == degraded)
    scene.now = scene.now + .seconds(60)
    scene.observed = ["worker.1@v1a#2 exit1@99 crashes=6"]
    scene.write(scene.plan())
    #expect(scene.memory.since[crashes]?.at == first)
    #expect(scene.memory.since[health] == degraded)
    scene.observed = ["worker.1@v1a#3 up crashes=7"]
    scene.write(scene.plan())
    #expect(scene.memory.since[crashes] == nil)
    #expect(scene.memory.since[health]?.state == "Healthy/AllUp")
  }

  @Test func `crashes go on while a dyno is up and has not lived well`() {
    let crashes = SinceSubject.crashes(SlotID(Scene.app, Scene.worker, 1))
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 exit1@50 crashes=2"])
    scene.remember("worker=1", releases: "v1a")
    scene.edit = { $0.processes[0].minHealthy = .milliseconds(500) }
    let first = scene.now + .seconds(-50)
    scene.write(scene.plan())
    scene.observed = ["worker.1@v1a#2 booting crashes=3"]
    #expect(scene.plan().apps[0].dynos[0].state == .up, "it started a second ago")
    scene.write(scene.plan())
    #expect(scene.memory.since[crashes]?.at == first)
    scene.observed = ["worker.1@v1a#2 exit1@99 crashes=3"]
    scene.write(scene.plan())
    #expect(scene.memory.since[crashes]?.at == first)
  }

  @Test func `a first crash begins anew, whatever was noted`() {
    let crashes = SinceSubject.crashes(SlotID(Scene.app, Scene.worker, 1))
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 exit1@3"])
    scene.remember("worker=1", releases: "v1a")
    scene.memory.since[crashes] = Since("crashing", at: scene.now + .seconds(-5000))
    scene.write(scene.plan())
    #expect(scene.memory.since[crashes]?.at == scene.now + .seconds(-3))
    #expect(scene.plan().platform == [])
  }

  @Test func `after a restart of Muster healths are unknown, not worse`() {
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1", releases: "v1a")
    scene.context = { $0.health = [:] }
    let plan = scene.plan()
    #expect(plan.apps[0].health.value == .progressing)
    #expect(plan.platform == [])
  }

  @Test func `a part of the world, or of the apps, says nothing of the rest`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 exit1@3"])
    scene.remember("worker=1", releases: "v1a")
    #expect(scene.plan(isComplete: false).platform == [])
    scene.context = { $0.only = [] }
    #expect(scene.plan().platform == [])
  }
}

extension Scene {
  static let worker = ProcessType(rawValue: "worker").unsafelyUnwrapped

  /// Memory takes over what the plan wants written; the store does the same.
  mutating func write(_ plan: Plan) {
    for step in plan.next {
      guard case .remember(let changes) = step.operation else { continue }
      for change in changes { memory.apply(change, releasesKept: 10) }
    }
  }
}
