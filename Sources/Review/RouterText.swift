// What is done about the router as a whole, in words.

package import FormationModel
package import Planning

/// Words for the router's part of a plan.
package struct RouterText: Sendable {
  /// Colour or not.
  package var style = TextStyle.plain

  /// Makes a renderer.
  package init(style: TextStyle = .plain) { self.style = style }

  /// One line, and what to do where somebody has to.
  package func lines(_ router: RouterPlan) -> [String] {
    guard let entry = router.entry else {
      return [style("→ router", .changing) + "  is stopped: no app needs it"]
    }
    let place = "\(entry.address):\(entry.http)"
    guard let failure = router.failure else {
      let load = "routes of \(Self.apps(router))"
      return [style("→ router", .changing) + "  is made to run on \(place): \(load)"]
    }
    return [
      style("! router", .bad)
        + "  does not run on \(place), and nobody reaches \(Self.apps(router)) there: "
        + failure.message.escapingControls
    ] + Self.fix(failure)
  }

  /// What the router goes without although it runs, each with what to do.
  package func lines(_ complaints: [EffectFailure]) -> [String] {
    complaints.flatMap { complaint in
      [style("! router", .bad) + "  " + complaint.message.escapingControls]
        + Self.fix(complaint)
    }
  }

  private static func fix(_ failure: EffectFailure) -> [String] {
    failure.fix.map { ["    \($0.escapingControls)"] } ?? []
  }

  private static func apps(_ router: RouterPlan) -> String { Count.of(router.apps, "app") }
}
