// No form of anything shows a config var's value, even where a field change carries one by mistake.

import FormationModel
import Review
import Testing

@testable import Planning

@Suite struct `A config var's value` {
  @Test func `is in no form of a plan`() throws {
    let shop = try app("shop")
    let leak = because(change("env.STRIPE_KEY", canary, canary + "2"), "app.yaml", 4)
    var part = AppPlan(app: shop)
    part.changes = [
      Change(.release, app: shop, to: 2, .contentChanged([leak.change]), because: leak),
      Change(
        .replace, app: shop, slot: try slot("shop/web.1"), from: 1, to: 2,
        .outdated([leak.change]), because: leak),
    ]
    let plan = Plan(revision: nil, apps: [part], platform: [], platformHolds: [], leftAlone: [])
    let forms = [PlanText().render(plan), PlanJSON.document(plan).document]
    for form in forms {
      #expect(form.contains("env.STRIPE_KEY"))
      #expect(!form.contains(canary))
    }
  }

  @Test func `is in no line of a reconcile`() throws {
    let shop = try app("shop")
    let key = try #require(ConfigKey(rawValue: "STRIPE_KEY"))
    var desired = DesiredApp(name: shop, folder: "", stack: try name("busybox"))
    desired.config = [ConfigEntry(key: key, source: .literal(ConfigValue(canary)))]
    let step = Step(app: shop, .remember([.accept(desired, ada.id)]), .bookkeeping)
    let failure = EffectFailure("disk-full", "no space left", fix: "free some", retry: .later)
    let lines = [
      ProgressText().line(step, .done, after: .zero),
      ProgressText().line(step, .failed(failure), after: .zero),
    ].compactMap { $0 }
    #expect(lines == ["! shop  remembering failed: no space left\n    free some"])
  }
}
