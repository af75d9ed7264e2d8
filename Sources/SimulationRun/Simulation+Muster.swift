// Muster's lives: started, fed with events, killed, started again with what the store remembers.

import FormationModel
import Looping
import Planning

extension Simulation {
  static let pollInterval = Duration.seconds(120)

  var isAlive: Bool { core != nil }

  /// Starts Muster with what the store has.
  mutating func boot() {
    guard core == nil else { return }
    life += 1
    ledger.healthy = []
    var loop = LoopOptions(
      runsOnce: options.runsOnce, catalog: SimulatedCatalog.platform.catalog)
    loop.seed = options.seed
    loop.fullPassInterval = .seconds(3_600)
    loop.router = options.hasRouter ? RouterWish() : nil
    loop.cycles = options.cycles
    core = LoopCore(options: loop, memory: memory, now: wall)
    if let planning = options.planning { core?.planning = planning }
    ledger.underWay = [:]
    ledger.failed = [:]
    log.note(now, "muster starts (life \(life))")
    tell(.woken, to: life)
  }

  /// Kills Muster; it is started again after a while.
  mutating func kill(restartAfter: Duration? = nil) {
    guard core != nil else { return }
    core = nil
    if phase == .faults { report.kills += 1 }
    log.note(now, "muster is killed")
    agenda.add(.boot, at: now + (restartAfter ?? chance.span(0...20_000)))
  }

  /// Gives Muster an event and takes what it wants done.
  mutating func tell(_ event: LoopEvent, to life: Int) {
    guard life == self.life, core != nil else { return }
    note(event)
    log.note(now, "→ \(Narration.of(event))")
    for effect in handle(event) {
      guard core != nil, let effect = options.tamper.map({ $0(effect) }) ?? effect else { continue }
      take(effect)
    }
  }

  /// What the loop answers to an event; nothing when it does not run.
  mutating func handle(_ event: LoopEvent) -> [LoopEffect] {
    let time = wall
    return core?.handle(event, at: time) ?? []
  }

  /// Wakes Muster as a webhook (`.woken`) or a runtime's hint does: it may get lost.
  mutating func wake(_ event: LoopEvent) {
    events += 1
    guard !options.loses(wakeUp: events), !strikes(.eventDropped) else { return }
    agenda.add(.tell(life: life, event), at: now + .milliseconds(100))
    if strikes(.eventRepeated) {
      agenda.add(.tell(life: life, event), at: now + chance.span(100...5_000))
    }
  }

  mutating func poll() {
    if core != nil { tell(.woken, to: life) }
    if case .stable = phase { return }
    agenda.add(.poll, at: now + Self.pollInterval)
  }

  mutating func ring(_ generation: Int, of life: Int) {
    guard life == self.life, generation == timers else { return }
    // Nothing is going on: a day goes by in leaps.
    if case .stable = phase, !options.cycles { now = now + .seconds(14_400) }
    tell(.timerFired, to: life)
  }

  /// Schedules what Muster wants done.
  private mutating func take(_ effect: LoopEffect) {
    switch effect {
    case .write(_, let changes):
      count(effect)
      changes.forEach { checkDecision($0) }
    case .perform(let number, let step):
      count(effect)
      checkDecision(step)
      checkAlone(step, number)
    case .wake(let time):
      timers += 1
      agenda.add(.timer(life: life, generation: timers), at: max(now, now + (time - wall)))
      return
    case .report(let plan): return see(plan)
    case .answer(let order, let outcome): return answered(order, outcome)
    case .finish(let verdict): return finish(verdict)
    case .readMemory, .readSource, .observe, .probe: break
    }
    guard core != nil else { return }
    agenda.add(.act(life: life, effect), at: now + latency())
  }

  /// Counts an effect that changes something; kills Muster when its time has come.
  private mutating func count(_ effect: LoopEffect) {
    report.effects += 1
    log.note(now, "#\(report.effects) \(Narration.of(effect))")
    if let crash = options.crash(at: report.effects) {
      switch crash.moment {
      case .before: return kill(restartAfter: .seconds(1))
      case .unrecorded, .after: (doomed, doomedMoment) = (effect, crash.moment)
      }
    }
    if strikes(.musterKilledAtEffect) { kill() }
    switch phase {
    case .stable, .proof:
      if !isOfCycling(effect) { fail(.stays, "after convergence: \(Narration.of(effect))") }
    case .faults, .calm, .over: break
    }
  }

  /// A run of `reconcile` ends; it is started again as cron would.
  private mutating func finish(_ verdict: RunVerdict) {
    log.note(now, "muster finishes: \(verdict.rawValue)")
    core = nil
    switch phase {
    case .stable, .proof: agenda.add(.boot, at: now + .seconds(7_200))
    case .faults, .calm, .over: agenda.add(.boot, at: now + .seconds(60))
    }
  }

  /// How long something takes; always the same where crash points are counted.
  mutating func latency() -> Duration {
    options.isScripted ? .milliseconds(50) : chance.span(20...1_500)
  }

  /// Whether that fault happens on this occasion.
  mutating func strikes(_ fault: Fault) -> Bool {
    guard chance.happens(perMille: faults[fault]) else { return false }
    report.faults += 1
    report.strikes[fault, default: 0] += 1
    log.note(now, "fault: \(fault)")
    return true
  }
}
