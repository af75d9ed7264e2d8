// Bugs of the plan as a whole: strangers, order, routes, steps where there is nothing to do.

import FormationModel
import Planning

@testable import SimulationRun

extension Mutant {
  static let order = [
    Mutant(
      "dynos that boot get requests", .fault(.bootSlow),
      .plan { plan, call in
        plan.edit { step in
          guard case .route(let app, var routes?) = step.operation else { return step }
          let known = Set(routes.servers.map(\.id))
          routes.servers += call.instances.filter { $0.id.slot.app == app }.compactMap { dyno in
            guard let endpoint = dyno.endpoint, !known.contains(dyno.id) else { return nil }
            return RouteServer(dyno.id, at: endpoint)
          }
          return Step(app: app, .route(app, routes), step.reason)
        }
      }),
    Mutant(
      "whoever has a name that is taken is removed", .fault(.nameTaken),
      .plan { plan, call in
        for (subject, setback) in call.context.setbacks where setback.failure.code == "name-taken" {
          guard case .slot(let slot, _) = subject, let app = slot.app,
            let known = call.memory.apps[app], let release = known.currentRelease,
            let attempt = known.attempts[slot]
          else { continue }
          let id = InstanceID(slot: slot, release: release.number, attempt: attempt)
          plan.add(Step(app: app, .remove(id), .neverStarted))
        }
      }),
    Mutant(
      "a step is taken where nothing is to be done", .workload(.firstDeploy),
      .plan { plan, call in
        guard plan.isConverged, let app = plan.apps.first?.app,
          case .complete(let formation) = call.observed,
          let routes = formation.routing.table?.apps[app]
        else { return }
        plan.add(Step(app: app, .route(app, routes), .routesDrifted))
      }),
    Mutant(
      "an app alone is planned otherwise", .workload(.firstDeploy),
      .plan { plan, call in
        guard call.desired?.apps.count ?? 0 > 1, !plan.apps.isEmpty else { return }
        plan.apps[0].next.removeAll()
      }),
    Mutant(
      "the plan depends on the order of a dictionary", .seeds,
      .plan { plan, call in
        plan.leftAlone += call.memory.apps.values.flatMap(\.attempts.keys).map { "\($0)" }
      }),
    Mutant(
      "steps are in the order of a dictionary", .seeds,
      .plan { plan, call in
        let order = Array(call.memory.apps.keys)
        plan.apps.sort { left, right in
          (order.firstIndex(of: left.app) ?? 0) < (order.firstIndex(of: right.app) ?? 0)
        }
      }),
  ]
}
