// Going back to an earlier release, by hand and by itself, and what is held then.

import FormationModel
import Testing

@testable import Planning

@Suite struct RollbackTests {
  private let web = ProcessType.web
  private let worker = ProcessType(rawValue: "worker").unsafelyUnwrapped

  /// An app that runs `b` as v2 and ran `a` as v1 before.
  private func deployed(_ formation: String = "web=1", _ observed: String...) -> Scene {
    var scene = Scene(formation: formation, content: "b", observed: observed)
    scene.remember(formation, releases: "v1a v2b")
    scene.memory.apps[Scene.app]?.convergence?.release = 2
    return scene
  }

  private func order(_ scene: Scene, _ wish: Wish) -> (Order, OrderRefusal?) {
    let app = scene.desiredApp()
    let formation = ResolvedFormation(
      revision: Scene.revision, platform: Platform(catalog: Scene.catalog),
      apps: [ResolvedApp(app: app, content: scene.releaseContent(scene.content, app))])
    let order = Order(by: "ada", at: scene.now, reason: "checkout fails", wish)
    let refusal = order.refusal(in: formation, memory: scene.memory, catalog: Scene.catalog)
    return (order.noted(formation, scene.memory), refusal)
  }

  /// The scene after an order that was not refused.
  private func ordered(_ scene: Scene, _ wish: Wish) -> Scene {
    var scene = scene
    let (order, refusal) = order(scene, wish)
    #expect(refusal == nil)
    scene.memory.apply(.order(order), releasesKept: 10)
    return scene
  }

  @Test func `a rollback records the earlier content as a new release and holds what is left`() {
    let scene = ordered(deployed("web=1", "web.1@v2b#2 up"), .rollback(Scene.app, to: nil))
    let plan = scene.plan()
    #expect(plan.changeLines == ["* v3", "± web.1 v2>v3"])
    #expect(plan.memoryLines == ["record v3"])
    #expect(plan.holds.map(\.code) == ["ContentHeld"])
    #expect(plan.changes[0].reason.code == "turned-back")
    let next = scene.written
    #expect(next.memory.apps[Scene.app]?.currentRelease?.summary == "rollback to v1")
    #expect(next.memory.apps[Scene.app]?.currentRelease?.content.slug.digest.rawValue == "slug-a")
    #expect(next.plan().stepLines == ["start web.1@v3#3"])
    #expect(next.plan().holds.map(\.code) == ["ContentHeld"])
  }

  @Test func `what was left is held whatever commit carries it, and other content is not`() {
    let scene =
      ordered(deployed("web=1", "web.1@v2b#2 up"), .rollback(Scene.app, to: 1)).written
    var stands = scene
    stands.observed = ["web.1@v3a#3 up"]
    stands.memory.apps[Scene.app]?.attempts = [SlotID(Scene.app, web, 1): 3]
    #expect(stands.plan().changes.isEmpty)
    #expect(stands.plan().apps[0].sync == SyncStatus(.outOfSync, .held))
    #expect(stands.plan().apps[0].health.value == .healthy)
    var scaled = stands
    scaled.formation = "web=2"
    #expect(scaled.plan().changeLines == ["+ web.2"], "quantities of later commits count")
    var fixed = stands
    fixed.content = "c"
    #expect(fixed.plan().changeLines == ["* v4", "± web.1 v3>v4"])
    #expect(fixed.plan().holds.isEmpty)
    var back = fixed.written
    back.content = "b"
    #expect(back.plan().holds.map(\.code) == ["ContentHeld"], "after other content, too")
    #expect(back.plan().memoryLines.isEmpty || !back.plan().memoryLines.contains("record v5"))
  }

  @Test func `a new version of a secret frees nothing that is held`() throws {
    let config = { (version: Int) in
      [
        ReleaseConfigEntry(
          key: try #require(ConfigKey(rawValue: "KEY")), source: .generated,
          fingerprint: "hash \(version)", secret: SecretVersion(.app, version))
      ]
    }
    let base = deployed().releaseContent("b", deployed().desiredApp())
    let contents = try (1...2).map { version in
      ReleaseContent(
        digest: ContentDigest(rawValue: "b\(version)"), slug: base.slug, stack: base.stack,
        commands: base.commands, config: try config(version))
    }
    #expect(contents[0] != contents[1] && contents[0].isSameByHand(as: contents[1]))
    #expect(!contents[0].isSameByHand(as: base))
  }

