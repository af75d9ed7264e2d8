// The router of a simulated machine: it does what it is told, and servers that drain have requests
// for a while.

package import FormationModel

/// A simulated router.
package struct SimulatedRouter: Hashable, Codable, Sendable {
  /// A server that drains.
  package struct Drain: Hashable, Codable, Sendable {
    /// The server's instance.
    package let id: InstanceID
    /// Since when.
    package let since: LoopTime
    /// When its last request ends.
    package let busyUntil: LoopTime
  }

  /// What it does; without an entry it does not run.
  package private(set) var table = RouteTable()
  /// Servers that drain, sorted by id.
  package private(set) var drains: [Drain] = []

  /// Makes one that does not run.
  package init() {}

  /// What it says of itself at that time.
  package func observed(at now: LoopTime) -> ObservedRouting {
    let states = drains.map { ($0.id, Draining(since: $0.since, isBusy: $0.busyUntil > now)) }
    return .table(table, draining: Dictionary(states, uniquingKeysWith: { first, _ in first }))
  }

  /// Runs with this table and no other. Servers that begin to drain are busy for `busy`.
  package mutating func open(
    _ table: RouteTable, busy: (InstanceID) -> Duration = { _ in .zero }, at now: LoopTime
  ) -> Outcome {
    self.table = table
    noteDrains(busy, now)
    return .done
  }

  /// Does this for an app; nil: nothing any more.
  package mutating func route(
    _ app: AppName, _ routes: AppRoutes?, busy: (InstanceID) -> Duration = { _ in .zero },
    at now: LoopTime
  ) -> Outcome {
    guard table.entry != nil else {
      return .failed(
        EffectFailure("no-router", "the router does not run", retry: .afterObserving))
    }
    table.apps[app] = routes
    noteDrains(busy, now)
    return .done
  }

  /// It ends, and knows nothing any more.
  package mutating func end() { self = SimulatedRouter() }

  private mutating func noteDrains(_ busy: (InstanceID) -> Duration, _ now: LoopTime) {
    let ids = table.apps.values.flatMap(\.servers).filter(\.isDraining).map(\.id).sorted()
    drains = ids.map { id in
      drains.first { $0.id == id } ?? Drain(id: id, since: now, busyUntil: now + busy(id))
    }
  }
}
