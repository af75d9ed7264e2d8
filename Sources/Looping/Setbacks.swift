// Steps that failed, and when each may be tried again: no retry storm, no endless hammering.

import FormationModel
import Planning

/// What failed lately.
struct Setbacks: Hashable {
  private(set) var all: [OperationSubject: Setback] = [:]

  subscript(_ subject: OperationSubject) -> Setback? { all[subject] }

  mutating func succeeded(_ subject: OperationSubject) { all[subject] = nil }

  mutating func failed(
    _ subject: OperationSubject, _ failure: EffectFailure, _ now: LoopTime, seed: UInt64
  ) {
    let count = (all[subject]?.count ?? 0) + 1
    let until: LoopTime? =
      switch failure.retry {
      case .later: now + Self.delay(count)
      case .withNewContent: nil
      // Once or twice the world merely was not as planned; more often, something else is wrong.
      case .afterObserving: count <= 2 ? now : now + Self.delay(count - 2)
      case .whenMachineIsMended: now + .seconds(30)
      }
    all[subject] = Setback(failure: failure, count: count, until: until)
    forgetOld(now)
  }

  /// Somebody asked to try again what these say.
  mutating func forget(where isMeant: (OperationSubject) -> Bool) {
    all = all.filter { !isMeant($0.key) }
  }

  /// Delays were counted from a time that has not come yet: begin them anew.
  mutating func clockWentBack(to now: LoopTime) {
    for (subject, setback) in all where setback.until != nil { all[subject]?.until = now }
  }

  /// 1 s, 2 s, 4 s … up to a minute.
  private static func delay(_ count: Int) -> Duration {
    .seconds(min(60, 1 << min(count - 1, 6)))
  }

  private mutating func forgetOld(_ now: LoopTime) {
    guard all.count > 1_000 else { return }
    all = all.filter { $0.value.until.map { $0 + .seconds(600) > now } ?? true }
  }
}