  /// `shop` was taken back from a commit that has `jobs` in place of `worker`; that `worker` leaves
  /// git is consented to, so that what is held alone keeps it.
  private func renamed() -> Scene {
    var scene = deployed("web=1 worker=1", "web.1@v2b#2 up")
    scene = ordered(scene, .rollback(Scene.app, to: 1))
    scene.formation = "jobs=1 web=1"
    let left = scene.releaseContent("b", scene.desiredApp())
    let (now, revision) = (scene.now, Scene.revision.id)
    scene.memory.apps[Scene.app]?.overrides.heldContents = [
      HeldContent(
        left, release: 2, back: 1, .rolledBack, origin: OrderOrigin(by: "ada", at: now))
    ]
    scene.memory.apps[Scene.app]?.releases[1] = Release(
      number: 2, content: left, revision: revision, recordedAt: now, summary: "test")
    let consents = Set(scene.plan().platformHolds.map(\.id))
    #expect(consents.count == 1)
    scene.memory.confirmed = consents
    return scene
  }

  @Test func `a held Procfile brings no process type and takes none away`() {
    let renamed = renamed()
    let types = Set(renamed.plan().changes.compactMap { $0.slot?.process.rawValue })
    #expect(types == ["web", "worker"])
    // Once that stands, too.
    var scene = renamed.written
    scene.memory.confirmed = renamed.memory.confirmed
    scene.formation = "web=1 worker=1"
    let instances = ["web.1@v3a#3 up", "worker.1@v3a#3 up"].map(scene.instance)
    (scene.formation, scene.observed, scene.more) = ("jobs=1 web=1", [], instances)
    for id in instances.map(\.id) {
      scene.memory.apps[Scene.app]?.attempts[id.slot] = id.attempt
      scene.health[id] = HealthRecord()
      scene.health[id]?.successes = 2
    }
    #expect(scene.plan().changes.isEmpty && scene.plan().memoryLines.contains("converged"))
    let stood = scene.written
    let kept = stood.memory.apps[Scene.app]?.convergence?.processes?.map(\.type.rawValue)
    #expect(kept == ["web", "worker"])
    #expect(stood.plan().changes.isEmpty)
  }

  @Test func `a rollback passes what holds the commit, but not suspend everything`() {
    let scene = ordered(deployed("web=1", "web.1@v2b#2 up"), .rollback(Scene.app, to: 1))
    var missing = scene
    missing.edit = { $0.missingConfig = [ConfigKey(rawValue: "KEY").unsafelyUnwrapped] }
    #expect(missing.plan().memoryLines == ["record v3"])
    #expect(missing.plan().holds.map(\.code) == ["ConfigMissing"])
    let deploys = ordered(scene, .suspend(.apps([Scene.app]), .deploys))
    #expect(deploys.plan().memoryLines == ["record v3"])
    let everything = ordered(scene, .suspend(.apps([Scene.app]), .everything))
    #expect(everything.plan().memoryLines.isEmpty && everything.plan().stepLines.isEmpty)
  }

  @Test func `retry and resume let what was left come again`() {
    let scene =
      ordered(deployed("web=1", "web.1@v2b#2 up"), .rollback(Scene.app, to: 1)).written
    for wish in [Wish.retry(Scene.app), .resume(.apps([Scene.app])), .resume(.all)] {
      let free = ordered(scene, wish)
      #expect(free.plan().holds.isEmpty)
      #expect(free.plan().memoryLines == ["record v4"])
    }
  }

  @Test func `a rollback forward to what was left frees it, and holds the other one`() {
    let scene =
      ordered(deployed("web=1", "web.1@v2b#2 up"), .rollback(Scene.app, to: 1)).written
    let forward = ordered(scene, .rollback(Scene.app, to: 2))
    #expect(forward.plan().holds.isEmpty)
    #expect(forward.plan().memoryLines == ["record v4"])
    let held = forward.memory.apps[Scene.app]?.overrides.heldContents ?? []
    #expect(held.map(\.content.slug.digest.rawValue) == ["slug-a"])
  }

