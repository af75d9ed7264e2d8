// `why` as people read it: what is recorded in, literal text out. Now is 2026-01-31 11:00:00 UTC.

import FormationModel
import Review
import Testing

@testable import Planning

@Suite struct `Why` {
  private let clock = LocalClock(now: noon)

  /// An app of one web dyno that is up since an hour.
  private func part() throws -> AppPlan {
    var part = AppPlan(app: try app("shop"))
    part.dynos = [try dyno("shop/web.1", .up, since: -3600)]
    return part
  }

  private func dyno(
    _ text: String, _ state: DynoStanding.State, since: Int64?, exit: InstanceExit? = nil,
    crashes: Int = 0, nextStart: Int64? = nil
  ) throws -> DynoStanding {
    DynoStanding(
      slot: try slot(text), state: state, since: since.map { noon + .seconds($0) },
      instance: nil, exit: exit, crashes: crashes,
      nextStart: nextStart.map { noon + .seconds($0) }, command: "npm start",
      size: try name("standard-1x"))
  }

  private func event(_ seconds: Int64, _ subject: String?, _ reason: String, _ message: String)
    throws -> EventLine
  {
    EventLine(
      at: noon + .seconds(seconds), app: try app("shop"), subject: subject, reason: reason,
      message: message, revision: ada.id)
  }

  private func render(
    _ part: AppPlan, events: [EventLine] = [], lines: [String] = [], of dyno: String? = nil,
    heldSince: [HoldID: LoopTime] = [:]
  ) -> String {
    var standing = AppStanding(part)
    standing.syncSince = noon + .seconds(-3600)
    standing.healthSince = noon + .seconds(-60)
    return WhyText(clock: clock).render(
      WhyAnswer(
        plan: part, standing: standing, release: nil, commit: nil, events: events,
        lastLines: lines, linesOf: dyno, heldSince: heldSince))
  }

  private func origin(_ reason: String?) -> OrderOrigin {
    OrderOrigin(by: "ada", at: noon + .seconds(-600), reason: reason)
  }

