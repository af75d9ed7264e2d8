// Slots that something unproven says it fills: a second dyno beside it may do worse things than a
// slot that waits for somebody, so nothing is started there; every other slot goes on.

import FormationModel

extension TypeRollout {
  /// What says that it fills a slot of the type, wanted or not.
  var claims: [UnprovenInstance] {
    planner.unproven.filter { $0.id.slot.process == process.type }
  }

  /// What says that it fills the slot.
  func claims(on view: SlotView) -> [UnprovenInstance] {
    claims.filter { $0.id.slot == view.slot }
  }

  /// How many dynos of the type may run at one time.
  var ceiling: Int { views.count + (prefersToStartFirst ? surgeLimit : 0) }

  /// What keeps the slot from being started: a claim on it, or claims without which there would be
  /// room for it.
  func claimInTheWay(of view: SlotView) -> UnprovenInstance? {
    if let claim = claims(on: view).first { return claim }
    guard planner.isComplete, occupied >= ceiling else { return nil }
    return occupied - claims.count < ceiling ? claims.first : nil
  }

  mutating func hold(_ view: SlotView, _ claim: UnprovenInstance) {
    wait(view, .unproven)
    let hold = Hold(
      HoldID("unproven/\(claim.id)"), app: planner.goal.app.name, .unproven(claim),
      release: claim.fix)
    if !holds.contains(hold) { holds.append(hold) }
  }
}
