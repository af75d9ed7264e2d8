// Words for closed deploy windows.

import FormationModel
import Planning
import Review
import Testing

@Suite struct `A closed deploy window` {
  private func hold(_ rule: DeployWindow.Rule = .deny, opens: Bool = true) throws -> Hold {
    let text = rule == .deny ? "Fri 16:00 - Mon 07:00" : "Mon-Fri 08:00-16:00"
    let opening = WindowClosure.Opening(
      at: noon + .seconds(51 * 3600), clock: WeekClock(day: 0, minute: 425), zone: "Europe/Berlin")
    return Hold(
      HoldID("window/shop"), app: try app("shop"),
      .window(
        WindowClosure(
          DeployWindow(rule, text, [], zone: "Europe/Berlin"), opening: opens ? opening : nil,
          waiting: rule == .deny ? .release : .settings)),
      at: SourceMark(file: "apps/shop/app.yaml", line: 4, column: 3),
      release: "muster confirm window/shop")
  }

  @Test func `says what waits, until when, and where it is written`() throws {
    var text = HoldsText()
    text.clock = LocalClock(now: noon)
    #expect(
      text.render([try hold()]) == """
        Held:
          window/shop  shop: a new release waits until Mon 07:05 Europe/Berlin (in 2d 3h): \
        no deploys Fri 16:00 - Mon 07:00 Europe/Berlin  (apps/shop/app.yaml:4)
            to free it: muster confirm window/shop

        """)
    #expect(
      HoldText.words(try hold(.allow))
        == "a change of settings waits until Mon 07:05 Europe/Berlin: deploys only "
        + "Mon-Fri 08:00-16:00 Europe/Berlin")
  }

  @Test func `that never opens says so`() throws {
    #expect(
      HoldText.words(try hold(opens: false))
        == "a new release waits, and its windows leave no time for it: no deploys "
        + "Fri 16:00 - Mon 07:00 Europe/Berlin")
  }

  @Test func `is a time for programs`() throws {
    let json = HoldsJSON.document([try hold(), try hold(opens: false)]).line
    #expect(json.contains(#""reason":"DeployWindow""#))
    #expect(json.contains(#""line":4,"until":"2026-02-02T14:00:00.000Z""#))
    #expect(json.contains(#""line":4,"until":null"#))
  }
}
