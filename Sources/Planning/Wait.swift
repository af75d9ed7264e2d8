// What gates the rest of a plan, and until when at most.

package import FormationModel

/// Something that has to happen by itself before the plan can go on.
package struct Wait: Hashable, Codable, Sendable {
  /// What is waited for.
  package enum Cause: Hashable, Codable, Sendable {
    /// A stack or slug is being made ready.
    case content(name: String)
    /// A dyno has to become healthy.
    case boot(InstanceID)
    /// A dyno that was healthy fails its check.
    case unwell(InstanceID, ProbeResult?)
    /// A dyno ends the requests that it has before it is asked to stop.
    case draining(InstanceID)
    /// A dyno was asked to stop.
    case stopping(InstanceID)
    /// A dyno died early several times; the next start waits.
    case backoff(InstanceExit, count: Int)
    /// Other dynos of the type go first.
    case turn
    /// Another app has to be healthy first.
    case dependency(AppName)
    /// A step failed; it is tried again.
    case retry(EffectFailure)
    /// A step is under way.
    case underWay
    /// The slot could not be proven empty.
    case unproven
    /// A command that runs once is at work: a release's, or the postdeploy script.
    case command(InstanceID)
  }

  /// The app.
  package let app: AppName
  /// The slot; nil when the whole app waits.
  package let slot: SlotID?
  /// What is waited for.
  package let cause: Cause
  /// When it is over at the latest, or the next try is due; nil: nobody knows.
  package let until: LoopTime?

  /// Makes a wait.
  package init(app: AppName, slot: SlotID? = nil, _ cause: Cause, until: LoopTime? = nil) {
    self.app = app
    self.slot = slot
    self.cause = cause
    self.until = until
  }

  /// Whether a run that ends may end on it: it lasts longer than a boot, or for ever. Two early
  /// deaths in a row say enough; the daemon goes on trying.
  package var outlastsARun: Bool {
    switch cause {
    case .backoff(_, let count): count >= 2
    case .unwell, .unproven, .dependency: true
    case .retry(let failure): failure.retry != .later || until == nil
    case .content, .boot, .draining, .stopping, .turn, .underWay, .command: false
    }
  }
}
