// Bugs of the loop: effects that are left out, changed, or come in the wrong order.

import FormationModel
import Looping
import Planning
import Synchronization

@testable import SimulationRun

extension Mutant {
  static let effects = [
    Mutant(
      "attempts are not written", .workload(.firstDeploy),
      .effects { { $0.leavingOut { if case .attempt = $0 { true } else { false } } } }),
    Mutant(
      "releases are not written", .workload(.firstDeploy),
      .effects { { $0.leavingOut { if case .record = $0 { true } else { false } } } }),
    Mutant(
      "orders are not written", .workload(.orders),
      .effects { { $0.leavingOut { if case .order = $0 { true } else { false } } } }),
    Mutant(
      "orders are answered before they are written", .workload(.orders),
      .effects {
        { effect in
          guard case .write(_, let changes) = effect else { return effect }
          let orders = changes.compactMap { change -> Order? in
            if case .order(let order) = change { order } else { nil }
          }
          return orders.first.map { .answer($0, .done) } ?? effect
        }
      }),
    Mutant(
      "another slot is stopped than the plan says", .workload(.scale),
      .effects {
        { effect in
          guard case .perform(let number, let step) = effect,
            case .stop(let id, let grace) = step.operation
          else { return effect }
          let slot = SlotID(owner: id.slot.owner, process: id.slot.process, ordinal: 1)
          let other = InstanceID(slot: slot, release: id.release, attempt: id.attempt)
          return .perform(number, Step(app: step.app, .stop(other, grace: grace), step.reason))
        }
      }),
    Mutant(
      "dynos are removed and never stopped", .workload(.replace),
      .effects {
        { effect in
          guard case .perform(let number, let step) = effect,
            case .stop(let id, _) = step.operation
          else { return effect }
          return .perform(number, Step(app: step.app, .remove(id), step.reason))
        }
      }),
    Mutant(
      "the old web dyno goes before the new one is up", .workload(.replace),
      .effects {
        { effect in
          guard case .perform(let number, let step) = effect,
            case .start(let spec) = step.operation, spec.id.release == 2,
            spec.id.slot.process == .web
          else { return effect }
          let old = InstanceID(slot: spec.id.slot, release: 1, attempt: 1)
          return .perform(number, Step(app: step.app, .stop(old, grace: .seconds(30)), .superseded))
        }
      }),
    Mutant(
      "steps are not taken", .workload(.firstDeploy),
      .effects { { if case .perform = $0 { nil } else { $0 } } }),
    Mutant(
      "what a commit may remove is for itself to say", .vanishing(.bigType),
      .effects {
        { effect in
          guard case .write(let number, let changes) = effect else { return effect }
          return .write(number, changes.map(Vanishing.allowAll))
        }
      }),
    Mutant(
      "every app may vanish", .vanishing(.everyApp), .effects { stoppingWhatIsHeld() }),
  ]

  /// Stops every dyno that a hold keeps, one at a time, whenever the loop goes to sleep.
  private static func stoppingWhatIsHeld() -> Mutation.Effects {
    let state = Mutex<(held: Set<InstanceID>, done: Set<SlotID>)>(([], []))
    return { effect in
      if case .report(let plan) = effect {
        state.withLock { $0.held = Set(Vanishing.held(by: plan)) }
      }
      guard case .wake = effect else { return effect }
      let next = state.withLock { state -> InstanceID? in
        let id = state.held.filter { !state.done.contains($0.slot) }.min()
        if let id { state.done.insert(id.slot) }
        return id
      }
      guard let id = next else { return effect }
      return .perform(
        EffectNumber(1_000_000), Step(app: id.slot.app, .stop(id, grace: .seconds(30)), .appRemoved)
      )
    }
  }
}

extension LoopEffect {
  /// Without the writes that are meant.
  fileprivate func leavingOut(_ isMeant: (MemoryChange) -> Bool) -> LoopEffect {
    guard case .write(let number, let changes) = self else { return self }
    return .write(number, changes.filter { !isMeant($0) })
  }
}
