// Bugs of the plan: steps that are left out, and steps that should not be there.

import FormationModel
import Planning

@testable import SimulationRun

extension Mutant {
  static let plans = [
    Mutant(
      "duplicates are kept", .seeds, .steps { $0.reason == .duplicate ? nil : $0 }),
    Mutant(
      "what never started is left", .fault(.startHalfDone),
      .steps { $0.reason == .neverStarted ? nil : $0 }),
    Mutant(
      "what is left of the dead is never removed", .workload(.replace),
      .steps { step in
        if case .remove = step.operation { nil } else { step }
      }),
    Mutant(
      "unwatched dynos are kept", .fault(.monitorDies),
      .steps { $0.reason == .unsupervised ? nil : $0 }),
    Mutant(
      "old dynos are never let go", .workload(.replace),
      .steps { $0.reason == .superseded ? nil : $0 }),
    Mutant(
      "routes of apps that are gone are kept", .workload(.removal),
      .steps { step in
        if case .route(_, nil) = step.operation { nil } else { step }
      }),
    Mutant(
      "a release number is used again", .workload(.replace),
      .writes { change in
        guard case .record(let app, let release) = change, release.number > 1 else { return change }
        return .record(
          app,
          Release(
            number: release.number - 1, content: release.content, revision: release.revision,
            recordedAt: release.recordedAt, summary: release.summary, phase: release.phase))
      }),
    Mutant(
      "a scale down begins with the lowest slots", .workload(.scale),
      .steps { step in
        guard case .stop(let id, let grace) = step.operation,
          case .quantityLowered(let before, _) = step.reason
        else { return step }
        let slot = SlotID(
          owner: id.slot.owner, process: id.slot.process, ordinal: before + 1 - id.slot.ordinal)
        let other = InstanceID(slot: slot, release: id.release, attempt: id.attempt)
        return Step(app: step.app, .stop(other, grace: grace), step.reason)
      }),
    Mutant(
      "dynos are killed before their time is over", .seeds,
      .plan { plan, call in
        for instance in call.instances {
          guard case .stopping = instance.phase else { continue }
          plan.add(Step(app: instance.id.slot.app, .kill(instance.id), .graceOver))
        }
      }),
    Mutant(
      "dynos are stopped while they drain", .workload(.replace),
      .plan { plan, _ in
        for part in plan.apps {
          for id in part.draining.sorted() {
            plan.add(Step(app: part.app, .stop(id, grace: .seconds(30)), .superseded))
          }
        }
      }),
  ]
}
