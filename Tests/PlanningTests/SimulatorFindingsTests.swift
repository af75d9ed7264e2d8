// What seeds of the simulator have shown, each as the scene that it came down to.

import FormationModel
import Testing

@testable import Planning

@Suite struct `What the simulator found` {
  @Test func `an unwatched dyno is replaced although another slot is down`() {
    var scene = Scene(
      formation: "worker=2", observed: ["worker.1@v1a#1 unwatched", "worker.2@v1a#1 booting"])
    scene.remember("worker=2", releases: "v1a")
    scene.memory.apps[Scene.app]?.convergence = nil
    #expect(scene.plan().stepLines == ["stop worker.1@v1#1"])
  }

  @Test func `a web dyno without its monitor ends its requests before it is stopped`() {
    var scene = Scene(formation: "web=1", content: "b")
    scene.observed = ["web.1@v1a#1 unwatched", "web.1@v2b#2 up"]
    scene.remember("web=1", releases: "v1a v2b")
    let old = scene.instance("web.1@v1a#1 unwatched")
    let server = RouteServer(
      old.id, at: Endpoint(address: "10.64.0.1", port: 8080), isDraining: true)
    let drains = [old.id: Draining(since: scene.now + .seconds(-5), isBusy: true)]
    let table = RouteTable(
      entry: RouterEntry(),
      apps: [Scene.app: AppRoutes(hosts: [], absence: .none, servers: [server])])
    let busy = ObservedRouting.table(table, draining: drains)
    #expect(busy.drainEnd(of: old, now: scene.now) == scene.now + .seconds(25))
    let idle = [old.id: Draining(since: scene.now + .seconds(-5), isBusy: false)]
    #expect(ObservedRouting.table(table, draining: idle).drainEnd(of: old, now: scene.now) == nil)
  }

  @Test func `what a commit brings makes no room for what it takes`() throws {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 up"])
    scene.remember("web=3 worker=1", releases: "v1a")
    let held = try #require(scene.plan().holds.first)
    #expect(held.code == "DeletionBudget")
    // Meanwhile the commit's many workers were taken over.
    var app = scene.desiredApp("web=3 worker=50")
    app.processes[1].quantity = 50
    scene.memory.apply(.accept(app, Scene.revision.id), releasesKept: 9)
    #expect(scene.plan().holds.isEmpty, "as if it were within the budget")
    scene.memory.since[.hold(held.id)] = Since("held", at: scene.now)
    #expect(scene.plan().holds.map(\.id).contains(held.id), "but it was held before")
  }

  @Test func `a web that is up at once and dies at once waits longer each time`() {
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 exit1@1 crashes=1"])
    scene.remember("web=1", releases: "v1a")
    scene.context = { context in
      for id in [InstanceID(slot: SlotID(Scene.app, .web, 1), release: 1, attempt: 1)] {
        context.health[id] = HealthRecord()
        context.health[id]?.hasBeenHealthy = true
      }
    }
    // It started 100 s before the scene's time and ended 1 s before it: a good start.
    #expect(scene.plan().stepLines == ["start web.1@v1#2"])
    var brief = scene.instance("web.1@v1a#1 exit1@1 crashes=1")
    brief.startedAt = scene.now + .seconds(-4)
    (scene.observed, scene.more) = ([], [brief])
    #expect(scene.plan().stepLines.isEmpty)
  }

  @Test func `a worker that began in the future of a clock that went back is no young one`() {
    var scene = Scene(formation: "worker=1")
    scene.remember("worker=1", releases: "v1a")
    var worker = scene.instance("worker.1@v1a#1 up")
    worker.startedAt = scene.now + .seconds(3_600)
    scene.more = [worker]
    #expect(scene.plan().waits.isEmpty)
  }

  @Test func `a clock is not started while one above its quantity runs`() {
    var scene = Scene(
      formation: "clock=1", observed: ["clock.1@v1a#1 exit1@1", "clock.2@v1a#1 up"])
    scene.remember("clock=1", releases: "v1a")
    #expect(scene.plan().stepLines == ["stop clock.2@v1#1"])
    scene.observed = ["clock.1@v1a#1 exit1@1", "clock.2@v1a#1 stopping"]
    #expect(scene.plan().stepLines == [])
    scene.observed = ["clock.1@v1a#1 exit1@1"]
    #expect(scene.plan().stepLines == ["start clock.1@v1#2"])
  }

  @Test func `of two old dynos of a type that never runs twice the newest is kept`() {
    var scene = Scene(
      formation: "worker=1", content: "b",
      observed: ["worker.1@v1a#1 up", "worker.1@v1a#2 up"])
    scene.remember("worker=1", releases: "v1a v2b")
    #expect(scene.plan().stepLines == ["stop worker.1@v1#1"])
  }

  @Test func `a surge counts a slot that holds one dyno too many`() {
    var scene = Scene(
      formation: "web=2", content: "c",
      observed: ["web.1@v1a#1 up", "web.1@v2b#2 booting", "web.2@v1a#1 up"])
    scene.remember("web=2", releases: "v1a v2b v3c")
    #expect(scene.plan().stepLines == ["stop web.1@v2#2"])
  }

  @Test func `on a partial view nothing that takes something away is taken over`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#1 up"])
    scene.remember("web=3 worker=1", releases: "v1a")
    #expect(scene.plan(isComplete: false).memoryLines.contains("accept") == false)
    #expect(scene.plan().holds.map(\.code) == ["DeletionBudget"])
  }

  @Test func `on a partial view no slot is empty where an older dyno may still serve`() {
    var scene = Scene(formation: "web=1", content: "b", observed: ["web.1@v2b#2 exit1@60"])
    scene.remember("web=1", releases: "v1a v2b")
    scene.memory.apps[Scene.app]?.attempts = [SlotID(Scene.app, .web, 1): 2]
    #expect(scene.plan(isComplete: false).stepLines == [])
    #expect(scene.plan().stepLines == ["start web.1@v2#3"])
  }

  @Test func `on a partial view the end of the last attempt says nothing of those before`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#2 exit1@60"])
    scene.remember("worker=1", releases: "v1a")
    scene.memory.apps[Scene.app]?.attempts = [SlotID(Scene.app, Scene.worker, 1): 2]
    #expect(scene.plan(isComplete: false).stepLines == [])
    scene.observed = ["worker.1@v1a#1 exit1@90", "worker.1@v1a#2 exit1@60"]
    #expect(scene.plan(isComplete: false).stepLines == ["start worker.1@v1#3"])
  }

  @Test func `suspending everything is remembered`() {
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 exit1@60"])
    scene.remember("web=1", releases: "v1a")
    scene.edit = { $0.suspension = .everything }
    let plan = scene.plan()
    #expect(plan.stepLines == [])
    #expect(plan.memoryLines.contains("accept"))
  }

  @Test func `a slug that got lost is made ready before a repair`() {
    var scene = Scene(formation: "web=2", content: "z", observed: ["web.1@v1z#1 exit1@60"])
    scene.remember("web=1", releases: "v1z")
    scene.edit = { app in
      if app.process(.web)?.quantity == 2 { app.suspension = .deploys }
    }
    #expect(scene.plan().stepLines == ["prepare slug"])
  }
}
