// Checks on what an operation has done to the machine: against the truth, not against what anybody
// believes.

import FormationModel
import Planning
import SimulatedWorld

/// An operation with the world around it.
struct WorldChecks {
  let step: Step
  let before: SimulatedMachine
  let after: SimulatedMachine
  let ledger: Ledger
  let memory: Memory
  let wall: LoopTime
  /// What may be wanted of the process type of the instance that the step is about.
  private let wishes: [Wanted]

  init(
    _ step: Step, before: SimulatedMachine, after: SimulatedMachine, ledger: Ledger,
    memory: Memory, wall: LoopTime
  ) {
    self.step = step
    self.before = before
    self.after = after
    self.ledger = ledger
    self.memory = memory
    self.wall = wall
    wishes = step.operation.slot.map { Wanted.all(of: $0, ledger, memory) } ?? []
  }

  /// The first invariant that is broken; nil when none is.
  var violation: Violation? {
    switch step.operation {
    case .start(let spec):
      touched(spec.id) ?? reused(spec.id) ?? crowded(spec.id) ?? beside(spec.id) ?? tooMany(spec.id)
    case .stop(let id, let grace):
      touched(id) ?? tooFew(id) ?? cutOff(id) ?? hurried(id, grace)
    case .kill(let id): touched(id) ?? tooFew(id) ?? early(id)
    case .remove(let id): touched(id)
    case .openRouter(let table): table.apps.values.lazy.compactMap(unready).first
    case .route(_, let routes): routes.flatMap(unready)
    case .remember, .generateSecrets, .prepareStack, .prepareSlug: nil
    }
  }

  /// Invariant 6: a name that a stranger has is not acted on.
  private func touched(_ id: InstanceID) -> Violation? {
    if !ledger.strangers.isSubset(of: after.strangers) {
      return Violation(.strangers, "a stranger's container is gone after \(id)")
    }
    if case .start = step.operation { return nil }
    guard ledger.strangers.contains(id.description), before.instances[id] == nil else { return nil }
    return Violation(.strangers, "\(Narration.of(step.operation)) is a stranger's")
  }

  private func reused(_ id: InstanceID) -> Violation? {
    guard before.instances[id] == nil, after.instances[id] != nil, ledger.usedIDs.contains(id)
    else { return nil }
    return Violation(.idsOnce, "\(id) was used before")
  }

  /// Invariant 3.
  private func crowded(_ id: InstanceID) -> Violation? {
    let staying = after.instances.values.filter { $0.id.slot == id.slot && $0.isStaying }
    guard staying.count > 2, !ledger.surprises.contains(id.slot) else { return nil }
    return Violation(.twoPerSlot, "\(staying.map(\.id).sorted())")
  }

  /// Invariant 3 of types that may never run twice: the old one has to be gone before the new one
  /// starts.
  private func beside(_ id: InstanceID) -> Violation? {
    guard after.instances[id] != nil, !startsFirst, !ledger.surprises.contains(id.slot)
    else { return nil }
    let others = before.instances.values.filter { $0.id.slot == id.slot && $0.isAlive }
    guard let other = others.map(\.id).min() else { return nil }
    return Violation(.stopFirst, "\(id) is started beside \(other)")
  }

  /// Invariant 4.
  private func tooMany(_ id: InstanceID) -> Violation? {
    // That a release command runs alone is invariant 3's; it has no quantity.
    guard let app = id.slot.app, after.instances[id] != nil, id.kind == .dyno else { return nil }
    let ofType = { (slot: SlotID) in slot.app == app && slot.process == id.slot.process }
    let running = after.instances.values.count { $0.isStaying && ofType($0.id.slot) }
    if ledger.surprises.contains(where: ofType) { return nil }
    let wanted = wishes.map(\.process.quantity).max() ?? 0
    let percent = wishes.map(\.rollout.maxSurgePercent).max() ?? 0
    let surge = startsFirst ? max(1, (wanted * percent + 99) / 100) : 0
    guard running > wanted + surge else { return nil }
    return Violation(
      .surge, "\(id): \(running) run, wanted \(wanted), surge \(surge)")
  }

