// What is in force by hand, on single scenes.

import FormationModel
import Testing

@testable import Planning

@Suite struct OverrideTests {
  private let worker = ProcessType(rawValue: "worker").unsafelyUnwrapped

  private func running(_ formation: String, _ observed: String...) -> Scene {
    var scene = Scene(formation: formation, observed: observed)
    scene.remember(formation, releases: "v1a")
    return scene
  }

  /// The scene after an order that was not refused.
  private func ordered(_ scene: Scene, _ wish: Wish) -> Scene {
    var scene = scene
    let app = scene.desiredApp()
    let formation = ResolvedFormation(
      revision: Scene.revision, platform: Platform(catalog: Scene.catalog),
      apps: [ResolvedApp(app: app, content: scene.releaseContent("a", app))])
    let order = Order(by: "ada", at: scene.now, reason: "poison job", wish)
    #expect(order.refusal(in: formation, memory: scene.memory, catalog: Scene.catalog) == nil)
    scene.memory.apply(.order(order.noted(formation, scene.memory)), releasesKept: 10)
    return scene
  }

  @Test func `a quantity by hand counts instead of git's, and is shown`() {
    let scene = ordered(
      running("worker=2", "worker.1@v1a#1 up", "worker.2@v1a#1 up"),
      .scale(Scene.app, [ScaleWish(worker, quantity: 0)], until: nil))
    let plan = scene.plan()
    #expect(plan.changeLines == ["- worker.1", "- worker.2"])
    #expect(plan.changes[0].reason == .scaledByHand(from: 2, to: 0, by: "ada"))
    #expect(plan.apps[0].overrides.map(\.subject) == [.quantity(worker, 0, git: 2)])
    #expect(plan.memoryLines.isEmpty, "what was accepted from git stays")
  }

  @Test func `what is in force by hand and stands is synced, and says so`() {
    let scene = ordered(
      running("worker=2", "worker.1@v1a#1 up"),
      .scale(Scene.app, [ScaleWish(worker, quantity: 1)], until: nil))
    var stands = scene
    stands.memory.apps[Scene.app]?.convergence?.quantities[worker] = 1
    stands.memory.apps[Scene.app]?.convergence?.attempts[SlotID(Scene.app, worker, 2)] = nil
    let plan = stands.plan()
    #expect(plan.apps[0].isConverged)
    #expect(plan.apps[0].sync == SyncStatus(.synced, .overridden))
  }

  @Test func `a time that is over ends a scale, in memory too`() {
    let now = Scene().now
    var scene = ordered(
      running("worker=1"),
      .scale(Scene.app, [ScaleWish(worker, quantity: 0)], until: now + .seconds(60)))
    #expect(scene.plan().changes.isEmpty)
    #expect(scene.plan().nextOverrideEnd == now + .seconds(60))
    scene.now = now + .seconds(60)
    let plan = scene.plan()
    #expect(plan.changeLines == ["+ worker.1"])
    #expect(plan.memoryLines.contains("end time-over"))
    #expect(plan.apps[0].overrides.isEmpty)
  }

  @Test func `a commit that changes the field ends the scale, another commit does not`() {
    var scene = ordered(
      running("web=1 worker=1", "web.1@v1a#1 up"),
      .scale(Scene.app, [ScaleWish(worker, quantity: 0)], until: nil))
    scene.formation = "web=2 worker=1"
    #expect(scene.plan().changeLines == ["+ web.2"])
    scene.formation = "web=1 worker=3"
    #expect(scene.plan().changeLines == ["+ worker.1", "+ worker.2", "+ worker.3"])
    #expect(scene.plan().memoryLines.contains("end changed-in-git"))
  }

  @Test func `a stopped slot stays empty, and the others keep their numbers`() {
    let stop = Wish.stop(DynoSelector(Scene.app, worker, 1))
    var scene = ordered(running("worker=2", "worker.1@v1a#1 up", "worker.2@v1a#1 up"), stop)
    #expect(scene.plan().changeLines == ["- worker.1"])
    #expect(scene.plan().changes[0].reason == .stoppedByHand(by: "ada"))
    scene.observed = ["worker.2@v1a#1 up"]
    #expect(scene.plan().changes.isEmpty)
    #expect(scene.plan().apps[0].stopped.map(\.slot.dynoName) == ["worker.1"])
    #expect(scene.plan().apps[0].stopped.map(\.origin.by) == ["ada"])
    scene = ordered(scene, .start(DynoSelector(Scene.app)))
    scene.memory.apps[Scene.app]?.convergence?.attempts[SlotID(Scene.app, worker, 1)] = nil
    #expect(scene.plan().changeLines == ["+ worker.1"])
    #expect(scene.plan().changes[0].reason == .wantedAgain)
  }

  @Test func `one of a stopped type can be started alone`() {
    var scene = ordered(running("worker=2"), .stop(DynoSelector(Scene.app, worker)))
    scene = ordered(scene, .start(DynoSelector(Scene.app, worker, 2)))
    #expect(scene.plan().changeLines == ["+ worker.2"])
    scene = ordered(scene, .stop(DynoSelector(Scene.app, worker, 2)))
    #expect(scene.plan().changes.isEmpty)
    scene = ordered(scene, .resume(.apps([Scene.app])))
    #expect(scene.plan().changeLines == ["+ worker.1", "+ worker.2"])
  }

