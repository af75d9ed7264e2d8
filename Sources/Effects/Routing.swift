// The seam to the router: what sends visitors' requests to web dynos.

package import FormationModel

/// Sends requests to web dynos.
package protocol Routing: Sendable {
  /// What the router does at this moment. A router that does not run has a table without an entry;
  /// one that cannot be asked is unavailable, never an empty table.
  func routing() async -> ObservedRouting

  /// Makes the router run with this table and no other; done means that it listens. What it has
  /// under way is served to its end.
  func open(_ table: RouteTable) async -> Outcome

  /// Makes the router do this for an app, and leaves every other app as it is; nil: nothing any
  /// more. Fails with `after-observing` when the router does not run.
  func route(_ app: AppName, _ routes: AppRoutes?) async -> Outcome

  /// Wakes whoever iterates when the router ended, or a draining server has nothing left to do.
  /// Hints only. Ends when the task that iterates is cancelled.
  func routingEvents() -> AsyncStream<Void>
}

/// No router: dynos are started and stopped without one.
package struct NoRouting: Routing {
  /// Makes none.
  package init() {}

  /// None.
  package func routing() -> ObservedRouting { .none }

  /// Fails: there is nothing to open.
  package func open(_ table: RouteTable) -> Outcome { .failed(Self.failure) }

  /// Fails likewise.
  package func route(_ app: AppName, _ routes: AppRoutes?) -> Outcome { .failed(Self.failure) }

  /// Never anything.
  package func routingEvents() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

  private static let failure = EffectFailure(
    "no-router", "there is no router here", retry: .afterObserving)
}
