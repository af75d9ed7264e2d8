// A plan: what has to happen until both formations agree, what may happen now, and what waits.
// A value: the same inputs give the same plan, byte for byte.

package import FormationModel

/// What the planner came to.
package struct Plan: Hashable, Codable, Sendable {
  /// The revision planned for; nil when the repository could not be read or for a working tree.
  package var revision: RevisionID?
  /// One part per app, sorted by name.
  package var apps: [AppPlan]
  /// Memory changes of the platform as a whole, allowed now.
  package var platform: [MemoryChange]
  /// Holds of the platform as a whole.
  package var platformHolds: [Hold]
  /// What was found and is not proven to be ours, or could not be seen; reported, never touched.
  package var leftAlone: [String]
  /// What is done about the router as a whole; nil when it runs as it ought to, or none is wanted.
  package var router: RouterPlan?
  /// Why the runtime did not say what is there; nil when it did. Without its answer nobody knows,
  /// and nothing is done.
  package var blindness: String?

  /// Whether nobody knows what runs.
  package var isBlind: Bool { blindness != nil }

  /// Every change of every app, in order.
  package var changes: [Change] { apps.flatMap(\.changes) }
  /// Every step allowed now, in order.
  package var next: [Step] {
    (platform.isEmpty ? [] : [Step(app: nil, .remember(platform), .bookkeeping)])
      + [router?.step].compactMap { $0 } + apps.flatMap(\.next)
  }
  /// Every wait of every app.
  package var waits: [Wait] { apps.flatMap(\.waits) }
  /// Every hold, the platform's first.
  package var holds: [Hold] { platformHolds + apps.flatMap(\.holds) }

  /// Every hold that keeps the app from what git asks for, the platform's first.
  package func holds(concerning part: AppPlan) -> [Hold] {
    platformHolds.filter { part.platformHolds.contains($0.id) } + part.holds
  }

  /// No steps, no waits, no holds, every slot healthy.
  package var isConverged: Bool {
    platform.isEmpty && platformHolds.isEmpty && !isBlind && router == nil
      && apps.allSatisfy(\.isConverged)
  }
}

/// The part of a plan that concerns one app.
package struct AppPlan: Hashable, Codable, Sendable {
  /// The app.
  package var app: AppName
  /// Where its manifests come from; nil: the platform's own repository.
  package var source: AppSource?
  /// The commit of that source; nil for the platform's own.
  package var revision: RevisionID?
  /// Every start, stop, replace and release up to convergence, ordered.
  package var changes: [Change] = []
  /// The steps allowed now, in the order in which they may be taken.
  package var next: [Step] = []
  /// What gates the rest.
  package var waits: [Wait] = []
  /// What needs somebody.
  package var holds: [Hold] = []
  /// Holds of the platform as a whole that keep this app as it is.
  package var platformHolds: [HoldID] = []
  /// Whether what runs is what git asks for.
  package var sync = SyncStatus(.synced, .matches)
  /// Whether what runs is well.
  package var health = HealthStatus(.healthy, .allUp)
  /// The manifest's errors, when it is not valid.
  package var errors: [Diagnostic] = []
  /// What is in force by hand instead of what git asks for.
  package var overrides: [OverrideStanding] = []
  /// Dynos that git asks for and somebody stopped by hand.
  package var stopped: [StoppedDyno] = []
  /// Web dynos that are to end their requests before they are stopped.
  package var draining: Set<InstanceID> = []
  /// Web dynos that are up and go on being checked.
  package var watched: [InstanceID] = []
  /// When the next dyno has run for long enough; nil when none ever has.
  package var nextCycle: LoopTime?
  /// Dynos as the planner sees them, for `ps` and `status`; sorted by slot.
  package var dynos: [DynoStanding] = []

  /// No steps, no waits, no holds, every slot healthy.
  var isConverged: Bool {
    next.isEmpty && waits.isEmpty && holds.isEmpty && changes.isEmpty
      && health.value != .degraded && sync.value == .synced
  }

  /// One-off dynos that are not over, by number.
  package var oneOffs: [DynoStanding] = []

  /// Makes an empty part.
  package init(app: AppName) { self.app = app }
}
