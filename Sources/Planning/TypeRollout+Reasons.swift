// Why a slot is started or replaced: the fields that differ, the crash that left it empty, the
// quantity that grew.

import FormationModel

extension TypeRollout {
  /// Why the instance has to go, and the field behind it.
  func reasonToReplace(_ old: ObservedInstance) -> (Reason, Because?) {
    if old.phase == .unsupervised && old.form == form { return (.unsupervised, nil) }
    guard let was = old.form else { return (.outdatedUnknown, nil) }
    if let restart = restart(of: old) ?? cycle(of: old) { return (restart, nil) }
    return reasonForForm(was)
  }

  /// The restart that the instance is to go for; nil when it has to go anyway, or has not.
  func restart(of instance: ObservedInstance) -> Reason? {
    guard instance.form == form, let mark = planner.memory.restarts[instance.id.slot],
      instance.id.attempt <= mark.attempt
    else { return nil }
    return .restartAsked(by: mark.by)
  }

  private func reasonForForm(_ was: InstanceForm) -> (Reason, Because?) {
    var fields = was.changes(to: form).map(inManifest)
    if fields.isEmpty {
      let known = planner.memory.releases.last { $0.content.digest == was.release }
      fields = known?.content.changes(to: planner.goal.content) ?? []
    }
    if let byHand = sizeByHand(was, fields) { return (byHand, nil) }
    guard let first = fields.first else { return (.outdatedUnknown, nil) }
    return (.outdated(fields), Because(first, at: planner.goal.mark(first.field)))
  }

  /// The order that is the whole reason; nil when git asks for something of it.
  private func sizeByHand(_ was: InstanceForm, _ fields: [FieldChange]) -> Reason? {
    guard fields.map(\.field) == [FieldPath("formation.\(process.type).size")],
      let override = planner.goal.overrides.scales[process.type]?.size
    else { return nil }
    return .sizedByHand(from: was.size, to: form.size, by: override.origin.by)
  }

  /// A field of an instance's form under the name it has in the manifest.
  private func inManifest(_ change: FieldChange) -> FieldChange {
    switch change.field {
    case "command", "size", "tcp":
      let owner = change.field == "command" ? "processes" : "formation"
      return FieldChange(
        FieldPath("\(owner).\(process.type).\(change.field)"), from: change.from, to: change.to)
    default: return change
    }
  }

  /// What is done to an empty slot, why, and the field behind it.
  func reasonToStart(_ view: SlotView) -> (Change.Action, Reason, Because?) {
    if let old = view.outdated.last {
      let (reason, because) = reasonToReplace(old)
      return (.replace, reason, because)
    }
    if let old = view.stopping.first, let was = old.form, was != form {
      let (reason, because) = reasonForForm(was)
      return (.replace, reason, because)
    }
    if let old = view.stopping.first, let restart = restart(of: old) ?? cycle(of: old) {
      return (.replace, restart, nil)
    }
    if let tombstone = view.tombstones.first, let exit = tombstone.exit {
      if let restart = restart(of: tombstone) {
        return (exit.requested ? .replace : .start, restart, nil)
      }
      if let was = tombstone.form, was != form {
        let (reason, because) = reasonForForm(was)
        return (.replace, reason, because)
      }
      if !exit.requested { return (.start, .crashed(exit, count: max(1, crashCount(view))), nil) }
      if let cycle = cycle(of: tombstone) { return (.replace, cycle, nil) }
      if let revival = revival(of: tombstone) { return (.replace, revival, nil) }
      if process.type == .web && crashCount(view) > 0 {
        let last = planner.context.health[tombstone.id]?.last
        return (.start, .bootTimeout(last, limit: process.healthcheck.bootTimeout), nil)
      }
      return (.start, exit.requested ? .wantedAgain : .missing, nil)
    }
    return reasonForNewSlot(view)
  }

  private func reasonForNewSlot(_ view: SlotView) -> (Change.Action, Reason, Because?) {
    let field = FieldPath("formation.\(process.type).quantity")
    let mark = planner.goal.mark(field)
    guard let convergence = planner.memory.convergence else {
      if planner.memory.attempts[view.slot] != nil { return (.start, .missing, nil) }
      let change = FieldChange(field, from: "none", to: "\(process.quantity)")
      return (.start, .firstRelease, Because(change, at: mark))
    }
    let before = convergence.quantities[process.type] ?? 0
    guard view.slot.ordinal > before else {
      return (.start, convergence.attempts[view.slot] == nil ? .wantedAgain : .missing, nil)
    }
    if let quantity = planner.goal.overrides.scales[process.type]?.quantity {
      let (to, by) = (process.quantity, quantity.origin.by)
      return (.start, .scaledByHand(from: before, to: to, by: by), nil)
    }
    let change = FieldChange(field, from: "\(before)", to: "\(process.quantity)")
    return (
      .start, .quantityRaised(from: before, to: process.quantity), Because(change, at: mark)
    )
  }
}
