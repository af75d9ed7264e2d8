// Empties slots that nobody wants: a smaller quantity, a process type or an app that left.

import FormationModel

extension FormationPlanner {
  /// Slots to empty.
  struct Leaving {
    let app: AppName
    let instances: [ObservedInstance]
    let routing: ObservedRouting
    let context: PlanningContext
    /// The goal of the app; nil when the whole app leaves.
    var goal: Goal?
    /// Quantities before, for the reason.
    var quantities: [ProcessType: Int] = [:]

    init(
      app: AppName, instances: [ObservedInstance], routing: ObservedRouting,
      context: PlanningContext
    ) {
      self.app = app
      self.instances = instances
      self.routing = routing
      self.context = context
    }

    /// Adds changes, steps and waits to the app's part of the plan.
    mutating func fill(_ part: inout AppPlan) {
      let bySlot = Dictionary(grouping: instances) { $0.id.slot }
      for slot in bySlot.keys.sorted() {
        let (reason, because) = reason(slot)
        for instance in (bySlot[slot] ?? []).sorted(by: { $0.id < $1.id }) {
          empty(instance, reason, &part)
        }
        if let live = bySlot[slot]?.filter(\.isLive).max(by: { $0.id < $1.id }) {
          part.changes.append(
            Change(
              .stop, app: app, slot: slot, from: live.id.release, reason, because: because))
        }
      }
    }

    private func empty(_ instance: ObservedInstance, _ reason: Reason, _ part: inout AppPlan) {
      switch instance.phase {
      case .created: add(.remove(instance.id), .neverStarted, &part)
      case .running, .unsupervised:
        if let until = routing.drainEnd(of: instance, now: context.now) {
          part.draining.insert(instance.id)
          part.waits.append(
            Wait(app: app, slot: instance.id.slot, .draining(instance.id), until: until))
          return
        }
        let process = goal?.app.process(instance.id.slot.process)
        add(.stop(instance.id, grace: process?.stopTimeout ?? .seconds(30)), reason, &part)
      case .stopping(let killAt):
        if context.now >= killAt { add(.kill(instance.id), .graceOver, &part) }
        part.waits.append(
          Wait(app: app, slot: instance.id.slot, .stopping(instance.id), until: killAt))
      case .exited: add(.remove(instance.id), .bookkeeping, &part)
      }
    }

    private func add(_ operation: Operation, _ reason: Reason, _ part: inout AppPlan) {
      let subject = operation.subject
      guard !context.underWay.contains(subject) else { return }
      if let setback = context.setbacks[subject], setback.until.map({ $0 > context.now }) ?? true {
        part.waits.append(Wait(app: app, .retry(setback.failure), until: setback.until))
        return
      }
      part.next.append(Step(app: app, operation, reason))
    }

    private func reason(_ slot: SlotID) -> (Reason, Because?) {
      guard let goal else { return (.appRemoved, nil) }
      guard let process = goal.app.process(slot.process) else {
        return (goal.asked.process(slot.process) == nil ? .processRemoved : .notInRelease, nil)
      }
      if let stop = goal.overrides.stop(of: slot), slot.ordinal <= process.quantity {
        return (.stoppedByHand(by: stop.origin.by), nil)
      }
      let before = max(quantities[slot.process] ?? slot.ordinal, slot.ordinal)
      let field = FieldPath("formation.\(slot.process).quantity")
      if let quantity = goal.overrides.scales[slot.process]?.quantity {
        return (.scaledByHand(from: before, to: process.quantity, by: quantity.origin.by), nil)
      }
      let change = FieldChange(field, from: "\(before)", to: "\(process.quantity)")
      return (
        .quantityLowered(from: before, to: process.quantity),
        Because(change, at: goal.app.marks[field])
      )
    }
  }
}
