// The closed vocabulary of status: does it match git, and is it well. Documented row by row in
// docs/reference/status.md; a test keeps both together.

package import FormationModel

/// Whether what runs is what git asks for.
package struct SyncStatus: Hashable, Codable, Sendable {
  /// The three answers.
  package enum Value: String, Codable, Sendable, CaseIterable {
    case synced = "Synced"
    case outOfSync = "OutOfSync"
    case unknown = "Unknown"
  }

  /// Why.
  package enum Reason: String, Codable, Sendable, CaseIterable {
    /// What runs is what git asks for.
    case matches = "Matches"
    /// What runs is what git asks for, but for what is in force by hand.
    case overridden = "Overridden"
    /// Changes are on their way.
    case changesPending = "ChangesPending"
    /// The manifest is not valid; the last good formation stays.
    case invalidManifest = "InvalidManifest"
    /// A hold keeps what git asks for from being done.
    case held = "Held"
    /// The repository could not be taken; the last good commit stays in force.
    case sourceProblem = "SourceProblem"
    /// The runtime could not be asked.
    case runtimeUnavailable = "RuntimeUnavailable"
  }

  /// The answer.
  package let value: Value
  /// Why.
  package let reason: Reason

  /// Makes a status.
  package init(_ value: Value, _ reason: Reason) {
    self.value = value
    self.reason = reason
  }
}

/// Whether what runs is well.
package struct HealthStatus: Hashable, Codable, Sendable {
  /// The five answers.
  package enum Value: String, Codable, Sendable, CaseIterable {
    case healthy = "Healthy"
    case progressing = "Progressing"
    case degraded = "Degraded"
    case suspended = "Suspended"
    case missing = "Missing"
  }

  /// Why.
  package enum Reason: String, Codable, Sendable, CaseIterable {
    /// Every wanted dyno is up.
    case allUp = "AllUp"
    /// The formation asks for no dyno.
    case noDynos = "NoDynos"
    /// Dynos are starting, stopping or being replaced.
    case rollingOut = "RollingOut"
    /// A dyno dies again and again.
    case crashing = "Crashing"
    /// A dyno does not become healthy within its boot limit.
    case bootTimeout = "BootTimeout"
    /// The first release does not stand, so that there is nothing to go back to.
    case firstReleaseFailed = "FirstReleaseFailed"
    /// A dyno that was healthy fails its check.
    case checkFailing = "CheckFailing"
    /// A step fails again and again.
    case stepFailing = "StepFailing"
    /// Nothing of it runs, and nothing may start.
    case nothingRuns = "NothingRuns"
    /// The manifest says `suspend: everything`.
    case suspendedByManifest = "SuspendedByManifest"
    /// Somebody said `muster suspend --everything`.
    case suspendedByHand = "SuspendedByHand"
    /// The runtime could not be asked.
    case runtimeUnavailable = "RuntimeUnavailable"
  }

  /// The answer.
  package let value: Value
  /// Why.
  package let reason: Reason

  /// Makes a status.
  package init(_ value: Value, _ reason: Reason) {
    self.value = value
    self.reason = reason
  }
}

/// A dyno as `ps` shows it. Heroku's states, from what was observed and checked.
package struct DynoStanding: Hashable, Codable, Sendable {
  /// Heroku's dyno states.
  package enum State: String, Codable, Sendable, CaseIterable {
    case starting, up, crashed, down
  }

  /// The slot.
  package let slot: SlotID
  /// The state.
  package let state: State
  /// Since when; nil when it is not known.
  package let since: LoopTime?
  /// The instance behind it; nil when there is none.
  package let instance: ObservedInstance?
  /// The last end of the slot's process; nil when it never ended.
  package let exit: InstanceExit?
  /// How many times in a row it ended early.
  package let crashes: Int
  /// When the next start is due; nil when none is.
  package var nextStart: LoopTime?
  /// The command it runs, or is to run.
  package let command: String
  /// Its dyno type.
  package let size: CatalogName

  /// Makes a standing.
  package init(
    slot: SlotID, state: State, since: LoopTime?, instance: ObservedInstance?,
    exit: InstanceExit?, crashes: Int, nextStart: LoopTime?, command: String, size: CatalogName
  ) {
    self.slot = slot
    self.state = state
    self.since = since
    self.instance = instance
    self.exit = exit
    self.crashes = crashes
    self.nextStart = nextStart
    self.command = command
    self.size = size
  }
}