  /// Invariant 5.
  private func tooFew(_ id: InstanceID) -> Violation? {
    switch step.reason {
    // One was never healthy in time, one is not whole any more, one has no room for another beside
    // it; the others are above what is asked for, whatever the rest does.
    case .bootTimeout, .outOfMemory, .noRoom, .quantityLowered, .scaledByHand, .stoppedByHand:
      return nil
    default: break
    }
    guard let app = id.slot.app, id.slot.process == .web, alwaysStartsFirst, isWanted(app),
      !ledger.surprises.contains(id.slot),
      let target = before.instances[id], target.isStaying, target.listens(at: wall),
      isKnownHealthy(id)
    else { return nil }
    let healthy = before.instances.values.filter { other in
      other.id.slot.app == app && other.id.slot.process == .web && other.id != id
        // A clock that goes back makes a dyno of this world boot again, and nobody else sees that.
        && other.isStaying && (other.listens(at: wall) || ledger.everHealthy.contains(other.id))
    }
    if healthy.contains(where: { $0.id.slot == id.slot }) { return nil }
    // Who was lost since Muster looked counts as healthy: it could not know.
    let unknown = ledger.losses.filter { lost, time in
      time >= ledger.seenAt && lost.slot.app == app && lost.slot.process == .web
    }
    if unknown.keys.contains(where: { $0.slot == id.slot }) { return nil }
    let wanted = wishes.map(\.process.quantity).min() ?? 0
    guard healthy.count + unknown.count < wanted else { return nil }
    return Violation(.enoughHealthy, "\(id) is stopped: \(healthy.count) healthy, wanted \(wanted)")
  }

  /// Invariant 20: who gets new requests is not asked to stop.
  private func cutOff(_ id: InstanceID) -> Violation? {
    guard let app = id.slot.app, before.instances[id]?.isStaying == true,
      let server = before.router.table.apps[app]?.servers.first(where: { $0.id == id }),
      ledger.isRouterSeen, !ledger.isViewStale,
      ledger.routedByDeadAt.map({ $0 < ledger.seenAt }) ?? true
    else { return nil }
    if !server.isDraining {
      return Violation(.drainedFirst, "\(id) is stopped while it gets requests")
    }
    // By the latest time that any clock has shown: it may have gone back since Muster decided.
    guard case .table(_, let draining) = before.router.observed(at: ledger.latest),
      let drain = draining[id], drain.isBusy,
      // Design: what a dyno may take for its requests.
      ledger.latest < drain.since + .seconds(30)
    else { return nil }
    return Violation(.drainedFirst, "\(id) is stopped and still has requests")
  }

  /// A dyno gets the time that its manifest gives it.
  private func hurried(_ id: InstanceID, _ grace: Duration) -> Violation? {
    let given = wishes.map(\.process.stopTimeout).min() ?? grace
    return grace < given
      ? Violation(.grace, "\(id) gets \(grace) to end, its manifest says \(given)") : nil
  }

  /// SIGKILL comes after SIGTERM, and not before it is due.
  private func early(_ id: InstanceID) -> Violation? {
    switch before.instances[id]?.phase {
    case .stopping(let killAt) where ledger.latest < killAt:
      Violation(.grace, "\(id) is killed before its time is over")
    case .running where before.instances[id]?.isStarved == true,
      .unsupervised where before.instances[id]?.isStarved == true:
      nil
    case .running, .unsupervised: Violation(.grace, "\(id) is killed and was never asked to stop")
    case .created, .stopping, .exited, nil: nil
    }
  }

  /// Invariant 20: who gets requests was seen to be healthy, in this life or before.
  private func unready(_ routes: AppRoutes) -> Violation? {
    let unknown = routes.servers.first { server in
      !server.isDraining && !isKnownHealthy(server.id) && !ledger.everHealthy.contains(server.id)
    }
    return unknown.map { Violation(.routedHealthy, "\($0.id) gets requests") }
  }

  // MARK: - What is known and wanted

  /// Whether Muster was told in this life that it is healthy, or remembers that it was.
  private func isKnownHealthy(_ id: InstanceID) -> Bool {
    ledger.healthy.contains(id)
      || id.slot.app.flatMap { memory.apps[$0]?.convergence?.attempts[id.slot] } == id.attempt
  }

  /// Whether the commit still has the app.
  private func isWanted(_ app: AppName) -> Bool {
    guard let asked = ledger.asked else { return true }
    return asked.apps.contains { $0.name == app }
      || asked.rejected.contains { $0.name == app }
  }

  private var startsFirst: Bool { wishes.contains(where: \.startsFirst) }

  private var alwaysStartsFirst: Bool { wishes.allSatisfy(\.startsFirst) }
}
