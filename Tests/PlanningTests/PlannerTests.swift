// The planner on single scenes: each test is one row of what it has to decide.

import FormationModel
import Testing

@testable import Planning

@Suite struct PlannerTests {
  @Test func `a first deploy records the release before anything starts`() {
    let plan = Scene(formation: "web=2 worker=1").plan()
    #expect(plan.changeLines == ["* v1", "+ web.1", "+ web.2", "+ worker.1"])
    #expect(plan.memoryLines == ["take over", "accept", "record v1"])
    #expect(plan.stepLines.isEmpty)
  }

  @Test func `a recorded release starts every empty slot, each attempt written first`() {
    var scene = Scene(formation: "web=2")
    scene.remember("web=2", releases: "v1a")
    scene.memory.apps[Scene.app]?.convergence = nil
    scene.memory.apps[Scene.app]?.attempts = [:]
    let plan = scene.plan()
    #expect(plan.memoryLines == ["attempt web.1#1", "attempt web.2#1"])
    #expect(plan.stepLines == ["start web.1@v1#1", "start web.2@v1#1"])
  }

  @Test func `what runs as asked needs nothing`() {
    var scene = Scene(formation: "web=2", observed: ["web.1@v1a#1 up", "web.2@v1a#1 up"])
    scene.remember("web=2", releases: "v1a")
    let plan = scene.plan()
    #expect(plan.isConverged)
  }

  @Test func `more dynos start beside those that run, fewer stop the highest numbers`() {
    var scene = Scene(formation: "worker=3", observed: ["worker.1@v1a#1 up"])
    scene.remember("worker=1", releases: "v1a")
    #expect(scene.plan().changeLines == ["+ worker.2", "+ worker.3"])
    #expect(scene.plan().changes[0].reason == .quantityRaised(from: 1, to: 3))
    scene.formation = "worker=0"
    #expect(scene.plan().changeLines == ["- worker.1"])
    #expect(scene.plan().stepLines == ["stop worker.1@v1#1"])
  }

  @Test func `web is replaced start-first, within the surge`() {
    var scene = Scene(
      formation: "web=2", content: "b", observed: ["web.1@v1a#1 up", "web.2@v1a#1 up"])
    scene.remember("web=2", releases: "v1a v2b")
    let plan = scene.plan()
    #expect(plan.changeLines == ["± web.1 v1>v2", "± web.2 v1>v2"])
    #expect(plan.stepLines == ["start web.1@v2#2"])
    #expect(plan.waits.map(\.cause) == [.turn])
  }

  @Test func `an old web dyno stops once its successor is up, not before`() {
    var scene = Scene(
      formation: "web=1", content: "b", observed: ["web.1@v1a#1 up", "web.1@v2b#2 booting"])
    scene.remember("web=1", releases: "v1a v2b")
    #expect(scene.plan().stepLines.isEmpty)
    scene.observed = ["web.1@v1a#1 up", "web.1@v2b#2 up"]
    #expect(scene.plan().stepLines == ["stop web.1@v1#1"])
  }

  @Test func `other types are replaced stop-first, one at a time`() {
    var scene = Scene(
      formation: "worker=2", content: "b",
      observed: ["worker.1@v1a#1 up", "worker.2@v1a#1 up"])
    scene.remember("worker=2", releases: "v1a v2b")
    #expect(scene.plan().stepLines == ["stop worker.1@v1#1"])
    scene.observed = ["worker.1@v1a#1 stopped", "worker.2@v1a#1 up"]
    #expect(scene.plan().stepLines == ["start worker.1@v2#2"])
    scene.observed = ["worker.1@v1a#1 stopped", "worker.1@v2b#2 booting", "worker.2@v1a#1 up"]
    #expect(scene.plan().stepLines.isEmpty)
    scene.observed = ["worker.1@v1a#1 stopped", "worker.1@v2b#2 up", "worker.2@v1a#1 up"]
    #expect(scene.plan().stepLines == ["remove worker.1@v1#1", "stop worker.2@v1#1"])
  }

  @Test func `newer content supersedes a rollout that is stuck`() {
    var scene = Scene(
      formation: "web=1", content: "c",
      observed: ["web.1@v1a#1 up", "web.1@v2b#2 booting"])
    scene.remember("web=1", releases: "v1a v2b v3c")
    #expect(scene.plan().stepLines == ["stop web.1@v2#2"])
    scene.observed = ["web.1@v1a#1 up", "web.1@v2b#2 stopping"]
    #expect(scene.plan().stepLines == ["start web.1@v3#3"])
  }

