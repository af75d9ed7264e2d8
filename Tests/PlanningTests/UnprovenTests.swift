// What cannot be read or proven keeps its own slot from being started, and nothing else.

import FormationModel
import Planning
import Testing

@Suite struct `What is not proven to be ours` {
  @Test func `keeps its slot from being started, and says what frees it`() {
    var scene = Scene(formation: "worker=2", observed: ["worker.2@v1a#1 up"])
    scene.remember("worker=2", releases: "v1a")
    scene.unproven = ["worker.1@v1a#1"]
    let plan = scene.plan()
    #expect(plan.stepLines == [])
    #expect(plan.holds.map(\.id) == [HoldID("unproven/shop.worker.1.v1.1")])
    #expect(plan.holds.map(\.code) == ["UnprovenInstance"])
    #expect(plan.holds.first?.release == "look at worker.1@v1a#1")
    #expect(plan.waits.map(\.cause) == [.unproven])
    #expect(plan.apps[0].sync.reason == .held)
    #expect(plan.leftAlone == ["worker.1@v1a#1: no record"])
  }

  @Test func `lets every other slot be stopped, started and replaced`() {
    var scene = Scene(
      formation: "worker=3", content: "b",
      observed: ["worker.2@v1a#1 up", "worker.3@v1a#1 exit1@60", "worker.4@v1a#1 up"])
    scene.remember("worker=4", releases: "v1a v2b")
    scene.unproven = ["worker.1@v1a#1"]
    #expect(scene.plan().stepLines == ["stop worker.4@v1#1"])
    scene.observed = ["worker.2@v1a#1 up", "worker.3@v1a#1 exit1@60"]
    #expect(scene.plan().stepLines == ["start worker.3@v2#2"])
    scene.observed = ["worker.2@v1a#1 up", "worker.3@v2b#2 up"]
    #expect(scene.plan().stepLines == ["stop worker.2@v1#1"])
  }

  @Test func `is not shown as empty by a dyno of the same slot that ends`() {
    var scene = Scene(formation: "worker=1", observed: ["worker.1@v1a#2 exit1@60"])
    scene.remember("worker=1", releases: "v1a")
    scene.unproven = ["worker.1@v1a#1"]
    #expect(scene.plan().stepLines == [])
  }

  @Test func `keeps what serves in its slot from being stopped for a replacement`() {
    var scene = Scene(formation: "worker=1", content: "b", observed: ["worker.1@v1a#2 up"])
    scene.remember("worker=1", releases: "v1a v2b")
    scene.unproven = ["worker.1@v1a#1"]
    #expect(scene.plan().stepLines == [])
    #expect(scene.plan().holds.map(\.code) == ["UnprovenInstance"])
  }

  @Test func `counts as a dyno of its type, above the quantity too`() {
    var scene = Scene(formation: "clock=1", observed: ["clock.1@v1a#1 exit1@60"])
    scene.remember("clock=1", releases: "v1a")
    scene.unproven = ["clock.2@v1a#1"]
    #expect(scene.plan().stepLines == [])
    #expect(scene.plan().holds.map(\.code) == ["UnprovenInstance"])
  }

  @Test func `is no matter where nothing has to be started`() {
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1", releases: "v1a")
    scene.unproven = ["web.1@v1a#2", "web.2@v1a#1"]
    #expect(scene.plan().isConverged)
  }

  @Test func `keeps its release's number from being used again when the store is lost`() {
    var scene = Scene(formation: "web=1")
    scene.unproven = ["worker.1@v7a#1"]
    #expect(scene.plan().memoryLines.contains("record v8"))
  }

  @Test func `a view that lacks a part stops nothing, wherever the part belongs`() {
    var scene = Scene(
      formation: "worker=1", observed: ["worker.1@v1a#1 up", "worker.2@v1a#1 up"])
    scene.remember("worker=2", releases: "v1a")
    #expect(scene.plan(isComplete: false).stepLines == [])
    #expect(scene.plan().stepLines == ["stop worker.2@v1#1"])
  }
}
