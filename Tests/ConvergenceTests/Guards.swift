// Runs that the checks of a whole run find: what is under way, what was started before, what people
// asked for.

import FormationModel
import Looping
import Planning
import Testing

@testable import SimulationRun

enum Guards {
  /// The invariant that a broken run shows.
  static func found(_ invariant: Invariant) -> Invariant? {
    var simulation = Simulation(Workload.firstDeploy.options)
    let app = SimulatedCatalog.apps[0]
    let slot = SlotID(app, .web, 1)
    let id = InstanceID(slot: slot, release: 1, attempt: 1)
    switch invariant {
    case .oneAtATime:
      let step = Step(app: app, .stop(id, grace: .seconds(30)), .superseded)
      simulation.checkAlone(step, EffectNumber(1))
      simulation.checkAlone(step, EffectNumber(2))
    case .noStorm:
      for attempt in 1...(Simulation.mostRestarts + 1) {
        simulation.ledger.endedAlone.insert(InstanceID(slot: slot, release: 1, attempt: attempt))
        simulation.noteRestart(InstanceID(slot: slot, release: 1, attempt: attempt + 1))
      }
    case .ordersObeyed: disobey(&simulation, app)
    case .dependencies:
      return Simulation.run(
        Mutation.manifests { $0.dependsOn = [] }.applied(to: Workload.dependency.options)
      ).failure?.invariant
    default: return nil
    }
    return simulation.failure?.invariant
  }

  /// Somebody wants three, the commit two, and nothing runs.
  private static func disobey(_ simulation: inout Simulation, _ app: AppName) {
    guard let commit = simulation.options.scenario.last, let wish = commit.app(app)?.app else {
      return
    }
    simulation.memory.apply(.accept(wish, commit.id), releasesKept: 4)
    simulation.pushed = 0
    // A plan that knows of nothing to do.
    let context = PlanningContext(
      now: simulation.now, catalog: SimulatedCatalog.platform.catalog)
    simulation.lastPlan = Planner.plan(
      desired: commit.resolved, observed: .unavailable(reason: "no answer"),
      memory: simulation.memory, context: context)
    simulation.checkStanding()
  }
}
