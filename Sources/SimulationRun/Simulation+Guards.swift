// Checks that need more of a run than one decision: what is under way besides, how a release's
// command ended, how those stand that an app depends on, and how often a slot was started.

import FormationModel
import Looping
import Planning
import SimulatedWorld

extension Simulation {
  /// Starts after ends of their own that a slot may have within `stormSpan`. With delays that
  /// double from 10 s on it has about five.
  static let mostRestarts = 12
  static let stormSpan = Duration.seconds(120)

  /// Checks that nothing is asked for twice before an answer has come.
  mutating func checkAlone(_ step: Step, _ number: EffectNumber) {
    let subject = step.operation.subject
    if ledger.underWay.values.contains(subject) {
      fail(.oneAtATime, "\(Narration.of(step.operation)) is asked for while one is under way")
    }
    ledger.underWay[number] = subject
    checkPatience(step, subject)
  }

  /// What failed is not tried again at once: after a failure that may pass by itself a second goes
  /// by, or more.
  private mutating func checkPatience(_ step: Step, _ subject: OperationSubject) {
    guard let failedAt = ledger.failed[subject], now - failedAt < .milliseconds(900),
      visitors.clockJumpedAt.map({ now - $0 > .seconds(5) }) ?? true
    else { return }
    fail(.noStorm, "\(Narration.of(step.operation)) is tried again after \(now - failedAt)")
  }

  /// Notes the end of what was under way.
  mutating func noteEnd(_ number: EffectNumber, _ outcome: Outcome) {
    guard let subject = ledger.underWay.removeValue(forKey: number) else { return }
    ledger.failed[subject] = nil
    guard case .failed(let failure) = outcome, failure.retry == .later else { return }
    ledger.failed[subject] = now
  }

  /// Notes a start in a slot whose last instance ended by itself.
  mutating func noteRestart(_ id: InstanceID) {
    let last = ledger.endedAlone.filter { $0.slot == id.slot }.map(\.attempt).max()
    guard last == id.attempt - 1 else { return }
    let recent = (ledger.restarts[id.slot] ?? []).filter { $0 + Self.stormSpan > now } + [now]
    ledger.restarts[id.slot] = recent
    guard recent.count > Self.mostRestarts else { return }
    fail(.noStorm, "\(id) is start \(recent.count) within \(Self.stormSpan)")
  }

  /// What a write says, and is not so; nil when nothing is known against it.
  func unfounded(_ change: MemoryChange) -> Violation? {
    switch change {
    case .phase(let app, let number, .succeeded, _): notSucceeded(app, number)
    case .phase(let app, let number, .live, _): notWrittenDown(app, number)
    case .record(let app, let release): tooSoon(app, release)
    case .postdeploy(let app, let state) where state.phase == .succeeded: notRun(app, state)
    case .postdeploy, .oneOff, .phase, .accept, .attempt, .converged, .takeOver, .takeOverSources,
      .forget, .depart, .confirm, .withdraw, .mark, .unmark, .lost, .order, .endOverride, .turnBack:
      nil
    }
  }

  /// Invariant 8: a release's command has succeeded when it has ended with 0.
  private func notSucceeded(_ app: AppName, _ number: Int) -> Violation? {
    let hasSucceeded = hasSucceeded { id in
      id.kind == .release && id.slot.app == app && id.release == number
    }
    return hasSucceeded
      ? nil : Violation(.releaseOnce, "the command of \(app) v\(number) has not ended with 0")
  }

  /// The same of a postdeploy script that has begun.
  private func notRun(_ app: AppName, _ state: Postdeploy) -> Violation? {
    guard case .begun = memory.apps[app]?.postdeploy?.phase else { return nil }
    return hasSucceeded { $0.slot == .postdeploy(of: app) }
      ? nil : Violation(.releaseOnce, "the postdeploy script of \(app) has not ended with 0")
  }

  /// Whether one of the commands ended with 0, or went without Muster seeing how.
  private func hasSucceeded(_ isCommand: (InstanceID) -> Bool) -> Bool {
    let commands = (machine.departed + machine.instances.values).filter { isCommand($0.id) }
    return commands.contains { $0.observed.exit?.code == 0 }
      || ledger.losses.keys.contains(where: isCommand)
  }

  private func notWrittenDown(_ app: AppName, _ number: Int) -> Violation? {
    let phase = memory.apps[app]?.releases.first { $0.number == number }?.phase
    // A write whose answer got lost is written again.
    if phase == .succeeded || phase == .live { return nil }
    return Violation(.releaseOnce, "\(app) v\(number) goes live before its command succeeded")
  }

  /// What depends on an app changes when that app stands.
  private func tooSoon(_ name: AppName, _ release: Release) -> Violation? {
    guard !ledger.isViewStale, memory.apps[name]?.isTurningBack != true,
      let app = ledger.asked?.apps.first(where: { $0.name == name })?.app
    else { return nil }
    let missing = app.dependsOn.flatMap { other -> [SlotID] in
      let wanted = ledger.asked?.apps.first { $0.name == other }?.app
      return (wanted?.processes ?? []).filter { $0.type != .release }.flatMap { process in
        (0..<process.quantity).map { SlotID(other, process.type, $0 + 1) }
      }
    }.first { slot in
      !machine.instances.values.contains { $0.id.slot == slot && $0.isStaying }
        && !ledger.losses.contains { $0.key.slot == slot && $0.value >= ledger.seenAt }
    }
    return missing.map {
      Violation(.dependencies, "\(name) v\(release.number) is recorded before \($0) runs")
    }
  }
}
