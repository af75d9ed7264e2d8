// Whether a web dyno may be asked to stop: not before the router sends it nothing any more.

import FormationModel

extension ObservedRouting {
  /// How long a dyno may take for what it has to end. Design: 30 s.
  static let drainLimit = Duration.seconds(30)

  /// Until when the instance still has to be waited for before it is stopped; nil: not at all. A
  /// router that does not answer keeps nobody waiting.
  func drainEnd(of instance: ObservedInstance, now: LoopTime) -> LoopTime? {
    // One without a monitor answers requests all the same.
    guard instance.phase == .running || instance.phase == .unsupervised,
      case .table(_, let draining) = self,
      let server = server(of: instance.id)
    else { return nil }
    guard server.isDraining, let drain = draining[instance.id] else {
      return now + Self.drainLimit
    }
    // A clock that went back must not make the wait longer than the limit.
    let end = min(drain.since, now) + Self.drainLimit
    return drain.isBusy && now < end ? end : nil
  }
}
