// Visitors of simulated web dynos: requests that the router hands on and that take their time.
// Muster does not see them; it asks the router who still has some.

import FormationModel
import Planning
import SimulatedWorld

/// Requests under way.
struct Visitors {
  private struct Request {
    let dyno: InstanceID
    let end: LoopTime
  }

  /// Who takes new requests, as the router was told last.
  private var serving: [InstanceID] = []
  private var requests: [Request] = []
  /// When the machine's clock jumped last: who goes by it cannot know how long ago things were.
  var clockJumpedAt: LoopTime?

  /// The router does something else from now on.
  mutating func follow(_ router: SimulatedRouter) {
    let servers = router.table.apps.values.flatMap(\.servers)
    serving =
      router.table.entry == nil ? [] : servers.filter { !$0.isDraining }.map(\.id).sorted()
  }

  /// Somebody comes; nothing when there is nobody to answer.
  mutating func come(_ chance: inout Chance, at now: LoopTime) {
    guard let dyno = chance.pick(serving) else { return }
    if requests.count > 64 { requests.removeAll { $0.end <= now } }
    // Most requests are short; some take as long as a drain may, and longer.
    let span = chance.happens(perMille: 50) ? 1_000...45_000 : 5...900
    requests.append(Request(dyno: dyno, end: now + chance.span(span)))
  }

  /// How long the instance still has requests.
  func busy(_ dyno: InstanceID, at now: LoopTime) -> Duration {
    let last = requests.filter { $0.dyno == dyno }.map(\.end).max() ?? now
    return max(.zero, last - now)
  }
}

extension Simulation {
  /// Between two visitors.
  static let visitInterval = 40...200

  /// Somebody visits an app; the next one is on the way, until everything stands.
  mutating func visit() {
    switch phase {
    case .faults, .calm: break
    case .stable, .proof, .over: return
    }
    visitors.come(&chance, at: now)
    agenda.add(.visit, at: now + chance.span(Self.visitInterval))
  }

  /// Invariant 20: a dyno that drains ends its requests, unless that takes longer than it may.
  mutating func checkCut(_ step: Step) {
    guard case .stop(let id, _) = step.operation, ledger.isRouterSeen, !ledger.isViewStale,
      let drain = machine.router.drains.first(where: { $0.id == id }), drain.busyUntil > wall,
      wall - drain.since < .seconds(30), drain.since < ledger.seenAt + skew,
      visitors.clockJumpedAt.map({ now - $0 > .seconds(300) }) ?? true
    else { return }
    fail(.drainedFirst, "\(id) is stopped, and has requests")
  }
}
