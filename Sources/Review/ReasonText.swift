// Words for why something is done. One closed switch: a new reason does not compile without words.

import FormationModel
package import Planning

/// Words for reasons.
package enum ReasonText {
  /// The reason in a few words, without a full stop. Values of config vars never appear.
  package static func words(_ reason: Reason) -> String {
    switch reason {
    case .firstRelease: "first release"
    case .contentChanged(let fields), .outdated(let fields), .routesChanged(let fields):
      changed(fields)
    case .turnedBack(let release, let origin, let isByHand):
      turnedBack(to: release, origin, isByHand: isByHand)
    case .outdatedUnknown: "runs something else; which fields differ is not known any more"
    case .quantityRaised(let from, let to), .quantityLowered(let from, let to):
      "quantity \(from) → \(to)"
    case .processRemoved: "process type removed"
    case .notInRelease: "the release has no such process type"
    case .appRemoved: "app removed from the repository"
    case .noRoom(let gap): "\(noRoom(gap)), so it goes first"
    case .crashed(let exit, let count): "crashed: \(EndText.words(exit, count: count))"
    case .bootTimeout(let probe, let limit): bootTimeout(probe, limit)
    case .checkFailing(let probe, let limit): checkFailing(probe, limit)
    case .outOfMemory: "a part of it was ended for its memory (R15), so the rest goes too"
    case .cycled(let since): "daily restart: it ran since \(TimeText.seconds(since))"
    case .missing: "dyno is gone, and Muster did not stop it"
    case .unsupervised: "its monitor died; exit code unknown"
    case .neverStarted: "container was made and never started"
    case .duplicate: "second dyno in one slot"
    case .superseded: "its successor is up"
    case .graceOver: "grace period is over (R12)"
    case .restartAsked(let by): "restart asked by \(by)"
    case .stoppedByHand(let by): "stopped by \(by)"
    case .scaledByHand(let from, let to, let by): "quantity \(from) → \(to), by \(by)"
    case .sizedByHand(let from, let to, let by): "size \(from) → \(to), by \(by)"
    case .wantedAgain: "wanted again"
    case .bookkeeping: "nothing runs from it any more"
    case .needed: "a dyno needs it to start"
    case .releaseCommand: "release command"
    case .postdeploy: "postdeploy script, once in the app's life"
    case .oneOff(let by): "one-off dyno, asked for by \(by.escapingControls)"
    case .sessionGone: "the terminal or the streams that it was connected to are gone"
    case .releaseTimeout(let limit): "its command ran longer than \(DurationText.span(limit))"
    case .routerDown: "the router does not run as it ought to"
    case .dynosChanged: "its dynos changed"
    case .routesDrifted: "the router does something else than it was told"
    }
  }

  /// `512 MB beside it do not fit: 200 MB may still be promised`.
  static func noRoom(_ gap: MemoryGap) -> String {
    "\(BytesText.words(gap.needed)) beside it do not fit: "
      + "\(BytesText.words(gap.room)) may still be promised"
  }

  private static func changed(_ fields: [FieldChange]) -> String {
    guard !fields.isEmpty else { return "release content changed" }
    let shown = fields.prefix(3).map(FieldChangeText.words).joined(separator: ", ")
    return fields.count > 3 ? "\(shown) and \(fields.count - 3) more" : shown
  }

  private static func turnedBack(
    to release: Int, _ origin: OrderOrigin, isByHand: Bool
  ) -> String {
    isByHand
      ? "rollback to v\(release), \(OverrideText.words(origin))"
      : "its rollout failed, back to v\(release)"
  }

  private static func checkFailing(_ probe: ProbeResult?, _ limit: Duration) -> String {
    "fails its check for \(DurationText.span(limit))"
      + (probe.map { ": \(ProbeText.words($0))" } ?? "")
  }

  private static func bootTimeout(_ probe: ProbeResult?, _ limit: Duration) -> String {
    let start = "not healthy within \(DurationText.span(limit)) (R10)"
    return probe.map { "\(start): \(ProbeText.words($0))" } ?? start
  }
}
