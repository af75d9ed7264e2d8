// What the planner has to know besides what is asked, what is seen and what is remembered. All of
// it comes in as values.

package import FormationModel

/// The rest of the planner's inputs.
package struct PlanningContext: Hashable, Codable, Sendable {
  /// The time.
  package var now: LoopTime
  /// What nothing may exceed.
  package var limits: Limits
  /// The catalog in force, where sizes are looked up.
  package var catalog: Catalog
  /// The source of everything that looks like chance.
  package var seed: UInt64
  /// What is known of each instance's health.
  package var health: [InstanceID: HealthRecord]
  /// What is under way; it is not planned twice.
  package var underWay: Set<OperationSubject>
  /// Steps that failed and when they may be tried again.
  package var setbacks: [OperationSubject: Setback]
  /// Why the repository could not be taken; nil when it could.
  package var sourceHold: Hold?
  /// How this machine wants its router; nil: without one.
  package var router: RouterWish?
  /// Whether dynos that ran for a day are replaced.
  package var cycles = true
  /// Apps to act on; nil: all. It narrows what is done, never what is desired.
  package var only: Set<AppName>?

  /// Makes a context that knows nothing.
  package init(
    now: LoopTime, catalog: Catalog, limits: Limits = Limits(), seed: UInt64 = 0
  ) {
    self.now = now
    self.catalog = catalog
    self.limits = limits
    self.seed = seed
    health = [:]
    underWay = []
    setbacks = [:]
    sourceHold = nil
    router = nil
    only = nil
  }
}

/// A step that failed.
package struct Setback: Hashable, Codable, Sendable {
  /// Why.
  package var failure: EffectFailure
  /// How many times in a row.
  package var count: Int
  /// When it may be tried again; nil: only with other content.
  package var until: LoopTime?

  /// Makes a setback.
  package init(failure: EffectFailure, count: Int, until: LoopTime?) {
    self.failure = failure
    self.count = count
    self.until = until
  }
}
