// A plan as text and as JSON.

import FormationModel
import Review
import Testing

@testable import Planning

@Suite struct `A plan` {
  private func plan() throws -> Plan {
    let storefront = try app("storefront")
    let image = because(change("env.GREETING", "set", "changed"), "shop/app.yaml", 4)
    var shop = AppPlan(app: storefront)
    shop.changes = [
      Change(
        .release, app: storefront, from: 6, to: 7, .contentChanged([image.change]), because: image),
      Change(
        .replace, app: storefront, slot: try slot("storefront/web.1"), from: 6, to: 7,
        .outdated([image.change]), because: image),
      Change(
        .start, app: storefront, slot: try slot("storefront/worker.10"), to: 7,
        .quantityRaised(from: 9, to: 10),
        because: because(change("formation.worker.quantity", "9", "10"), "Procfile", 2)),
      Change(
        .stop, app: storefront, slot: try slot("storefront/clock.1"), from: 6, .processRemoved),
    ]
    shop.waits = [
      Wait(
        app: storefront, slot: try slot("storefront/web.1"),
        .boot(try instance("storefront/web.1")),
        until: noon + .seconds(40))
    ]
    shop.sync = SyncStatus(.outOfSync, .changesPending)
    shop.health = HealthStatus(.progressing, .rollingOut)
    shop.holds = [
      Hold(
        HoldID("config-missing/storefront"), app: storefront,
        .configMissing([try #require(ConfigKey(rawValue: "STRIPE_KEY"))]),
        at: SourceMark(file: "app.json", line: 3, column: 5), release: "set env.STRIPE_KEY")
    ]
    return Plan(revision: ada.id, apps: [shop], platform: [], platformHolds: [], leftAlone: [])
  }

  @Test func `reads as one line per change, waits, holds, and the last line`() throws {
    var text = PlanText()
    text.provenance = ["shop/app.yaml": ada]
    text.clock = LocalClock(now: noon)
    #expect(
      text.render(try plan()) == """
        » storefront release    v6 → v7  env.GREETING changed  (shop/app.yaml:4, 4e8d2a7 by Ada)
        ± storefront web.1      v6 → v7  env.GREETING changed  (shop/app.yaml:4, 4e8d2a7 by Ada)
        + storefront worker.10  v7       quantity 9 → 10       (Procfile:2)
        - storefront clock.1    v6       process type removed

        Waits:
          storefront web.1  has to become healthy  at most 40s more

        Held:
          config-missing/storefront  storefront: config var STRIPE_KEY is required \
        and without a value  (app.json:3)
            to free it: set env.STRIPE_KEY

        Plan: 1 to start, 1 to stop, 1 to replace. Also: 1 release; 1 held.

        """)
  }

  @Test func `without changes says which revision matches`() {
    let plan = Plan(revision: ada.id, apps: [], platform: [], platformHolds: [], leftAlone: [])
    #expect(PlanText().render(plan) == "No changes. Formation matches 4e8d2a7.\n")
  }

  @Test func `with an app that is not valid quotes its first error`() throws {
    var shop = AppPlan(app: try app("shop"))
    shop.errors = [
      Diagnostic(
        .error, "unknown-key", at: SourceMark(file: "app.yaml", line: 2, column: 1), "unknown key"),
      Diagnostic(.error, "bad-size", at: nil, "no such size"),
    ]
    shop.sync = SyncStatus(.outOfSync, .invalidManifest)
    let plan = Plan(revision: nil, apps: [shop], platform: [], platformHolds: [], leftAlone: [])
    #expect(
      PlanText().render(plan) == """
        shop is not valid; its last good formation stays (2 errors, the first:)
          app.yaml:2:1: error[unknown-key]: unknown key

        Plan: 0 to start, 0 to stop, 0 to replace. Also: 1 app not valid.

        """)
  }

  @Test func `has colour only when asked, and never an author's control characters`() throws {
    var text = PlanText()
    let mallory = Revision(
      id: ada.id, author: "Mal\u{1B}[31mlory", subject: "", committedAt: noon)
    text.provenance = ["shop/app.yaml": mallory]
    #expect(!text.render(try plan()).contains("\u{1B}"))
    text.style = .coloured
    let coloured = text.render(try plan())
    #expect(coloured.contains("\u{1B}[33m± storefront web.1\u{1B}[0m"))
    #expect(coloured.contains("Mal\\x1b[31mlory"))
  }

  @Test func `tells a runtime without an answer from a repository that could not be taken`() throws
  {
    func line(_ reasons: SyncStatus.Reason...) throws -> String {
      var plan = Plan(revision: nil, apps: [], platform: [], platformHolds: [], leftAlone: [])
      plan.apps = try reasons.map { reason in
        var part = AppPlan(app: try app("shop"))
        part.sync = SyncStatus(.unknown, reason)
        return part
      }
      return PlanSummary(plan).line
    }
    let nothing = "Plan: 0 to start, 0 to stop, 0 to replace. Also: "
    #expect(
      try line(.sourceProblem) == nothing + "1 app as it was, the repository could not be taken.")
    #expect(
      try line(.sourceProblem, .sourceProblem) == nothing
        + "2 apps as they were, the repository could not be taken.")
    #expect(
      try line(.runtimeUnavailable) == nothing + "1 app unknown, no answer from the runtime.")
  }

  @Test func `is JSON of format 1, its keys in their order`() throws {
    let line = PlanJSON.document(try plan()).line
    let head =
      #"{"format":1,"revision":"\#(ada.id)","apps":[{"name":"storefront","source":null,"#
      + #""sync":"OutOfSync","#
    #expect(line.hasPrefix(head))
    #expect(
      line.contains(
        #"{"action":"replace","subject":{"kind":"dyno","name":"web.1"},"process":"web","#
          + #""reason":"outdated","because":{"field":"env.GREETING","from":"set","to":"changed","#
          + #""file":"shop/app.yaml","line":4},"release":7,"no_room":null}"#))
    #expect(
      line.contains(
        #""waits":[{"subject":{"kind":"dyno","name":"web.1"},"reason":"boot","#
          + #""until":"2026-01-31T11:00:40.000Z"}]"#))
    #expect(
      line.hasSuffix(
        #""summary":{"start":1,"stop":1,"replace":1,"release":1,"addons":0,"routes":0,"#
          + #""held":1,"denied":0}}"#))
  }
}
