// The part of a plan's next steps that one pass takes: small batches, then observe and plan again.

import FormationModel
import Planning

/// Memory changes, and the steps that come after them.
struct Batch {
  let changes: [MemoryChange]
  let steps: [Step]

  var isEmpty: Bool { changes.isEmpty && steps.isEmpty }

  /// Takes the first steps up to the limit, one per subject (a stack that two apps need is made
  /// ready once); an attempt is only written for a start that is taken.
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
        if case .start(let spec) = step.operation { spec.id.slot } else { nil }
      })
    changes = all.filter { change in
      if case .attempt(let slot, _) = change { starting.contains(slot) } else { true }
    }
    steps = rest
  }
}
