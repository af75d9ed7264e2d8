// Consent to pass a closed deploy window: for what waits, once, and for nothing that comes later.

import FormationModel
import Testing

@testable import Planning

@Suite struct `Consent to pass a deploy window` {
  private static let deny = DeployWindow(.deny, "00:00-24:00", [], zone: "UTC")
  private static let id = HoldID("window/shop")
  private let app = Scene.app

  /// A closed window, and a commit with that content.
  private func closed(_ content: String) -> Scene {
    var scene = Scene(observed: ["web.1@v1a#1 up"])
    scene.edit = { $0.windows = [Self.deny] }
    scene.remember("web=1", releases: "v1a")
    scene.content = content
    scene.desired = { $0.calendar = Self.calendar }
    return scene
  }

  private static var calendar: WindowCalendar {
    let now = Scene().now
    return WindowCalendar([deny: [WindowTime(now, now + .seconds(60))]])
  }

  private func isHeld(_ plan: Plan) -> Bool { plan.holds.contains { $0.id == Self.id } }

  /// Writes what the plan remembers.
  private func write(_ plan: Plan, _ scene: inout Scene) {
    for case .remember(let changes) in plan.next.map(\.operation) {
      for change in changes { scene.memory.apply(change, releasesKept: 10) }
    }
  }

  @Test func `by hand lets this wish through, and is gone when it is in force`() {
    var scene = closed("b")
    scene.memory.apply(.confirm(Self.id), releasesKept: 10)
    let plan = scene.plan()
    #expect(plan.memoryLines == ["confirm", "withdraw", "record v2"])
    write(plan, &scene)
    #expect(!scene.memory.confirmed.contains(Self.id))
    #expect(scene.plan().memoryLines.contains("withdraw"))
    write(scene.plan(), &scene)
    #expect(scene.memory.confirmed.isEmpty)
    scene.content = "c"
    #expect(isHeld(scene.plan()))
  }

  @Test func `counts while the wish is on its way, and not for another one`() {
    var scene = closed("b")
    let unready: (inout PlanningContext) -> Void = { context in
      context.underWay = [.content(ContentDigest(rawValue: "slug-d"))]
    }
    scene.content = "d"
    scene.context = unready
    scene.memory.apply(.confirm(Self.id), releasesKept: 10)
    write(scene.plan(), &scene)
    #expect(scene.memory.confirmed.count == 1 && !scene.memory.confirmed.contains(Self.id))
    #expect(!isHeld(scene.plan()))
    // Something else is pushed before it is in force.
    scene.content = "c"
    #expect(isHeld(scene.plan()))
    write(scene.plan(), &scene)
    #expect(scene.memory.confirmed.isEmpty)
  }

  @Test func `with nothing to free is not kept for later`() {
    var scene = closed("a")
    scene.memory.apply(.confirm(Self.id), releasesKept: 10)
    #expect(scene.plan().memoryLines == ["withdraw"])
  }

  @Test func `by trailer counts when its commit is seen for the first time`() {
    var scene = closed("b")
    scene.desired = {
      $0.calendar = Self.calendar
      $0.consents = [Self.id]
    }
    // The commit was taken over before: another repository's slug moved.
    #expect(isHeld(scene.plan()))
    scene.memory.revision = RevisionID(rawValue: "0ld")
    let plan = scene.plan()
    #expect(!isHeld(plan))
    #expect(plan.memoryLines == ["take over", "confirm", "record v2"])
    write(plan, &scene)
    #expect(!isHeld(scene.plan()))
    write(scene.plan(), &scene)
    #expect(scene.memory.confirmed.isEmpty)
  }
}