  @Test func `a dyno that dies restarts at once, then after growing delays`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 exit1@1"])
    scene.remember("worker=1", releases: "v1a")
    #expect(scene.plan().stepLines == ["start worker.1@v1#2"])
    // It lived less than ten seconds and its predecessor had died as well: the second in a row.
    scene.observed = ["worker.1@v1a#2 exit1@99 crashes=1"]
    scene.memory.apps[Scene.app]?.convergence?.attempts = [:]
    let plan = scene.plan()
    #expect(plan.stepLines == ["start worker.1@v1#3"])
    scene.observed = ["worker.1@v1a#2 exit1@99 crashes=5"]
    let waiting = scene.plan()
    #expect(waiting.stepLines.isEmpty)
    #expect(waiting.waits.count == 1)
    #expect(waiting.apps[0].health.value == .degraded)
  }

  @Test func `a release with other content starts anew after crashes`() {
    var scene = Scene(
      formation: "worker=1", content: "b", observed: ["worker.1@v1a#7 exit1@99 crashes=6"])
    scene.remember("worker=1", releases: "v1a v2b")
    #expect(scene.plan().stepLines == ["start worker.1@v2#8"])
  }

  @Test func `what was never started is removed, never started`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 created"])
    scene.remember("worker=1", releases: "v1a")
    #expect(scene.plan().stepLines == ["remove worker.1@v1#1", "start worker.1@v1#2"])
  }

  @Test func `a grace period that is over ends with a kill`() {
    var scene = Scene(formation: "worker=0", observed: ["worker.1@v1a#1 stopping"])
    scene.remember("worker=1", releases: "v1a")
    #expect(scene.plan().stepLines.isEmpty)
    scene.observed = ["worker.1@v1a#1 overdue"]
    #expect(scene.plan().stepLines == ["kill worker.1@v1#1"])
  }

  @Test func `a dyno whose monitor died is replaced`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 unwatched"])
    scene.remember("worker=1", releases: "v1a")
    let plan = scene.plan()
    #expect(plan.stepLines == ["stop worker.1@v1#1"])
    #expect(plan.changes[0].reason == .unsupervised)
  }

  @Test func `the number of a release is found again by its content when the store is lost`() {
    let scene = Scene(formation: "web=1", observed: ["web.1@v7a#3 up"])
    let plan = scene.plan()
    #expect(plan.memoryLines == ["take over", "accept", "postdeploy live", "record v7"])
    #expect(plan.changeLines == ["* v7"])
  }

  @Test func `an app that asks for what cannot be done yet is held, and what runs stays`() {
    var scene = Scene(formation: "web=3", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1", releases: "v1a")
    scene.edit = { app in
      if app.process(.web)?.quantity == 3 {
        app.unsupported = [UnsupportedField(field: "release", feature: "release command")]
      }
    }
    let plan = scene.plan()
    #expect(plan.holds.map(\.code) == ["NotSupportedYet"])
    #expect(plan.changes.isEmpty)
    #expect(plan.apps[0].sync.reason == .held)
  }

  @Test func `nothing stops while the runtime cannot be read`() {
    var scene = Scene(formation: "web=0", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1", releases: "v1a")
    let app = scene.desiredApp()
    let plan = Planner.plan(
      desired: ResolvedFormation(
        revision: Scene.revision, platform: Platform(catalog: Scene.catalog),
        apps: [ResolvedApp(app: app, content: scene.releaseContent("a", app))]),
      observed: .unavailable(reason: "no answer"), memory: scene.memory,
      context: PlanningContext(now: scene.now, catalog: Scene.catalog))
    #expect(plan.next.isEmpty)
    #expect(plan.apps[0].sync.value == .unknown)
  }

  @Test func `the only app that vanishes is held until somebody consents`() {
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1", releases: "v1a")
    func plan(_ memory: Memory, consents: Set<HoldID> = []) -> Plan {
      Planner.plan(
        desired: ResolvedFormation(
          revision: Scene.revision, platform: Platform(catalog: Scene.catalog), apps: [],
          consents: consents),
        observed: .complete(ObservedFormation(instances: scene.observed.map(scene.instance))),
        memory: memory, context: PlanningContext(now: scene.now, catalog: Scene.catalog))
    }
    let held = plan(scene.memory)
    #expect(held.holds.map(\.code) == ["DeletionBudget"])
    #expect(held.changes.isEmpty && held.stepLines.isEmpty)
    let consented = plan(scene.memory, consents: Set(held.holds.map(\.id)))
    #expect(consented.stepLines == ["stop web.1@v1#1"])
    #expect(consented.memoryLines == ["depart"])
  }
}