  @Test func `rollbacks that cannot be are refused`() {
    let scene = deployed()
    #expect(order(scene, .rollback(Scene.app, to: 2)).1?.message == "shop is at v2")
    #expect(order(scene, .rollback(Scene.app, to: 7)).1?.fix == "there are: v1")
    var first = Scene()
    #expect(order(first, .rollback(Scene.app, to: nil)).1?.message == "shop has no release yet")
    first.remember("web=1", releases: "v1a")
    #expect(order(first, .rollback(Scene.app, to: nil)).1 != nil)
  }

  // MARK: - By itself

  /// `b` is being rolled out as v2 beside `a`, which stood.
  private func rolling(_ observed: String..., reverts: Bool = true) -> Scene {
    var scene = Scene(formation: "web=1", content: "b", observed: observed)
    scene.remember("web=1", releases: "v1a v2b")
    scene.edit = { $0.rollout.autoRevert = reverts }
    let app = scene.desiredApp()
    scene.memory.apps[Scene.app]?.accepted = app
    return scene
  }

  @Test func `a rollout whose dyno dies three times goes back, and holds the content`() {
    let twice = rolling("web.1@v1a#1 up", "web.1@v2b#3 exit1@1 crashes=1")
    #expect(twice.plan().memoryLines.contains { $0.hasPrefix("turn") } == false)
    let thrice = rolling("web.1@v1a#1 up", "web.1@v2b#4 exit1@1 crashes=2")
    #expect(thrice.plan().memoryLines == ["turn back to v1"])
    #expect(thrice.plan().stepLines.isEmpty)
    let back = thrice.written
    #expect(back.plan().memoryLines == ["record v3"])
    let stands = back.written
    #expect(stands.plan().stepLines == ["remove web.1@v2#4"])
    #expect(stands.plan().holds.map(\.code) == ["ContentHeld"])
    #expect(!stands.plan().changeLines.contains { $0.contains("web.1") })
  }

  @Test func `a new dyno that is not healthy in time is enough`() {
    var scene = rolling("web.1@v1a#1 up", "web.1@v2b#2 booting")
    scene.now = scene.now + .seconds(100)
    scene.context = { context in
      var record = HealthRecord()
      record.failures = 3
      context.health[InstanceID(slot: SlotID(Scene.app, .web, 1), release: 2, attempt: 2)] = record
    }
    scene.edit = {
      $0.rollout.autoRevert = true
      $0.processes[0].healthcheck.bootTimeout = .milliseconds(500)
    }
    let app = scene.desiredApp()
    scene.memory.apps[Scene.app]?.accepted = app
    #expect(scene.plan().memoryLines == ["turn back to v1"])
  }

  @Test func `nothing goes back by itself unless the manifest says so`() {
    let scene = rolling("web.1@v1a#1 up", "web.1@v2b#9 exit1@1 crashes=7", reverts: false)
    #expect(scene.plan().memoryLines.contains { $0.hasPrefix("turn") } == false)
  }

  @Test func `a release that stood once is not left when it crashes later`() {
    var scene = rolling("web.1@v2b#9 exit1@1 crashes=7")
    scene.memory.apps[Scene.app]?.convergence?.release = 2
    #expect(scene.plan().memoryLines.contains { $0.hasPrefix("turn") } == false)
  }

  @Test func `with nothing to go back to the first release is tried again and again`() {
    var scene = Scene(
      formation: "web=1", content: "a", observed: ["web.1@v1a#9 exit1@1000 crashes=7"])
    scene.edit = { $0.rollout.autoRevert = true }
    scene.remember("web=1", releases: "v1a")
    scene.memory.apps[Scene.app]?.convergence = nil
    #expect(scene.plan().stepLines == ["start web.1@v1#10"])
    #expect(scene.plan().apps[0].health.value != .healthy)
  }

  @Test func `new content supersedes a rollout that failed`() {
    let back = rolling("web.1@v1a#1 up", "web.1@v2b#4 exit1@1 crashes=2").written.written
    var fixed = back
    fixed.content = "c"
    #expect(fixed.plan().changeLines == ["* v4", "± web.1 v1>v4"])
    #expect(fixed.plan().holds.isEmpty)
  }
}
