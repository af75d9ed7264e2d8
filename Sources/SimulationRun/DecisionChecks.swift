// Checks on what Muster decides, at the moment at which it asks for it: against what it was told
// and what it remembers.

import FormationModel
import Planning

/// Oracles over decisions.
struct DecisionChecks {
  let ledger: Ledger
  let memory: Memory

  /// The first invariant that a step breaks; nil when it breaks none.
  func violation(of step: Step) -> Violation? {
    guard let name = step.app else { return nil }
    return invalid(step, name) ?? suspended(step, name) ?? unremembered(step)
      ?? broughtBack(step, name) ?? removedUnasked(step, name) ?? overBudget(step, name)
  }

  /// The first invariant that a write breaks; nil when it breaks none.
  func violation(of change: MemoryChange) -> Violation? {
    switch change {
    case .accept(let app, _):
      isOnlySuspended(app) ? nil : takeOver(app.name, "its manifest")
    case .record(let app, let release):
      held(app, release) ?? takeOver(app, "v\(release.number)") ?? shrunk(app, release)
    case .phase(let app, let number, .live, _):
      memory.apps[app]?.releases.first { $0.number == number }.flatMap { held(app, $0) }
        ?? takeOver(app, "v\(number)")
    case .forget(let app), .depart(let app, _, _): forgotten(app)
    case .attempt, .converged, .takeOver, .takeOverSources, .confirm, .withdraw, .mark, .unmark,
      .lost, .order, .endOverride, .turnBack, .phase, .postdeploy, .oneOff:
      nil
    }
  }

  /// Invariant 13: what was left does not become a release again by itself.
  private func held(_ name: AppName, _ release: Release) -> Violation? {
    guard ledger.left.holds(release.content, of: name) else { return nil }
    return Violation(
      .heldContent, "\(name) v\(release.number) is recorded, and its content was left")
  }

  /// Invariants 14 and 18: nothing of a commit is taken over for an app that is broken or
  /// suspended.
  private func takeOver(_ name: AppName, _ what: String) -> Violation? {
    // Going back passes what holds a commit.
    guard let asked = ledger.asked, memory.apps[name]?.isTurningBack != true else { return nil }
    if asked.rejected.contains(where: { $0.name == name }) {
      return Violation(.invalidChangesNothing, "\(name) is invalid, and \(what) is taken over")
    }
    let suspension = suspension(of: name)
    guard suspension != .none else { return nil }
    return Violation(.suspension, "\(name) is suspended, and \(what) is taken over")
  }

  /// Whether all that is taken over is the wish to be suspended.
  private func isOnlySuspended(_ app: DesiredApp) -> Bool {
    var known = memory.apps[app.name]?.accepted
    known?.suspension = app.suspension
    return known == app && app.suspension == suspension(of: app.name)
  }

  /// Invariant 12.
  private func shrunk(_ app: AppName, _ release: Release) -> Violation? {
    let highest = ledger.highestRelease[app] ?? 0
    // A write whose answer got lost is written again as it was.
    let known = memory.apps[app]?.releases.last
    if release.number > highest { return nil }
    if release.number == known?.number, release.content == known?.content { return nil }
    return Violation(.releaseNumbers, "\(app) v\(release.number) is recorded after v\(highest)")
  }

  /// Invariant 14: an app whose manifest is not valid is only repaired.
  private func invalid(_ step: Step, _ name: AppName) -> Violation? {
    guard ledger.asked?.rejected.contains(where: { $0.name == name }) == true,
      case .start(let spec) = step.operation, spec.id.slot.process != .run
    else { return nil }
    return startsCurrent(spec)
      ? nil : Violation(.invalidChangesNothing, "\(name) is invalid, and \(spec.id) is new")
  }

  /// Invariant 18.
  private func suspended(_ step: Step, _ name: AppName) -> Violation? {
    switch (suspension(of: name), step.operation) {
    case (.none, _): nil
    // What runs once goes on to its end.
    case (.everything, .stop(let id, _)) where id.slot.process == .run: nil
    case (.everything, .kill(let id)) where id.slot.process == .run: nil
    case (.everything, .remove(let id)) where id.slot.process == .run: nil
    case (.deploys, .start(let spec)) where spec.id.slot.process == .run: nil
    case (.everything, _):
      Violation(.suspension, "\(name) suspends everything: \(Narration.of(step.operation))")
    case (.deploys, .start(let spec)) where !startsCurrent(spec):
      Violation(.suspension, "\(name) suspends deploys, and \(spec.id) is new")
    case (.deploys, _): nil
    }
  }

  private func suspension(of name: AppName) -> Suspension {
    let app =
      ledger.asked.map { $0.apps.first { $0.name == name }?.app } ?? memory.apps[name]?.accepted
    let manifest = app?.suspension ?? .none
    return manifest.stricter(memory.suspension(of: name)?.suspension ?? .none)
  }

