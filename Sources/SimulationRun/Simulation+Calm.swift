// The end of a run: faults stop, and then everything has to stand, and to stay.

import FormationModel
import Looping
import Planning
import SimulatedWorld

extension Simulation {
  /// How long convergence may take: a few boots and the longest backoff.
  static let longestConvergence = Duration.seconds(5_400)
  /// How long apps that cannot be brought up are watched.
  static let patience = Duration.seconds(300)
  /// How many plans it may take.
  static let mostPasses = 400

  /// Faults stop.
  mutating func calm() {
    log.note(now, "calm")
    report.looks = looks
    report.events = events
    faults = .none
    isSourceDown = false
    rewoundTo = nil
    unread = []
    storeDownUntil = nil
    phase = .calm(since: now)
    report.passesToConverge = report.passes
    endOrders()
    wake(.woken)
  }

  /// Muster reports a plan.
  mutating func see(_ plan: Plan) {
    report.passes += 1
    log.note(now, Narration.of(plan))
    compare(plan)
    lastPlan = plan
    askForConsent(plan)
    retryHeldContents(plan)
    switch phase {
    case .faults, .over: break
    case .calm(let since):
      if isSettled(plan, leavingOut: excused) {
        // What is broken for good may go on trying for good.
        if !excused.isEmpty, now - since > Self.patience { return phase = .over }
      }
      if isSettled(plan) { settle(since) }
    case .stable(let since):
      guard now - since >= options.stableFor else { return }
      phase = .proof(passes: report.passes)
      kill(restartAfter: .seconds(1))
      if core == nil { agenda.add(.boot, at: now + .seconds(1)) }
    case .proof(let passes):
      if isSettled(plan) {
        phase = .over
      } else if report.passes - passes > 50 {
        fail(.idle, "after a restart: \(Narration.of(plan))")
      }
    }
  }

  /// Sees to it that a run that never settles ends.
  mutating func checkProgress() {
    guard case .calm(let since) = phase else { return }
    let passes = report.passes - report.passesToConverge
    guard now - since > Self.longestConvergence || passes > Self.mostPasses else { return }
    fail(.converges, "after \(passes) passes: " + (lastPlan.map(Narration.of) ?? "no plan"))
  }

  /// Whether the effect belongs to the replacing of a dyno that ran for a day, where that is on.
  func isOfCycling(_ effect: LoopEffect) -> Bool {
    guard options.cycles else { return false }
    switch effect {
    case .write(_, let changes):
      return changes.allSatisfy { change in
        switch change {
        case .attempt, .converged, .mark, .unmark: true
        default: false
        }
      }
    case .perform(_, let step):
      return ["cycled", "superseded", "bookkeeping", "dynos-changed"].contains(step.reason.code)
    default: return true
    }
  }

  private mutating func settle(_ since: LoopTime) {
    if let (invariant, story) = FormationChecks.difference(
      machine, commit: options.scenario.last, leavingOut: excused, hasRouter: options.hasRouter)
    {
      // Somebody may have died since Muster looked.
      if ledger.losses.values.contains(where: { $0 >= ledger.seenAt }) { return }
      return fail(invariant, story)
    }
    compareWithDone()
    report.passesToConverge = report.passes - report.passesToConverge
    report.timeToConverge = now - since
    log.note(now, "converged")
    phase = .stable(since: now)
  }

  /// Apps of the last commit that cannot be brought to what it says.
  var excused: Set<AppName> {
    guard !options.scenario.endsMended, let last = options.scenario.last else { return [] }
    let apps = last.apps.filter {
      $0.isBroken || $0.isUnresolvable || $0.app.suspension != .none
    }
    return Set(apps.map(\.app.name))
  }

  private func isSettled(_ plan: Plan) -> Bool {
    // A one-off dyno keeps nobody waiting, but its end is something that happens.
    guard plan.apps.allSatisfy(\.oneOffs.isEmpty) else { return false }
    return excused.isEmpty
      ? plan.revision == options.scenario.last?.id && plan.isConverged && !memory.hasOverrides
      : isSettled(plan, leavingOut: [])
  }

  /// Whether nothing is to be done and nothing waited for; excused apps may differ from what the
  /// commit says.
  private func isSettled(_ plan: Plan, leavingOut others: Set<AppName>) -> Bool {
    guard plan.revision == options.scenario.last?.id, plan.platform.isEmpty,
      plan.platformHolds.isEmpty, !plan.isBlind, plan.router == nil, !memory.hasOverrides
    else { return false }
    return plan.apps.allSatisfy { part in
      if others.contains(part.app) { return true }
      guard part.next.isEmpty, part.waits.isEmpty else { return false }
      if excused.contains(part.app) { return true }
      return part.changes.isEmpty && part.holds.isEmpty && part.sync.value == .synced
        && part.health.value != .degraded
    }
  }
}