  @Test func `an app that is as it should be`() throws {
    #expect(
      render(try part()) == """
        shop is Synced: what runs is what git asks for, since 2026/01/31 10:00:00 +0000 (~ 1h ago).
        It is Healthy: every wanted dyno is up, since 2026/01/31 10:59:00 +0000 (~ 1m ago).

        web.1: up 2026/01/31 10:00:00 +0000 (~ 1h ago)
          runs `npm start` as Standard-1X

        There is no release yet.

        """)
  }

  @Test func `a dyno that crashes, its last change and its last lines`() throws {
    var part = try part()
    part.health = HealthStatus(.degraded, .crashing)
    part.dynos = [
      try dyno("shop/web.1", .crashed, since: -60, exit: exit(1), crashes: 3, nextStart: 40)
    ]
    part.waits = [
      Wait(
        app: part.app, slot: try slot("shop/web.1"), .backoff(exit(1), count: 3),
        until: noon + .seconds(40))
    ]
    let events = [
      try event(-120, nil, "SecretRotated", "secret KEY v1 → v2 by ada"),
      try event(-90, "web.1", "DynoStarted", "secret KEY v1 → v2"),
      try event(-60, "web.1", "DynoExited", "Process exited with status 1"),
    ]
    let text = render(part, events: events, lines: ["no such file", "bye"], of: "web.1")
    #expect(text.contains("It is Degraded: a dyno dies again and again, since "), "\(text)")
    #expect(
      text.hasSuffix(
        """
        web.1: crashed 2026/01/31 10:59:00 +0000 (~ 1m ago): exit 1, 3rd time, next start in 40s
          runs `npm start` as Standard-1X

        There is no release yet.

        What is waited for:
          web.1: crashed: exit 1, 3rd time, next start in 40s

        What happened last:
          2026/01/31 10:58:00 +0000  shop  SecretRotated  secret KEY v1 → v2 by ada  (4e8d2a7)
          2026/01/31 10:58:30 +0000  shop web.1  DynoStarted  secret KEY v1 → v2  (4e8d2a7)
          2026/01/31 10:59:00 +0000  shop web.1  DynoExited  Process exited with status 1  (4e8d2a7)
        The last change before the trouble:
          2026/01/31 10:58:00 +0000  shop  SecretRotated  secret KEY v1 → v2 by ada  (4e8d2a7)

        The last lines of web.1:
          no such file
          bye

        """), "\(text)")
  }

  @Test func `what is in force by hand`() throws {
    var part = try part()
    part.sync = SyncStatus(.synced, .overridden)
    part.overrides = [
      OverrideStanding(
        .quantity(try type("web"), 1, git: 4), origin: origin("poison job"),
        until: noon + .seconds(3600))
    ]
    let text = render(part)
    #expect(
      text.contains("By hand:\n  shop web 1 (git: 4), by ada until 12:00: poison job\n"), "\(text)")
  }

  @Test func `every hold, with what frees it`() throws {
    let shop = try app("shop")
    let key = try #require(ConfigKey(rawValue: "KEY"))
    let secret = try #require(SecretName(rawValue: "KEY"))
    let causes: [(Hold.Cause, String)] = [
      (.configMissing([key]), "config var KEY is required and without a value"),
      (.secretMissing([secret]), "secret KEY is not in this machine's store"),
      (
        .secretLost([key], stored: []),
        "generated secret KEY is lost or damaged; Muster makes no other one by itself"
      ),
      (.secretLost([], stored: [secret]), "secret KEY is lost from this machine's store"),
      (.suspended(.deploys), "the manifest suspends deploys; repair goes on"),
      (.suspended(.everything), "the manifest suspends everything, repair too"),
      (
        .suspendedByHand(SuspensionOverride(.deploys, origin: origin("audit"))),
        "deploys are suspended, by ada: audit"
      ),
      (.content(code: "c", message: "there is no slug", fix: nil), "there is no slug"),
      (
        .unproven(UnprovenInstance(try instance("shop/web.1"), "no record", fix: "end it")),
        "web.1 is not started beside what may be it: no record"
      ),
      (
        .outsideSavedPlan(excess: "a start of web.2"),
        "a start of web.2 is not in the saved plan, so the app is left alone"
      ),
    ]
    for (cause, words) in causes {
      var part = try part()
      part.sync = SyncStatus(.outOfSync, .held)
      part.holds = [Hold(HoldID("held/shop"), app: shop, cause, release: "do this")]
      let text = render(part, heldSince: [HoldID("held/shop"): noon + .seconds(-60)])
      let wanted = """
        Held:
          held/shop  shop: \(words)
            since 2026/01/31 10:59:00 +0000 (~ 1m ago)
            to free it: do this
        """
      #expect(text.contains(wanted), "\(text)")
    }
  }

  @Test func `holds of the platform that keep the app, and what somebody stopped`() throws {
    var part = try part()
    part.sync = SyncStatus(.outOfSync, .held)
    part.platformHolds = [HoldID("removal-3a9f2c")]
    part.stopped = [StoppedDyno(slot: try slot("shop/web.2"), origin: origin("poison job"))]
    let removal = RemovalSummary(apps: [part.app], processes: [], dynos: 1, total: 2)
    let mine = Hold(
      HoldID("removal-3a9f2c"), app: nil, .removal(removal),
      release: "muster confirm removal-3a9f2c")
    let other = Hold(
      HoldID("source-x/billing@main"), app: nil, .source(code: "x", message: "gone", fix: nil),
      release: "mend it")
    let plan = Plan(
      revision: ada.id, apps: [part], platform: [], platformHolds: [mine, other], leftAlone: [])
    let answer = WhyAnswer(
      plan: part, standing: AppStanding(part, of: plan), release: nil, commit: nil, events: [],
      lastLines: [], linesOf: nil, heldSince: [:])
    let text = WhyText(clock: clock).render(answer)
    #expect(text.contains("to free it: muster confirm removal-3a9f2c\n"), "\(text)")
    #expect(!text.contains("billing"), "\(text)")
    let line =
      "web.2: stopped by ada: poison job; `muster start shop/web.2` starts it again\n"
    #expect(text.contains(line), "\(text)")
    #expect(WhyJSON.document(answer).line.contains(#""id":"removal-3a9f2c""#))
    let status = StatusText(clock: clock).render([answer.standing])
    #expect(status.contains("to free it: muster confirm removal-3a9f2c\n"), "\(status)")
  }

  @Test func `every wait in words`() throws {
    let web = try slot("shop/web.1")
    let id = try instance("shop/web.1")
    let waits: [(Wait.Cause, String)] = [
      (.content(name: "slug"), "slug is being made ready, at most 30s more"),
      (.boot(id), "has to become healthy, at most 30s more"),
      (.unwell(id, .timedOut), "the health check got no answer in time, at most 30s more"),
      (.stopping(id), "is stopping, at most 30s more"),
      (.turn, "other dynos of its type go first, at most 30s more"),
      (.dependency(try app("data")), "data has to be healthy first, at most 30s more"),
      (.underWay, "a step is under way, at most 30s more"),
      (.unproven, "nobody can tell whether something still runs here, at most 30s more"),
    ]
    for (cause, words) in waits {
      var part = try part()
      part.waits = [Wait(app: part.app, slot: web, cause, until: noon + .seconds(30))]
      let text = render(part)
      #expect(text.contains("What is waited for:\n  web.1: "), "\(text)")
      #expect(text.contains(words), "\(text)")
    }
  }

  @Test func `a manifest that is not valid`() throws {
    var part = try part()
    part.sync = SyncStatus(.outOfSync, .invalidManifest)
    part.errors = [
      Diagnostic(
        .error, "unknown-key", at: SourceMark(file: "app.yaml", line: 3, column: 1), app: "shop",
        "there is no field `formatoin`", fix: "write `formation`")
    ]
    let text = render(part)
    #expect(text.contains("Its manifest is not valid; what ran before goes on:"), "\(text)")
    #expect(text.contains("app.yaml:3:1"), "\(text)")
  }

  @Test func `an app of which nothing runs`() throws {
    var part = AppPlan(app: try app("shop"))
    part.health = HealthStatus(.healthy, .noDynos)
    #expect(
      render(part).hasSuffix(
        """
        It is Healthy: the formation asks for no dyno, since 2026/01/31 10:59:00 +0000 (~ 1m ago).

        There is no release yet.

        """))
  }
}
