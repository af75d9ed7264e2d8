// Web dynos that were healthy and fail their check.

import FormationModel
import Planning
import Testing

@Suite struct LivenessTests {
  /// Two web dynos that stood; the first one has failed its check that often, for that long.
  private func scene(failures: Int, seconds: Int, restartAfter: Int? = 60) -> Scene {
    var scene = Scene()
    scene.formation = "web=2"
    scene.remember("web=2", releases: "v1a")
    scene.observed = ["web.1@v1a#1 booting", "web.2@v1a#1 up"]
    var record = HealthRecord()
    record.failures = failures
    record.last = .status(500)
    record.hasBeenHealthy = true
    record.failingSince = scene.now + .seconds(-seconds)
    scene.health[scene.instance("web.1@v1a#1 up").id] = record
    scene.edit = { app in
      for index in app.processes.indices {
        app.processes[index].healthcheck.path = "/healthz"
        app.processes[index].healthcheck.restartAfter = restartAfter.map { .seconds($0) }
      }
    }
    return scene
  }

  @Test func `one or two bad answers are no verdict`() {
    let plan = scene(failures: 2, seconds: 90).plan()
    #expect(plan.waits.isEmpty && plan.changes.isEmpty)
    #expect(plan.apps.first?.watched.count == 2, "both go on being checked")
  }

  @Test func `it waits until its time is over`() throws {
    let scene = scene(failures: 3, seconds: 20)
    let plan = scene.plan()
    #expect(plan.stepLines.isEmpty)
    #expect(plan.waits.first?.until == scene.now + .seconds(40))
    #expect(plan.apps.first?.health.reason == .checkFailing)
  }

  @Test func `then it is replaced`() {
    let plan = scene(failures: 30, seconds: 60).plan()
    #expect(plan.stepLines == ["stop web.1@v1#1"])
    #expect(plan.changes.first?.reason == .checkFailing(.status(500), limit: .seconds(60)))
    #expect(plan.apps.first?.health.reason == .checkFailing)
  }

  @Test func `without restart_after it never is`() {
    let plan = scene(failures: 300, seconds: 6_000, restartAfter: nil).plan()
    #expect(plan.stepLines.isEmpty)
    #expect(plan.waits.map(\.until) == [nil])
  }

  @Test func `what all of them lack is not mended by stopping all of them`() {
    var scene = scene(failures: 30, seconds: 60)
    let first = scene.instance("web.1@v1a#1 up").id
    scene.observed[1] = "web.2@v1a#1 booting"
    scene.health[scene.instance("web.2@v1a#1 up").id] = scene.health[first]
    #expect(scene.plan().stepLines == ["stop web.1@v1#1"])
    scene.observed[0] = "web.1@v1a#1 stopping"
    #expect(scene.plan().stepLines.isEmpty, "one at a time")
  }

  @Test func `where the manifest says no path nobody goes on being checked`() {
    var scene = scene(failures: 0, seconds: 0)
    scene.edit = { _ in }
    #expect(scene.plan().apps.first?.watched.isEmpty == true)
  }

  // MARK: - Memory

  @Test func `what ran out of memory goes as a whole, and comes again`() {
    var scene = Scene(formation: "web=2", observed: ["web.1@v1a#1 starved", "web.2@v1a#1 up"])
    scene.remember("web=2", releases: "v1a")
    let plan = scene.plan()
    #expect(plan.stepLines == ["kill web.1@v1#1"])
    #expect(plan.changes.map(\.reason) == [.outOfMemory])
    #expect(plan.apps.first?.sync.value == .outOfSync)
    scene.observed[0] = "web.1@v1a#1 exit137@0"
    #expect(scene.plan().stepLines.contains("start web.1@v1#2"))
  }

  @Test func `of those that serve one goes at a time, and without its requests`() {
    var scene = Scene(
      formation: "web=2", observed: ["web.1@v1a#1 starved", "web.2@v1a#1 starved"])
    scene.remember("web=2", releases: "v1a")
    for text in ["web.1@v1a#1 up", "web.2@v1a#1 up"] {
      var record = HealthRecord()
      record.successes = 2
      record.hasBeenHealthy = true
      scene.health[scene.instance(text).id] = record
    }
    #expect(scene.plan().stepLines == ["kill web.1@v1#1"])
    scene.observed[0] = "web.1@v1a#1 exit137@0"
    #expect(!scene.plan().stepLines.contains("kill web.2@v1#1"))
  }

  @Test func `it goes also while a commit waits`() {
    var scene = Scene(formation: "web=2", content: "b", observed: ["web.1@v1a#1 starved"])
    scene.remember("web=1", releases: "v1a")
    scene.edit = { $0.suspension = .deploys }
    #expect(scene.plan().stepLines.contains("kill web.1@v1#1"))
  }

  @Test func `of a part of the machine nothing is ended`() {
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 starved"])
    scene.remember("web=1", releases: "v1a")
    #expect(scene.plan(isComplete: false).stepLines.isEmpty)
  }
}