  private func startsCurrent(_ spec: InstanceSpec) -> Bool {
    guard let app = spec.id.slot.app else { return false }
    return memory.apps[app]?.currentRelease?.content == spec.content
  }

  /// Memory is written before the step that it guards.
  private func unremembered(_ step: Step) -> Violation? {
    guard case .start(let spec) = step.operation, let app = spec.id.slot.app else { return nil }
    let known = memory.apps[app]
    if spec.id.slot.process == .run {
      let oneOff = known?.oneOffs.all.first { $0.number == spec.id.slot.ordinal }
      return oneOff?.phase == .begun(attempt: spec.id.attempt)
        ? nil : Violation(.releaseOnce, "\(spec.id): that it begins is not remembered")
    }
    guard known?.attempts[spec.id.slot] == spec.id.attempt else {
      return Violation(.memoryFirst, "\(spec.id): the attempt is not remembered")
    }
    let release = known?.releases.first { $0.number == spec.id.release }
    guard let release, release.content == spec.content else {
      return Violation(.memoryFirst, "\(spec.id): the release is not remembered")
    }
    let begun = ReleasePhase.begun(attempt: spec.id.attempt)
    if spec.id.kind == .oneOff {
      guard known?.postdeploy?.phase != begun else { return nil }
      return Violation(.releaseOnce, "\(spec.id): that it begins is not remembered")
    }
    if spec.id.kind == .release {
      guard release.phase != begun else { return nil }
      return Violation(.releaseOnce, "\(spec.id): that it begins is not remembered")
    }
    return release.isInForce
      ? nil : Violation(.releaseOnce, "\(spec.id) starts before its release command succeeded")
  }
}

// MARK: - The deletion budget

extension DecisionChecks {
  /// The slot that the step empties because it vanished from the commit, without consent; nil when
  /// it does not.
  func removedSlot(_ step: Step) -> SlotID? {
    switch step.reason {
    // Repair of what stays in force until somebody consents.
    case .unsupervised, .bootTimeout, .duplicate, .superseded, .outdated, .outdatedUnknown,
      // Somebody asked for it.
      .restartAsked, .stoppedByHand, .scaledByHand, .sizedByHand, .notInRelease:
      return nil
    default: break
    }
    // A command is no part of a formation: it stands nowhere that somebody could leave it out.
    guard case .stop(let id, _) = step.operation, id.kind == .dyno, let name = id.slot.app,
      let asked = ledger.asked
    else { return nil }
    if asked.rejected.contains(where: { $0.name == name }) { return nil }
    guard let app = asked.apps.first(where: { $0.name == name })?.app else {
      return ledger.consents.contains(name.rawValue) ? nil : id.slot
    }
    let type = id.slot.process
    let isConsented = ledger.consents.contains("\(name)/\(type)")
    return app.process(type) != nil || isConsented ? nil : id.slot
  }

  /// Invariant 17: what somebody brought back goes with consent only.
  private func broughtBack(_ step: Step, _ name: AppName) -> Violation? {
    guard ledger.undone.contains(name), step.reason == .appRemoved,
      case .stop(let id, _) = step.operation, !ledger.consents.contains(name.rawValue)
    else { return nil }
    return Violation(.deletionBudget, "\(name) was brought back, and \(id) is stopped")
  }

  /// Invariants 14 and 17: what git has does not go as if git had it not.
  private func removedUnasked(_ step: Step, _ name: AppName) -> Violation? {
    guard step.operation.instance != nil, step.reason == .appRemoved else { return nil }
    return forgotten(name)
  }

  private func forgotten(_ name: AppName) -> Violation? {
    // What is not in force any more goes, whether or not git has it anew.
    guard let asked = ledger.asked, memory.apps[name]?.isAccepted == true else { return nil }
    if asked.rejected.contains(where: { $0.name == name }) {
      return Violation(.invalidChangesNothing, "\(name) is invalid, and it is removed")
    }
    guard asked.apps.contains(where: { $0.name == name }) else { return nil }
    return Violation(.deletionBudget, "git has \(name), and it is removed")
  }

  /// Invariant 17.
  private func overBudget(_ step: Step, _ name: AppName) -> Violation? {
    guard let slot = removedSlot(step), let asked = ledger.asked else { return nil }
    let budget = SimulatedCatalog.platform.deletionBudget
    var removed = ledger.removed
    removed.slots.insert(slot)
    if !asked.apps.contains(where: { $0.name == name }) { removed.apps.insert(name) }
    let isTooMuch =
      removed.apps.count > budget.apps
      || removed.slots.count * 100 > budget.dynoPercent * removed.running
      || (asked.apps.isEmpty && asked.rejected.isEmpty)
    guard isTooMuch else { return nil }
    return Violation(
      .deletionBudget,
      "\(removed.slots.count) of \(removed.running) dynos, apps \(removed.apps.sorted())")
  }
}
