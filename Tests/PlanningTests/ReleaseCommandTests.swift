// The release command: when it runs, that it runs once, and what comes of its end.

import FormationModel
import Testing

@testable import Planning

@Suite struct ReleaseCommandTests {
  private static let slot = SlotID.release(of: Scene.app)

  /// An app that runs `a` as v1 and asks for `b`, with a command before each release.
  private func deploying(_ observed: String...) -> Scene {
    var scene = Scene(formation: "web=1", content: "b", observed: observed)
    scene.edit = Self.withCommand
    scene.remember("web=1", releases: "v1a")
    return scene
  }

  private static func withCommand(_ app: inout DesiredApp) {
    app.processes.append(
      DesiredProcess(
        type: .release, command: "migrate", quantity: 0, size: "standard-1x".catalogName))
    app.processes.sort { $0.type < $1.type }
  }

  /// The scene with a dyno of v2's command in that phase.
  private func with(_ phase: InstancePhase, _ scene: Scene, attempt: Int = 1) -> Scene {
    var scene = scene
    scene.more = [
      ObservedInstance(
        id: .release(2, of: Scene.app, attempt: attempt), phase: phase, form: nil, crashes: 0,
        startedAt: scene.now + .seconds(-5), endpoint: nil)
    ]
    return scene
  }

  private func exited(_ code: Int?, requested: Bool = false) -> InstancePhase {
    .exited(InstanceExit(code: code, at: Scene().now, requested: requested))
  }

  /// v2's command has begun, and that is written down.
  private var begun: Scene { deploying("web.1@v1a#1 up").written.written }

  @Test func `it is recorded, then noted as begun with its start, and nothing else happens`() {
    let first = deploying("web.1@v1a#1 up")
    #expect(first.plan().changeLines == ["* v2", "+ release.1", "± web.1 v1>v2"])
    #expect(first.plan().memoryLines == ["record v2"] && first.plan().stepLines.isEmpty)
    let recorded = first.written
    #expect(recorded.memory.apps[Scene.app]?.currentRelease?.number == 1)
    #expect(recorded.plan().memoryLines == ["v2 begun #1", "attempt release.1#1"])
    #expect(recorded.plan().stepLines == ["start release.1@v2#1"])
  }

  @Test func `it succeeds, and the release goes live`() {
    let running = with(.running, begun)
    #expect(running.plan().stepLines.isEmpty && running.plan().memoryLines.isEmpty)
    let ended = with(exited(0), begun)
    #expect(ended.plan().memoryLines == ["v2 succeeded"])
    let succeeded = ended.written
    #expect(succeeded.plan().memoryLines == ["v2 live"])
    #expect(succeeded.plan().stepLines == ["remove release.1@v2#1"])
    let live = succeeded.written
    #expect(live.memory.apps[Scene.app]?.currentRelease?.number == 2)
    #expect(live.plan().stepLines.contains("start web.1@v2#2"))
  }

  @Test(arguments: [1, 143, nil] as [Int?])
  func `it fails, nothing is replaced, and the content is held`(_ code: Int?) {
    let failed = with(exited(code), begun).written
    #expect(failed.memory.apps[Scene.app]?.currentRelease?.number == 1)
    #expect(failed.plan().holds.map(\.code) == ["ContentHeld"])
    #expect(!failed.plan().changeLines.contains { $0.contains("web.1") })
    var fixed = failed
    fixed.content = "c"
    fixed.more = []
    #expect(fixed.plan().memoryLines == ["record v3"] && fixed.plan().holds.isEmpty)
    var again = failed
    again.more = []
    let order = Order(by: "ada", at: again.now, .retry(Scene.app))
    again.memory.apply(.order(order), releasesKept: 10)
    #expect(again.plan().memoryLines == ["record v3"], "a new number for another try")
  }

  @Test func `what ran it is gone: nobody knows, and it is never run again by itself`() {
    let unknown = begun.written
    #expect(begun.plan().memoryLines == ["v2 unknown"])
    #expect(unknown.plan().holds.map(\.code) == ["ContentHeld"])
    #expect(unknown.plan().memoryLines.isEmpty && unknown.plan().stepLines.isEmpty)
    // It was only not seen: its end counts.
    let back = with(exited(0), unknown).written
    #expect(back.plan().holds.isEmpty && back.plan().memoryLines == ["v2 live"])
  }

  @Test func `a part of the world proves nothing`() {
    #expect(begun.plan(isComplete: false).memoryLines.isEmpty)
  }

  @Test func `made and never started, it may begin`() {
    let created = with(.created, begun)
    #expect(created.plan().memoryLines == ["v2 pending"])
    let pending = created.written
    #expect(pending.plan().stepLines == ["remove release.1@v2#1"])
    var swept = pending
    swept.more = []
    #expect(swept.plan().stepLines == ["start release.1@v2#2"])
  }

  @Test func `it may take as long as the manifest says`() {
    var late = with(.running, begun)
    late.edit = {
      Self.withCommand(&$0)
      $0.releaseTimeout = .seconds(3)
    }
    #expect(late.plan().stepLines == ["stop release.1@v2#1"])
    let stopped = with(exited(143, requested: true), late)
    #expect(stopped.plan().memoryLines == ["v2 timed out"])
  }

  @Test func `other content waits for its end, then runs its own`() {
    var other = with(.running, begun)
    other.content = "c"
    #expect(other.plan().memoryLines.isEmpty && other.plan().stepLines.isEmpty)
    var ended = with(exited(0), other).written
    #expect(ended.plan().stepLines == ["remove release.1@v2#1"])
    ended.more = []
    #expect(ended.plan().memoryLines == ["record v3"])
  }

  @Test func `a rollback and a new version of a secret run none`() {
    var scene = deploying("web.1@v2b#2 up")
    scene.remember("web=1", releases: "v1a v2b")
    let order = Order(by: "ada", at: scene.now, .rollback(Scene.app, to: 1))
    scene.memory.apply(.order(order), releasesKept: 10)
    #expect(scene.plan().memoryLines == ["record v3"])
    #expect(scene.written.memory.apps[Scene.app]?.currentRelease?.number == 3)
  }

  @Test func `a suspension holds it, and its end is noted all the same`() {
    var scene = with(exited(0), begun)
    let order = Order(by: "ada", at: scene.now, .suspend(.apps([Scene.app]), .deploys))
    scene.memory.apply(.order(order), releasesKept: 10)
    #expect(scene.plan().memoryLines == ["v2 succeeded"])
    let held = scene.written
    #expect(held.plan().memoryLines.isEmpty, "it goes live once it may")
  }
}
