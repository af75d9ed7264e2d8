// How Muster's effects reach the world, and what comes back.

import FormationModel
import Looping
import Planning
import SimulatedWorld

extension Simulation {
  /// An effect of one of Muster's lives reaches the world.
  mutating func act(_ effect: LoopEffect, of life: Int) {
    let outlives = life != self.life || core == nil
    if outlives { guard case .perform = effect, strikes(.effectOutlivesMuster) else { return } }
    switch effect {
    case .readMemory: answer(readMemory(), to: life)
    case .readSource(let inForce): answer(read(inForce.platform), to: life)
    case .observe: look(for: life)
    case .probe(let instance, let check):
      let result =
        unread.contains(instance.id)
        ? .failed(reason: "no record") : machine.probe(instance.id, check, at: wall)
      answer(.probed(instance.id, result), to: life)
    case .write(let number, let changes): settle(effect, number, write(changes), of: life)
    case .perform(let number, let step):
      settle(effect, number, perform(step, outlives: outlives), of: life)
    case .wake, .report, .answer, .finish: break
    }
  }

  private mutating func answer(_ event: LoopEvent, to life: Int) {
    agenda.add(.tell(life: life, event), at: now + latency())
  }

  /// Tells how an effect ended, unless Muster is killed around it.
  private mutating func settle(
    _ effect: LoopEffect, _ number: EffectNumber, _ outcome: Outcome, of life: Int
  ) {
    log.note(now, "  \(Narration.of(effect)): \(Narration.of(outcome))")
    let late: Duration = strikes(.answerLate) ? chance.span(10_000...90_000) : .zero
    guard doomed == effect, life == self.life else {
      return agenda.add(
        .tell(life: life, .effectEnded(number, outcome)), at: now + latency() + late)
    }
    doomed = nil
    if doomedMoment == .after {
      note(.effectEnded(number, outcome))
      _ = handle(.effectEnded(number, outcome))
    }
    kill(restartAfter: .seconds(1))
  }

  // MARK: - The store

  private mutating func write(_ changes: [MemoryChange]) -> Outcome {
    if isStoreDown || strikes(.writeFails) {
      return .failed(EffectFailure("store-failed", "disk I/O error", retry: .later))
    }
    for change in changes {
      checkWrite(change)
      let before = memory
      memory.apply(change, releasesKept: SimulatedCatalog.platform.releasesKept)
      ledger.noteReturns(before, memory)
    }
    if strikes(.writeAnswerLost) { kill() }
    if strikes(.writeReportedFailed) {
      return .failed(EffectFailure("store-failed", "disk I/O error", retry: .later))
    }
    return .done
  }

  private func readMemory() -> LoopEvent {
    isStoreDown
      ? .memoryUnreadable(EffectFailure("store-failed", "disk I/O error", retry: .later))
      : .memoryRead(memory)
  }

  // MARK: - Operations

  private mutating func perform(_ step: Step, outlives: Bool) -> Outcome {
    if strikes(.operationFails) {
      return .failed(EffectFailure("refused", "the runtime refused", retry: .later))
    }
    if strikes(.requestLost) {
      return .failed(EffectFailure("no-answer", "no answer", retry: .afterObserving))
    }
    if strikes(.machineFull) {
      return .failed(EffectFailure("no-space", "no space", retry: .whenMachineIsMended))
    }
    if let id = step.operation.instance, unread.contains(id) {
      return .failed(
        EffectFailure("unreadable-record", "\(id): no record", retry: .whenMachineIsMended))
    }
    let before = machine
    let outcome = carryOut(step.operation)
    if outlives, case .start(let spec) = step.operation { ledger.surprises.insert(spec.id.slot) }
    if outlives, step.operation.isRouting { ledger.routedByDeadAt = now }
    if outcome == .done { noteDone(step.operation) }
    check(step, before: before, outlives: outlives)
    foresee()
    if strikes(.answerLost) {
      return .failed(EffectFailure("no-answer", "no answer", retry: .afterObserving))
    }
    return outcome
  }

  private mutating func carryOut(_ operation: Operation) -> Outcome {
    switch operation {
    case .remember(let changes): return write(changes)
    case .generateSecrets(let secrets):
      memory.secrets.formUnion(secrets)
      return .done
    case .prepareStack, .prepareSlug: return prepare(operation)
    case .start(let spec): return start(spec)
    case .stop(let id, let grace): return machine.stop(id, killAt: wall + grace, at: wall)
    case .kill(let id): return machine.kill(id, at: wall)
    case .remove(let id): return machine.remove(id)
    case .openRouter(let table):
      return route { $0.open(table, busy: $1, at: $2) }
    case .route(let app, let routes):
      return route { $0.route(app, routes, busy: $1, at: $2) }
    }
  }

  /// Tells the router something; whoever drains from then on has requests for a while.
  private mutating func route(
    _ tell: (inout SimulatedRouter, (InstanceID) -> Duration, LoopTime) -> Outcome
  ) -> Outcome {
    let (requests, time, isScripted) = (visitors, now, options.isScripted)
    let busy = { (id: InstanceID) in isScripted ? .seconds(3) : requests.busy(id, at: time) }
    let outcome = tell(&machine.router, busy, wall)
    visitors.follow(machine.router)
    for drain in machine.router.drains where drain.busyUntil > wall {
      agenda.add(.drained, at: now + (drain.busyUntil - wall))
    }
    return outcome
  }

  private mutating func prepare(_ operation: Operation) -> Outcome {
    if strikes(.prepareFails) {
      return .failed(EffectFailure("not-built", "could not be made", retry: .later))
    }
    switch operation {
    case .prepareStack(let stack): return machine.prepare(stack)
    case .prepareSlug(let slug): return machine.prepare(slug)
    default: return .done
    }
  }

  private mutating func start(_ spec: InstanceSpec) -> Outcome {
    if strikes(.startHalfDone) {
      let outcome = machine.create(spec)
      guard outcome == .done else { return outcome }
      return .failed(EffectFailure("half-started", "not started", retry: .afterObserving))
    }
    var behaviour = SimulatedBehaviour(command: spec.command)
    if strikes(.bootSlow) { behaviour.bootMilliseconds += Int64(chance.number(1_000...60_000)) }
    if strikes(.neverReady) { behaviour.port = .none }
    if strikes(.diesEarly) {
      behaviour.lifeMilliseconds = Int64(chance.number(1...15_000))
      behaviour.exitCode = chance.pick([0, 1, 137]) ?? 1
    }
    return machine.start(spec, at: wall, behaviour: behaviour)
  }
}
