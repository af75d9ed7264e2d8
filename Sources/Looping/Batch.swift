// The part of a plan's next steps that one pass takes: small batches, then observe and plan again.

import FormationModel
import Planning

/// Memory changes, and the steps that come after them.
struct Batch {
  let changes: [MemoryChange]
  let steps: [Step]

  var isEmpty: Bool { changes.isEmpty && steps.isEmpty }

  /// Takes the first steps up to the limit, one per subject (a stack that two apps need is made
  /// ready once); that a try begins is only written for a start that is taken.
  init(_ plan: Plan, limit: Int) {
    var all: [MemoryChange] = []
    var rest: [Step] = []
    var subjects: Set<OperationSubject> = []
    for step in plan.next {
      if case .remember(let changes) = step.operation {
        all += changes
      } else if rest.count < limit, subjects.insert(step.operation.subject).inserted {
        rest.append(step)
      }
    }
    let starting = Set(
      rest.compactMap { step in
        if case .start(let spec) = step.operation {
          Attempt(spec.id.slot, spec.id.attempt)
        } else {
          nil
        }
      })
    changes = all.filter { $0.attempt.map(starting.contains) ?? true }
    steps = rest
  }
}

/// A try to fill a slot.
private struct Attempt: Hashable {
  let slot: SlotID
  let number: Int

  init(_ slot: SlotID, _ number: Int) {
    self.slot = slot
    self.number = number
  }
}

extension MemoryChange {
  /// The try that it notes as begun: it is written with the start or not at all. Nil: none.
  fileprivate var attempt: Attempt? {
    switch self {
    case .attempt(let slot, let number): Attempt(slot, number)
    case .phase(let app, _, .begun(let number), _): Attempt(.release(of: app), number)
    case .postdeploy(let app, let state):
      if case .begun(let number) = state.phase {
        Attempt(.postdeploy(of: app), number)
      } else {
        nil
      }
    case .oneOff(let app, let ordinal, .begun(let number)):
      Attempt(.oneOff(ordinal, of: app), number)
    default: nil
    }
  }
}
