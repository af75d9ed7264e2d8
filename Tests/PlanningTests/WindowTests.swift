// Deploy windows: what waits for them, what does not, and what lets it through.

import FormationModel
import Testing

@testable import Planning

@Suite struct `A deploy window` {
  private static let deny = DeployWindow(
    .deny, "Fri 16:00 - Mon 07:00", [], zone: "Europe/Berlin")
  private static let allow = DeployWindow(.allow, "Mon-Fri 08:00-16:00", [], zone: "UTC")
  private static let id = HoldID("window/shop")
  private let app = Scene.app

  /// Seconds before and after now, as a window's time.
  private static func time(_ from: Int, _ to: Int) -> WindowTime {
    let now = Scene().now
    return WindowTime(
      now + .seconds(from), now + .seconds(to),
      clocks: [WeekClock(day: 4, minute: 960), WeekClock(day: 0, minute: 420)])
  }

  /// An app in force with that window, which is closed, and a commit that asks for other content.
  private func closed(formation: String = "web=1", content: String = "b") -> Scene {
    var scene = Scene(formation: "web=1", observed: ["web.1@v1a#1 up"])
    scene.edit = { $0.windows = [Self.deny] }
    scene.remember("web=1", releases: "v1a")
    scene.formation = formation
    scene.content = content
    scene.desired = { $0.calendar = WindowCalendar([Self.deny: [Self.time(-3600, 7200)]]) }
    return scene
  }

  private func closure(_ plan: Plan) throws -> WindowClosure {
    let hold = try #require(plan.holds.first { $0.id == Self.id })
    guard case .window(let closure) = hold.cause else { throw Missing() }
    return closure
  }

  private struct Missing: Error {}

  @Test func `that is closed holds a release and says until when`() throws {
    let scene = closed()
    let plan = scene.plan()
    #expect(plan.changes.isEmpty && plan.stepLines.isEmpty)
    #expect(plan.memoryLines.isEmpty)
    #expect(plan.apps[0].sync == SyncStatus(.outOfSync, .held))
    #expect(plan.apps[0].health == HealthStatus(.healthy, .allUp))
    let opening = WindowClosure.Opening(
      at: scene.now + .seconds(7200), clock: WeekClock(day: 0, minute: 420), zone: "Europe/Berlin")
    #expect(
      try closure(plan) == WindowClosure(Self.deny, opening: opening, waiting: .release))
    #expect(plan.nextOpening == opening.at)
    #expect(plan.holds[0].canBeConfirmed && plan.holds[0].code == "DeployWindow")
  }

  @Test func `opens by itself`() {
    var scene = closed()
    scene.desired = { $0.calendar = WindowCalendar([Self.deny: [Self.time(-3600, 0)]]) }
    #expect(scene.plan().holds.isEmpty)
    #expect(scene.plan().memoryLines == ["record v2"])
  }

  @Test(arguments: ["web=2", "web=0"]) func `holds settings as well`(formation: String) throws {
    let plan = closed(formation: formation, content: "a").plan()
    #expect(try closure(plan).waiting == .settings)
    #expect(plan.changes.isEmpty)
  }

  @Test func `lets repair, scales and restarts through`() {
    var scene = closed()
    scene.observed = ["web.1@v1a#1 exit1@1"]
    #expect(scene.plan().stepLines.contains("start web.1@v1#2"))
    scene.observed = ["web.1@v1a#1 up"]
    let origin = OrderOrigin(by: "ada", at: scene.now)
    scene.memory.apps[app]?.overrides.scales[.web] = .init()
    scene.memory.apps[app]?.overrides.scales[.web]?.quantity = FieldOverride(
      2, git: 1, until: nil, origin: origin)
    #expect(scene.plan().changeLines == ["+ web.2"])
    scene.memory.apps[app]?.overrides = Overrides()
    scene.memory.apps[app]?.restarts[SlotID(app, .web, 1)] = RestartMark(attempt: 1, by: "ada")
    #expect(scene.plan().changeLines == ["± web.1 v1>v1"])
  }

  @Test func `lets another version of a secret through`() throws {
    let key = try #require(ConfigKey(rawValue: "TOKEN"))
    var scene = closed(content: "a")
    func content(_ print: String) -> ReleaseContent {
      let plain = scene.releaseContent("a", scene.desiredApp())
      let entry = ReleaseConfigEntry(key: key, source: .generated, fingerprint: print)
      return ReleaseContent(
        digest: ContentDigest(rawValue: print), slug: plain.slug, stack: plain.stack,
        commands: plain.commands, config: [entry])
    }
    let (old, new, now) = (content("one"), content("two"), scene.now)
    scene.memory.apps[app]?.releases[0] = Release(
      number: 1, content: old, revision: Scene.revision.id, recordedAt: now, summary: "")
    scene.memory.secrets = [SecretID(app: app, key: key)]
    scene.desired = { [desired = scene.desired] in
      desired(&$0)
      $0.apps[0].content = new
    }
    #expect(scene.plan().memoryLines == ["record v2"])
  }

  @Test func `lets a rollback through, and lists what else is held`() throws {
    var scene = closed(content: "a")
    scene.remember("web=1", releases: "v1a v2b")
    scene.content = "b"
    let order = Order(by: "ada", at: scene.now, .rollback(app, to: 1))
    scene.memory.apply(.order(order), releasesKept: 10)
    let plan = scene.plan()
    #expect(plan.memoryLines == ["record v3"])
    #expect(plan.holds.map(\.code) == ["ContentHeld"])
    scene.memory.suspension = SuspensionOverride(.deploys, origin: order.origin)
    scene.formation = "web=2"
    #expect(
      scene.plan().holds.map(\.code) == ["SuspendedByHand", "DeployWindow", "ContentHeld"])
  }

  @Test func `does not stop what has begun`() {
    var scene = closed()
    scene.remember("web=1", releases: "v1a v2b")
    #expect(scene.plan().holds.isEmpty)
    #expect(scene.plan().stepLines == ["start web.1@v2#2"])
    scene.memory.apps[app]?.releases[1].phase = .succeeded
    #expect(scene.plan().holds.isEmpty)
  }

  @Test func `is not opened by the commit that takes it away`() throws {
    var scene = closed()
    scene.edit = { $0.windows = nil }
    #expect(try closure(scene.plan()).window == Self.deny)
    scene.edit = { $0.windows = [Self.allow] }
    #expect(try closure(scene.plan()).window == Self.deny)
    scene.desired = { _ in }
    #expect(scene.plan().memoryLines == ["accept", "record v2"])
  }

  @Test func `of a new app is its own, and a lost memory is no new app`() throws {
    var scene = closed()
    scene.memory = Memory()
    scene.observed = []
    #expect(try closure(scene.plan()).waiting == .firstRelease)
    scene.content = "a"
    scene.observed = ["web.1@v1a#1 up"]
    #expect(scene.plan().holds.isEmpty)
  }

  @Test func `holds an app that leaves git`() throws {
    var scene = closed(content: "a")
    let gone: (inout ResolvedFormation) -> Void = { [desired = scene.desired] in
      desired(&$0)
      $0.apps = []
    }
    scene.desired = gone
    scene.memory.confirmed = [try #require(scene.plan().platformHolds.first).id]
    let plan = scene.plan()
    #expect(try closure(plan).waiting == .removal)
    #expect(plan.stepLines.isEmpty)
    scene.memory.confirmed.insert(Self.id)
    #expect(scene.plan().stepLines == ["stop web.1@v1#1"])
  }
}

