// The postdeploy script: when it is due, that it runs once, and what comes of its end.

import FormationModel
import Testing

@testable import Planning

@Suite struct PostdeployTests {
  /// An app that stands for the first time, with a script that is to run then.
  private var standing: Scene {
    var scene = Scene(formation: "web=1", content: "a", observed: ["web.1@v1a#1 up"])
    scene.edit = { $0.postdeploy = "seed" }
    scene.remember("web=1", releases: "v1a")
    scene.memory.apps[Scene.app]?.accepted?.postdeploy = "seed"
    scene.memory.apps[Scene.app]?.convergence = nil
    scene.memory.apps[Scene.app]?.attempts = [SlotID(Scene.app, .web, 1): 1]
    return scene
  }

  private func with(_ phase: InstancePhase, _ scene: Scene) -> Scene {
    var scene = scene
    scene.more = [
      ObservedInstance(
        id: .postdeploy(1, of: Scene.app, attempt: 1), phase: phase, form: nil, crashes: 0,
        startedAt: scene.now + .seconds(-5), endpoint: nil)
    ]
    return scene
  }

  private func exited(_ code: Int?) -> InstancePhase {
    .exited(InstanceExit(code: code, at: Scene().now, requested: false))
  }

  private var begun: Scene { standing.written.written }

  @Test func `it is due when the app stands for the first time, and begins after that is noted`() {
    #expect(standing.plan().changeLines == ["+ postdeploy.1"])
    #expect(standing.plan().memoryLines == ["converged", "postdeploy pending"])
    #expect(standing.plan().stepLines.isEmpty)
    let due = standing.written
    #expect(due.plan().changeLines == ["+ postdeploy.1"])
    #expect(due.plan().memoryLines == ["postdeploy begun #1", "attempt postdeploy.1#1"])
    #expect(due.plan().stepLines == ["start postdeploy.1@v1#1"])
  }

  @Test func `it succeeds, and never runs again`() {
    let running = with(.running, begun)
    #expect(running.plan().stepLines.isEmpty && running.plan().memoryLines.isEmpty)
    #expect(!running.plan().isConverged)
    let ended = with(exited(0), begun)
    #expect(ended.plan().memoryLines == ["postdeploy succeeded"])
    let succeeded = ended.written
    #expect(succeeded.plan().stepLines == ["remove postdeploy.1@v1#1"])
    var after = succeeded
    after.more = []
    #expect(after.plan().isConverged)
    // Also for an app that left and came back.
    after.memory.apps[Scene.app]?.convergence = nil
    #expect(after.plan().memoryLines == ["converged"])
  }

  @Test(arguments: [1, 143, nil] as [Int?])
  func `it fails: the app runs on, and somebody is told until it is seen to`(_ code: Int?) {
    let failed = with(exited(code), begun).written
    let plan = failed.plan()
    #expect(plan.holds.map(\.id.rawValue) == ["postdeploy/shop"])
    #expect(plan.apps.first?.health.value == .healthy && plan.changeLines.isEmpty)
    var confirmed = failed
    confirmed.memory.confirmed.insert(HoldID("postdeploy/shop"))
    #expect(confirmed.plan().holds.isEmpty)
    #expect(confirmed.plan().memoryLines.contains("postdeploy live"))
    var retried = failed
    retried.memory.apply(
      .order(Order(by: "ada", at: failed.now, .retry(Scene.app))), releasesKept: 10)
    retried.more = []
    #expect(retried.plan().stepLines == ["start postdeploy.1@v1#2"])
  }

  @Test func `nobody knows whether it ran: it is not run again`() {
    let lost = begun.written
    #expect(lost.plan().holds.map(\.code) == ["PostdeployFailed"])
    #expect(lost.plan().stepLines.isEmpty)
  }

  @Test func `an app that stood before is not given one`() {
    var known = standing
    known.remember("web=1", releases: "v1a")
    #expect(known.memory.apps[Scene.app]?.convergence != nil)
    #expect(known.plan().isConverged)
    // Memory was lost: what runs, or what is left of it, was started by an earlier one.
    var lost = standing
    lost.memory = Memory()
    #expect(lost.plan().changeLines == ["* v1"])
    #expect(lost.plan().memoryLines.contains("postdeploy live"))
  }

  @Test func `an app that leaves and comes back has had its first time, if it has stood`() {
    var known = standing
    known.remember("web=1", releases: "v1a")
    known.memory.apply(.forget(Scene.app), releasesKept: 10)
    #expect(known.memory.apps[Scene.app]?.postdeploy?.phase == .live)
    var pending = standing.written
    pending.memory.apply(.forget(Scene.app), releasesKept: 10)
    #expect(pending.memory.apps[Scene.app]?.postdeploy == nil)
  }

  @Test func `git has it no more before it begins`() {
    var dropped = standing.written
    dropped.edit = { $0.postdeploy = nil }
    dropped.memory.apps[Scene.app]?.accepted?.postdeploy = nil
    #expect(dropped.plan().memoryLines == ["postdeploy live"])
    #expect(dropped.plan().stepLines.isEmpty)
  }

  @Test func `a process type of that name is none of its business`() {
    var scene = Scene(formation: "web=1 postdeploy=1", content: "a", observed: [])
    scene.edit = { $0.postdeploy = "seed" }
    #expect(scene.plan().changeLines.filter { $0.contains("postdeploy") }.count == 2)
  }
}