  @Test func `a restart replaces web beside what runs, and a worker in its place`() {
    let scene = ordered(
      running("web=1 worker=1", "web.1@v1a#1 up", "worker.1@v1a#1 up"),
      .restart(DynoSelector(Scene.app)))
    let plan = scene.plan()
    #expect(plan.changeLines == ["± web.1 v1>v1", "± worker.1 v1>v1"])
    #expect(plan.changes.allSatisfy { $0.reason == .restartAsked(by: "ada") })
    #expect(plan.stepLines == ["start web.1@v1#2", "stop worker.1@v1#1"])
    var done = scene
    done.observed = ["web.1@v1a#2 up", "worker.1@v1a#2 up"]
    #expect(done.plan().changes.isEmpty, "once is enough")
  }

  @Test(arguments: [Wish.restart(DynoSelector(Scene.app)), .retry(Scene.app)])
  func `deaths so far count no more`(_ wish: Wish) {
    var scene = running("web=1", "web.1@v1a#2 exit1@0 crashes=4")
    scene.memory.apps[Scene.app]?.attempts = [SlotID(Scene.app, .web, 1): 2]
    #expect(scene.plan().stepLines.isEmpty, "it backs off")
    #expect(ordered(scene, wish).plan().stepLines == ["start web.1@v1#3"])
  }

  @Test(arguments: [Wish.restart(DynoSelector(Scene.app)), .retry(Scene.app)])
  func `the death of what ran when deaths were forgiven is the first that counts`(_ wish: Wish) {
    var scene = running("worker=1", "worker.1@v1a#2 booting crashes=4")
    let slot = SlotID(Scene.app, worker, 1)
    scene.memory.apps[Scene.app]?.attempts = [slot: 2]
    scene = ordered(scene, wish)
    scene.observed = ["worker.1@v1a#2 exit1@99 crashes=4"]
    let standing = scene.plan().apps[0].dynos[0]
    #expect(standing.state == .crashed)
    #expect(standing.crashes == 1)
    #expect(scene.plan().stepLines == ["start worker.1@v1#3"], "it does not wait")
    scene.memory.apps[Scene.app]?.attempts = [slot: 3]
    scene.observed = ["worker.1@v1a#3 exit1@99 crashes=1"]
    #expect(scene.plan().apps[0].dynos[0].crashes == 2, "it counts on")
  }

  @Test func `a size by hand is not told as a commit's`() {
    let wish = ScaleWish(worker, size: "standard-2x".catalogName)
    var scene = ordered(
      running("worker=1", "worker.1@v1a#1 up"), .scale(Scene.app, [wish], until: nil))
    let change = scene.plan().changes[0]
    #expect(
      change.reason
        == .sizedByHand(
          from: "standard-1x".catalogName, to: "standard-2x".catalogName, by: "ada"))
    #expect(change.because == nil)
    scene.observed = ["worker.1@v1a#1 stopped"]
    #expect(scene.plan().changes[0].reason == change.reason)
    scene.content = "b"
    #expect(scene.plan().changes.last?.reason.code == "outdated")
  }

  @Test func `an order that changes nothing keeps who asked first, and why`() {
    let plain = OrderOrigin(by: "bob", at: LoopTime(milliseconds: 5))
    func again(_ scene: Scene, _ wish: Wish) -> Overrides? {
      let first = ordered(scene, wish)
      var second = first
      let order = Order(by: plain.by, at: plain.at, wish)
      second.memory.apply(.order(order.noted(nil, first.memory)), releasesKept: 10)
      #expect(second.memory.apps == first.memory.apps, "\(wish)")
      return second.memory.apps[Scene.app]?.overrides
    }
    let scene = running("worker=2")
    let size = ScaleWish(worker, quantity: 1, size: "standard-2x".catalogName)
    _ = again(scene, .scale(Scene.app, [size], until: nil))
    _ = again(scene, .suspend(.apps([Scene.app]), .deploys))
    _ = again(scene, .maintenance(Scene.app, true))
    let stopped = again(scene, .stop(DynoSelector(Scene.app, worker)))
    #expect(stopped?.stops.map(\.origin.by) == ["ada"])
    #expect(stopped?.stops.map(\.origin.reason) == ["poison job"])
  }

  @Test func `suspended by hand, a new commit waits and repair goes on`() {
    var scene = ordered(
      running("worker=1", "worker.1@v1a#1 exit1@9"), .suspend(.apps([Scene.app]), .deploys))
    scene.content = "b"
    let plan = scene.plan()
    #expect(plan.stepLines == ["start worker.1@v1#2"])
    #expect(plan.memoryLines == ["attempt worker.1#2"])
    #expect(plan.holds.map(\.code) == ["SuspendedByHand"])
    #expect(plan.holds.map(\.release) == ["muster resume shop"])
    scene = ordered(scene, .suspend(.all, .everything))
    #expect(scene.plan().stepLines.isEmpty)
    #expect(scene.plan().apps[0].dynos.map(\.slot.dynoName) == ["worker.1"], "it is still seen")
    #expect(scene.plan().apps[0].dynos.allSatisfy { $0.nextStart == nil })
    #expect(scene.plan().holds.map(\.release) == ["muster resume --all-apps"])
    #expect(scene.plan().apps[0].health == HealthStatus(.suspended, .suspendedByHand))
    scene = ordered(scene, .resume(.all))
    #expect(scene.plan().changeLines == ["* v2", "± worker.1 v1>v2"])
  }
}
