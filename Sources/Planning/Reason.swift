// Why something is done: a closed list. Each has a stable code; one renderer words them.

package import FormationModel

/// Why a change or a step is made.
package enum Reason: Hashable, Codable, Sendable {
  /// The app has no release yet.
  case firstRelease
  /// The release's content changed, in these fields.
  case contentChanged([FieldChange])
  /// The app goes back to that release: somebody asked for it, or the newer one's rollout failed.
  case turnedBack(to: Int, OrderOrigin, isByHand: Bool)
  /// The dyno runs something else than its slot asks for, in these fields.
  case outdated([FieldChange])
  /// The dyno runs something else, but with which fields is not known any more.
  case outdatedUnknown
  /// More dynos of the type are wanted than before.
  case quantityRaised(from: Int, to: Int)
  /// Fewer dynos of the type are wanted than before.
  case quantityLowered(from: Int, to: Int)
  /// The process type left the Procfile.
  case processRemoved
  /// The release that was gone back to has no such process type.
  case notInRelease
  /// The app left the repository.
  case appRemoved
  /// The dyno that replaces it does not fit beside it.
  case noRoom(MemoryGap)
  /// The dyno's process ended. `count` is how many times in a row it ended early.
  case crashed(InstanceExit, count: Int)
  /// The dyno did not become healthy within its boot limit (R10).
  case bootTimeout(ProbeResult?, limit: Duration)
  /// The dyno was healthy, and has failed its check for that long.
  case checkFailing(ProbeResult?, limit: Duration)
  /// The kernel ended a part of the dyno for its memory: the rest goes too (R15).
  case outOfMemory
  /// The dyno has run since then: a day and a bit.
  case cycled(since: LoopTime)
  /// The slot ought to have a dyno and has none; nothing says why.
  case missing
  /// The dyno's monitor died: its exit could not be seen.
  case unsupervised
  /// The container was made and never started.
  case neverStarted
  /// The slot has more than one dyno of the release that it wants.
  case duplicate
  /// The successor is up.
  case superseded
  /// The dyno's grace period is over (R12).
  case graceOver
  /// Somebody asked for a restart.
  case restartAsked(by: String)
  /// Somebody stopped it by hand.
  case stoppedByHand(by: String)
  /// Somebody asked for another quantity than git.
  case scaledByHand(from: Int, to: Int, by: String)
  /// Somebody asked for another size than git.
  case sizedByHand(from: CatalogName, to: CatalogName, by: String)
  /// It was stopped before on purpose, and is wanted again.
  case wantedAgain
  /// Nothing runs from it any more.
  case bookkeeping
  /// It has to be there before a dyno can start.
  case needed
  /// It runs before anything of the release starts.
  case releaseCommand
  /// It runs once, after the app has stood for the first time.
  case postdeploy
  /// Somebody asked for a one-off dyno.
  case oneOff(by: String)
  /// Whoever a one-off dyno was connected to is gone.
  case sessionGone
  /// The command ran longer than it may.
  case releaseTimeout(Duration)
  /// The router does not run, or not where it ought to.
  case routerDown
  /// The router has to know which dynos take requests.
  case dynosChanged
  /// Hosts, maintenance or settings of the app's routes changed, in these fields.
  case routesChanged([FieldChange])
  /// The router does something else than it was told.
  case routesDrifted

  /// A stable name for programs, documentation and metrics.
  package var code: String {
    switch self {
    case .firstRelease: "first-release"
    case .contentChanged: "content-changed"
    case .turnedBack: "turned-back"
    case .outdated, .outdatedUnknown: "outdated"
    case .quantityRaised: "quantity-raised"
    case .quantityLowered: "quantity-lowered"
    case .processRemoved: "process-removed"
    case .notInRelease: "not-in-release"
    case .appRemoved: "app-removed"
    case .noRoom: "no-room"
    case .crashed: "crashed"
    case .bootTimeout: "boot-timeout"
    case .checkFailing: "check-failing"
    case .outOfMemory: "out-of-memory"
    case .cycled: "cycled"
    case .missing: "missing"
    case .unsupervised: "unsupervised"
    case .neverStarted: "never-started"
    case .duplicate: "duplicate"
    case .superseded: "superseded"
    case .graceOver: "grace-over"
    case .restartAsked: "restart-asked"
    case .stoppedByHand: "stopped-by-hand"
    case .scaledByHand, .sizedByHand: "scaled-by-hand"
    case .wantedAgain: "wanted-again"
    case .bookkeeping: "bookkeeping"
    case .needed: "needed"
    case .releaseCommand: "release-command"
    case .postdeploy: "postdeploy"
    case .oneOff: "one-off"
    case .sessionGone: "session-gone"
    case .releaseTimeout: "release-timeout"
    case .routerDown: "router-down"
    case .dynosChanged: "dynos-changed"
    case .routesChanged: "routes-changed"
    case .routesDrifted: "routes-drifted"
    }
  }
}