@Suite struct `Several deploy windows` {
  private func schedule(
    _ windows: [(DeployWindow.Rule, [(Int, Int)])]
  ) -> WindowSchedule {
    let made = windows.enumerated().map { index, window in
      DeployWindow(window.0, "\(index)", [], zone: "UTC")
    }
    let times = zip(made, windows).map { made, window in
      (made, window.1.map { WindowTime(time($0.0), time($0.1)) })
    }
    return WindowSchedule(made, WindowCalendar(Dictionary(uniqueKeysWithValues: times)))
  }

  private func time(_ hour: Int) -> LoopTime {
    LoopTime(milliseconds: Int64(hour) * 3_600_000)
  }

  @Test func `open where no deny covers the time and an allow does`() {
    let both = schedule([(.allow, [(8, 16), (32, 40)]), (.deny, [(12, 33)]), (.allow, [(5, 6)])])
    let expected: [(hour: Int, closing: Int?, opening: Int?)] = [
      (4, 0, 5), (5, nil, 8), (6, 0, 8), (8, nil, 33), (12, 1, 33), (32, 1, 33), (33, nil, nil),
      (40, 0, nil),
    ]
    for row in expected {
      #expect(both.closing(at: time(row.hour)) == row.closing, "at \(row.hour)")
      #expect(both.opening(after: time(row.hour))?.at == row.opening.map(time), "at \(row.hour)")
    }
  }

  @Test func `that cover all of the time never open`() {
    let never = schedule([(.deny, [(0, 24), (24, 48)]), (.allow, [])])
    #expect(never.closing(at: time(3)) == 0)
    #expect(never.opening(after: time(3)) == nil)
  }

  @Test func `of which nothing is known hold nothing`() {
    let known = DeployWindow(.deny, "", [], zone: "UTC")
    #expect(WindowSchedule([known], WindowCalendar()).closing(at: time(3)) == nil)
    let allow = DeployWindow(.allow, "", [], zone: "UTC")
    #expect(WindowSchedule([allow], WindowCalendar()).closing(at: time(3)) == nil)
  }
}
