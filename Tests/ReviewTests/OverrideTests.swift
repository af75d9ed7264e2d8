// What is in force by hand, as plans, status and history show it.

import FormationModel
import Testing

@testable import Planning
@testable import Review

@Suite struct `What is in force by hand` {
  private func overrides() throws -> [OverrideStanding] {
    let poison = OrderOrigin(by: "ada", at: noon, reason: "poison job")
    let plain = OrderOrigin(by: "bob", at: noon)
    let shop = try app("shop")
    let worker = try type("worker")
    return [
      OverrideStanding(
        .quantity(worker, 0, git: 4), origin: poison, until: noon + .seconds(75_600)),
      OverrideStanding(
        .size(worker, try name("standard-2x"), git: try name("standard-1x")), origin: plain,
        until: noon + .seconds(172_800)),
      OverrideStanding(.stopped(DynoSelector(shop, .web, 1), except: []), origin: plain),
      OverrideStanding(
        .stopped(DynoSelector(shop, worker), except: [DynoSelector(shop, worker, 2)]),
        origin: plain),
      OverrideStanding(.maintenance(true), origin: plain),
    ]
  }

  @Test func `is in every plan, between its changes and its end`() throws {
    var part = AppPlan(app: try app("shop"))
    part.overrides = try overrides()
    part.sync = SyncStatus(.synced, .overridden)
    let plan = Plan(
      revision: ada.id, apps: [part], platform: [], platformHolds: [], leftAlone: [])
    var text = PlanText()
    text.clock = LocalClock(now: noon)
    #expect(
      text.render(plan) == """
        By hand:
          shop worker 0 (git: 4), by ada until 08:00: poison job
          shop worker standard-2x (git: standard-1x), by bob until 2026/02/02 11:00
          shop web.1 stopped, by bob
          shop worker stopped (but worker.2), by bob
          shop maintenance on, by bob

        No changes. Formation matches 4e8d2a7.

        """)
  }

  @Test func `is in status, where the app is synced all the same`() throws {
    var part = AppPlan(app: try app("shop"))
    part.overrides = Array(try overrides().prefix(1))
    part.sync = SyncStatus(.synced, .overridden)
    let text = StatusText(clock: LocalClock(now: noon)).render([AppStanding(part)])
    #expect(
      text.hasSuffix(
        """
        shop
          Overridden: what runs is what git asks for, but for what is in force by hand
          worker 0 (git: 4), by ada until 08:00: poison job

        """), "\(text)")
  }

  @Test func `is JSON without relative times`() throws {
    var part = AppPlan(app: try app("shop"))
    part.overrides = Array(try overrides().prefix(1))
    #expect(
      PlanJSON.app(part).line.contains(
        #""overrides":[{"field":"quantity","process":"worker","value":0,"git":4,"by":"ada","#
          + #""at":"2026-01-31T11:00:00.000Z","until":"2026-02-01T08:00:00.000Z","#
          + #""reason":"poison job"}]"#), "\(PlanJSON.app(part).line)")
  }

  @Test func `is told in history with whoever asked`() throws {
    let (shop, worker) = (try app("shop"), try type("worker"))
    func words(_ wish: Wish, _ reason: String? = nil) -> String {
      OrderText.words(Order(by: "ada", at: noon, reason: reason, wish))
    }
    let scale = ScaleWish(worker, quantity: 0, size: try name("standard-2x"))
    #expect(
      words(.scale(shop, [scale], until: noon), "poison job")
        == "worker=0:standard-2x until 2026-01-31T11:00:00Z, by ada: poison job")
    #expect(words(.restart(DynoSelector(shop, .web, 2))) == "restart of web.2, by ada")
    #expect(words(.suspend(.all, .everything)) == "everything suspended for all apps, by ada")
    #expect(words(.retry(shop), "a\u{1b}[2J") == #"what failed is tried again, by ada: a\x1b[2J"#)
    let end = OverrideEnd(.quantity(worker), .changedInGit)
    #expect(OrderText.words(end) == "worker quantity by hand ended: a commit changed it")
  }
}
