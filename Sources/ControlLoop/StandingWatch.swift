// Notes when a dyno's state changes from one plan to the next, in Heroku's words, so that history
// and logs tell it. The first plan is where it starts from.

import Effects
import FormationModel
import Planning

/// Compares plans.
struct StandingWatch {
  private var known: [SlotID: DynoStanding]?
  /// Instances that ran before anybody looked: that they are first seen as starting means only that
  /// they were not checked yet.
  private var unchecked: Set<InstanceID> = []

  /// What changed since the last plan; nothing for the first one.
  mutating func changes(in plan: Plan, at now: LoopTime) -> [StoredEvent] {
    let dynos = plan.apps.flatMap { $0.dynos + $0.oneOffs }
    defer {
      known = Dictionary(dynos.map { ($0.slot, $0) }, uniquingKeysWith: { _, last in last })
    }
    guard let known else {
      unchecked = Set(dynos.compactMap { $0.state == .starting ? $0.instance?.id : nil })
      return []
    }
    var events = dynos.flatMap { dyno in
      change(from: known[dyno.slot]?.state ?? .down, to: dyno, at: now, plan)
    }
    let left = Set(dynos.map(\.slot))
    for slot in known.keys.sorted() where !left.contains(slot) {
      guard let state = known[slot]?.state, state != .down else { continue }
      let words =
        slot.process == .run
        ? "State changed from \(state.rawValue) to complete" : Self.words(state, .down)
      events.append(event(slot, "DynoStateChanged", words, now, plan))
    }
    return events
  }

  private func change(
    from before: DynoStanding.State, to dyno: DynoStanding, at now: LoopTime, _ plan: Plan
  ) -> [StoredEvent] {
    guard before != dyno.state else { return [] }
    if dyno.state == .up, let id = dyno.instance?.id, unchecked.contains(id) { return [] }
    // An end has a time of its own; everything else happened when it was seen.
    let at = dyno.state == .crashed ? min(now, dyno.exit?.at ?? now) : now
    var events: [StoredEvent] = []
    if dyno.state == .crashed, let exit = dyno.exit {
      if exit.outOfMemory {
        let words = "Error R15 (Memory quota vastly exceeded)"
        events.append(event(dyno.slot, "DynoOutOfMemory", words, at, plan))
      }
      let status = exit.code.map { "status \($0)" } ?? "a status that nobody saw"
      events.append(event(dyno.slot, "DynoExited", "Process exited with \(status)", at, plan))
    }
    let words = Self.words(before, dyno.state)
    events.append(event(dyno.slot, "DynoStateChanged", words, at, plan))
    return events
  }

  private static func words(_ before: DynoStanding.State, _ after: DynoStanding.State) -> String {
    "State changed from \(before.rawValue) to \(after.rawValue)"
  }

  private func event(
    _ slot: SlotID, _ reason: String, _ words: String, _ at: LoopTime, _ plan: Plan
  ) -> StoredEvent {
    StoredEvent(
      at: at, app: slot.app, subject: slot.dynoName, reason: reason, message: words,
      revision: plan.revision)
  }
}
