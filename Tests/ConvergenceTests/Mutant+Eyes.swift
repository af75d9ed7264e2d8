// Bugs of what is seen: of the machine, of the repository, of what is under way.

import FormationModel
import Planning

@testable import SimulationRun

extension Mutant {
  static let eyes = [
    Mutant(
      "what cannot prove itself is not seen", .fault(.recordLost),
      .call { $0.see { $0.unproven = [] } }),
    Mutant(
      "a part of the machine is taken for all of it", .fault(.partialObservation),
      .call { call in
        if case .partial(let formation, _) = call.observed { call.observed = .complete(formation) }
      }),
    Mutant(
      "no answer is taken for an empty machine", .fault(.observationUnavailable),
      .call { call in
        guard case .unavailable = call.observed else { return }
        let contents = (call.desired?.apps ?? []).compactMap(\.content)
        call.observed = .complete(
          ObservedFormation(
            slugs: Set(contents.map(\.slug.digest)), stacks: Set(contents.map(\.stack.digest))))
      }),
    Mutant(
      "the dead are taken for alive", .fault(.dies),
      .call { $0.seeInstances { if $0.exit != nil { $0.phase = .running } } }),
    Mutant(
      "the unwatched are taken for watched", .fault(.monitorDies),
      .call { $0.seeInstances { if $0.phase == .unsupervised { $0.phase = .running } } }),
    Mutant(
      "half of a dyno is taken for a whole one", .fault(.starves),
      .call { $0.seeInstances { $0.hasRunOutOfMemory = false } }),
    Mutant(
      "what is left of the dead is not seen", .fault(.dies),
      .call { $0.see { $0.instances.removeAll { $0.exit != nil } } }),
    Mutant(
      "early deaths are not counted", .workload(.crashLoop),
      .call { $0.seeInstances { $0.crashes = 0 } }),
    Mutant(
      "the router is not looked at", .workload(.firstDeploy),
      .call { $0.see { $0.routing = .none } }),
    Mutant(
      "starting counts as ready", .workload(.replace),
      .call { call in
        for instance in call.instances where instance.phase == .running {
          call.context.health[instance.id, default: HealthRecord()].successes = 2
        }
      }),
    Mutant(
      "failures are tried again at once", .fault(.prepareFails),
      .call { $0.context.setbacks = [:] }),
    Mutant(
      "what is under way is begun again", .seeds, .call { $0.context.underWay = [] }),
    Mutant(
      "an invalid manifest is taken for a removed app", .workload(.badApp),
      .call { $0.desired?.rejected = [] }),
    Mutant(
      "a source that fails is taken for an empty one", .fault(.sourceFails),
      .call { call in
        guard call.desired == nil, let platform = call.memory.platform else { return }
        call.desired = ResolvedFormation(revision: nil, platform: platform, apps: [])
      }),
  ]
}
