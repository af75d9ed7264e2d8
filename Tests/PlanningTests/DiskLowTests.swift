// A disk that is nearly full: nothing new is begun, everything else goes on.

import FormationModel
import Testing

@testable import Planning

@Suite struct DiskLowTests {
  private func scene(_ content: String, _ observed: String...) -> Scene {
    var scene = Scene(formation: "web=1", content: content, observed: observed)
    scene.remember("web=1", releases: "v1a")
    scene.world = { $0.shortage = DiskShortage(free: 16 << 20, wanted: 2_000_000_000) }
    return scene
  }

  @Test func `a new release waits`() {
    let plan = scene("b", "web.1@v1a#1 up").plan()
    #expect(plan.holds.map(\.code) == ["DiskLow"])
    #expect(plan.stepLines.isEmpty && !plan.memoryLines.contains { $0.hasPrefix("record") })
  }

  @Test func `what runs is repaired, and quantities count`() {
    let plan = scene("a", "web.1@v1a#1 exit1@5").plan()
    #expect(plan.holds.isEmpty)
    #expect(plan.stepLines.contains("start web.1@v1#2"))
  }

  @Test func `going back passes`() {
    var scene = scene("b", "web.1@v2b#2 up")
    scene.remember("web=1", releases: "v1a v2b")
    scene.memory.apply(
      .order(Order(by: "ada", at: scene.now, .rollback(Scene.app, to: 1))), releasesKept: 10)
    #expect(scene.plan().memoryLines.contains("record v3"))
  }

  @Test func `what stands in for held content needs no room`() {
    var scene = scene("b", "web.1@v1a#1 up")
    scene.remember("web=1", releases: "v1a v2b")
    scene.memory.apply(
      .order(Order(by: "ada", at: scene.now, .rollback(Scene.app, to: 1))), releasesKept: 10)
    scene = scene.written
    scene.formation = "web=2"
    #expect(scene.plan().holds.map(\.code) == ["ContentHeld"])
    #expect(scene.plan().changeLines.contains { $0.contains("web.2") })
  }

  @Test func `what runs is repaired also when only the memory of it got lost`() {
    var scene = scene("a", "web.1@v1a#1 up")
    scene.memory = Memory()
    #expect(scene.plan().holds.isEmpty)
  }

  @Test(arguments: [
    (free: 1 << 30, capacity: 100 << 30, isLow: true), (3 << 30, 100 << 30, false),
    (40 << 20, 1 << 30, true), (100 << 20, 1 << 30, false), (0, 512 << 20, false),
  ])
  func `low is a share of the disk, and at most 2 GB`(
    _ disk: (free: Int, capacity: Int, isLow: Bool)
  ) {
    let shortage = DiskShortage.of(free: Int64(disk.free), capacity: Int64(disk.capacity))
    #expect((shortage != nil) == disk.isLow)
  }
}
