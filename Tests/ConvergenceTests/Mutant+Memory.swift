// Bugs of what is remembered.

import FormationModel
import Planning

@testable import SimulationRun

extension Mutant {
  static let memory = [
    Mutant(
      "attempts are forgotten", .fault(.humanRemoves), .call { $0.remember { $0.attempts = [:] } }),
    Mutant(
      "a failed release command is run again", .workload(.releaseCommand),
      .call { call in
        call.rephase { if case .failed = $0 { .pending } else { $0 } }
        call.remember { $0.overrides.heldContents = [] }
      }),
    Mutant(
      "a lost release command is run again", .crashes(.releaseCommand),
      .call { $0.rephase { if case .begun = $0 { .pending } else { $0 } } }),
    Mutant(
      "a release command is not waited for", .workload(.releaseCommand),
      .call { $0.rephase { _ in nil } }),
    Mutant(
      "a release command under way counts as done", .workload(.releaseCommand),
      .call { $0.rephase { if case .begun = $0 { .succeeded } else { $0 } } }),
    Mutant(
      "a postdeploy script is run again", .workload(.postdeploy),
      .call { $0.remember { if $0.postdeploy != nil { $0.postdeploy?.phase = .pending } } }),
    Mutant(
      "a lost postdeploy script is run again", .crashes(.postdeploy),
      .call { call in
        call.remember { app in
          if case .begun = app.postdeploy?.phase { app.postdeploy?.phase = .pending }
        }
      }),
    Mutant(
      "held content is forgotten", .workload(.autoRevert),
      .call { $0.remember { if !$0.isTurningBack { $0.overrides.heldContents = [] } } }),
    Mutant(
      "orders are forgotten", .workload(.orders),
      .call { $0.remember { $0.overrides = Overrides() } }),
    Mutant(
      "restarts by hand are forgotten", .workload(.orders),
      .call { $0.remember { $0.restarts = [:] } }),
    Mutant(
      "suspension by hand is forgotten", .workload(.orders),
      .call { call in
        call.memory.suspension = nil
        call.remember { $0.overrides.suspension = nil }
      }),
    Mutant(
      "how an app stood is forgotten", .workload(.firstDeploy),
      .call { $0.remember { $0.convergence = nil } }),
    Mutant(
      "generated secrets are forgotten", .workload(.secret), .call { $0.memory.secrets = [] }),
    Mutant(
      "consent is never withdrawn", .workload(.removedAgain),
      .writes { if case .withdraw = $0 { nil } else { $0 } }),
    Mutant(
      "the deletion budget is not looked at", .vanishing(.twoApps),
      .call { call in
        var budget = DeletionBudget()
        budget.apps = 100
        budget.dynoPercent = 100
        call.memory.platform?.deletionBudget = budget
      }),
    Mutant(
      "holds confirm themselves", .vanishing(.bigApp),
      .call { call in
        let holds = call.plan.platformHolds.filter(\.canBeConfirmed)
        call.memory.confirmed.formUnion(holds.map(\.id))
      }),
  ]
}

extension PlannerCall {
  /// Changes how far release commands are.
  mutating func rephase(_ edit: (ReleasePhase) -> ReleasePhase?) {
    remember { known in
      for index in known.releases.indices {
        known.releases[index].phase = known.releases[index].phase.flatMap(edit)
      }
    }
  }
}
