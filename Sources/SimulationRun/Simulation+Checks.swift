// Where in a run the invariants are checked, and what is noted for later checks.

import FormationModel
import Looping
import Planning
import SimulatedWorld

extension Simulation {
  /// Checks a step at the moment at which Muster asks for it.
  mutating func checkDecision(_ step: Step) {
    let checks = DecisionChecks(ledger: ledger, memory: memory)
    if let violation = checks.violation(of: step) { fail(violation.invariant, violation.story) }
    checkCut(step)
    if let slot = checks.removedSlot(step), let app = slot.app {
      ledger.removed.slots.insert(slot)
      if ledger.asked?.apps.contains(where: { $0.name == app }) == false {
        ledger.removed.apps.insert(app)
      }
    }
    // What is decided on an old list may be one too many.
    if ledger.isViewStale, let slot = step.operation.slot { ledger.surprises.insert(slot) }
  }

  /// Checks a write at the moment at which Muster asks for it.
  mutating func checkDecision(_ change: MemoryChange) {
    let checks = DecisionChecks(ledger: ledger, memory: memory)
    if let violation = checks.violation(of: change) ?? unfounded(change) {
      fail(violation.invariant, violation.story)
    }
  }

  /// Notes a write that reaches the store.
  mutating func checkWrite(_ change: MemoryChange) {
    if case .order(let order) = change { ledger.recorded.append(order) }
    if case .order(let order) = change, case .retry(let app) = order.wish {
      ledger.commandsRun = ledger.commandsRun.filter { $0.slot != .postdeploy(of: app) }
    }
    ledger.left.note(change)
    if case .converged(let app, let convergence) = change { noteStanding(app, convergence) }
    switch change {
    case .turnBack, .phase(_, _, .failed, _): ledger.prediction.isVoid = true
    default: break
    }
    guard case .record(let app, let release) = change else { return }
    noteDone(change)
    ledger.highestRelease[app] = max(ledger.highestRelease[app] ?? 0, release.number)
  }

  /// Checks what a step has done to the machine.
  mutating func check(_ step: Step, before: SimulatedMachine, outlives: Bool) {
    var known = ledger
    // What an earlier life asked for it asked for by what it knew.
    if outlives { known.healthy = known.everHealthy }
    let checks = WorldChecks(
      step, before: before, after: machine, ledger: known, memory: memory, wall: wall)
    if let violation = checks.violation { fail(violation.invariant, violation.story) }
    // What does not get up is started again and again.
    if case .bootTimeout = step.reason, let id = step.operation.instance { noteHopeless(id) }
    if case .start(let spec) = step.operation, machine.instances[spec.id] != nil {
      ledger.usedIDs.insert(spec.id)
      noteCommand(spec.id)
      noteRestart(spec.id)
    }
  }

  /// Invariant 8: what began to run is the only attempt of its release that ever did; of a
  /// postdeploy script, the only one of its app.
  private mutating func noteCommand(_ id: InstanceID) {
    guard id.kind != .dyno, machine.instances[id]?.startedAt != nil else { return }
    if let other = ledger.commandsRun.first(where: {
      $0.slot == id.slot && (id.kind == .oneOff || $0.release == id.release) && $0 != id
    }) {
      fail(.releaseOnce, "\(id) runs after \(other)")
    }
    ledger.commandsRun.insert(id)
  }

  /// Checks the planner on what there is at this moment, now and then.
  mutating func checkPlanner(_ observed: ObservedFormation) {
    guard looks % 64 == 3, let desired = ledger.asked else { return }
    var context = PlanningContext(
      now: wall, catalog: SimulatedCatalog.platform.catalog, seed: options.seed)
    context.cycles = options.cycles
    context.router = options.hasRouter ? RouterWish() : nil
    for instance in machine.instances.values where instance.listens(at: wall) {
      context.health[instance.id] = HealthRecord()
      context.health[instance.id]?.hasBeenHealthy = true
    }
    var checks = PlannerChecks(
      desired: desired, observed: observed, memory: memory, context: context)
    if let planning = options.planning {
      checks.plan = { planning($0, .complete($1), $2, $3) }
    }
    if let violation = checks.violation(looks / 64) { fail(violation.invariant, violation.story) }
  }
}

extension Ledger {
  /// Notes who is in force again after having left; consent to its removal counts no more.
  mutating func noteReturns(_ before: Memory, _ after: Memory) {
    for (name, app) in after.apps where app.isRestored && before.apps[name]?.isRestored == false {
      undone.insert(name)
      consents.remove(name.rawValue)
    }
    undone = undone.filter { after.apps[$0]?.isRestored == true }
  }
}

extension Operation {
  /// The slot that it acts on; nil when it acts on none.
  var slot: SlotID? {
    switch self {
    case .start(let spec): spec.id.slot
    case .stop(let id, _), .kill(let id), .remove(let id): id.slot
    case .remember, .generateSecrets, .prepareStack, .prepareSlug, .openRouter, .route: nil
    }
  }

  /// The instance that it ends or removes; nil when it does not.
  var instance: InstanceID? {
    switch self {
    case .stop(let id, _), .kill(let id), .remove(let id): id
    case .remember, .generateSecrets, .prepareStack, .prepareSlug, .start, .openRouter, .route:
      nil
    }
  }
}
