// The router behind `--runtime simulated`, in the same world file as the dynos.

import Effects
package import FormationModel

extension SimulatedRuntime: Routing {
  /// What it does; unavailable when the world's file cannot be read.
  package func routing() -> ObservedRouting {
    do {
      return try machine().router.observed(at: clock())
    } catch {
      return .unavailable(reason: error.message)
    }
  }

  /// Runs with this table.
  package func open(_ table: RouteTable) -> Outcome {
    change { machine, now in machine.router.open(table, at: now) }
  }

  /// Does this for an app.
  package func route(_ app: AppName, _ routes: AppRoutes?) -> Outcome {
    change { machine, now in machine.router.route(app, routes, at: now) }
  }

  /// Never anything: nothing happens to it by itself.
  package nonisolated func routingEvents() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
