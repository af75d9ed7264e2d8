// What happens in the world without Muster: processes end, people interfere, remotes fail.

import FormationModel
import Looping
import SimulatedWorld

extension Simulation {
  static let mischiefInterval = Duration.seconds(8)

  /// Lets dynos live up to now; whoever ends is hinted at.
  mutating func live() {
    ledger.latest = max(ledger.latest, wall)
    guard let end = nextEnd, end <= wall else { return }
    for id in machine.advance(to: wall) {
      log.note(now, "\(id) ends")
      if machine.instances[id]?.termAt == nil {
        ledger.losses[id] = now
        ledger.endedAlone.insert(id)
        noteHopeless(id)
      }
      wake(.runtimeChanged)
    }
    foresee()
  }

  /// Sees to it that the next end of a dyno is not slept through.
  mutating func foresee() {
    let next = machine.nextEnd
    guard next != nextEnd else { return }
    nextEnd = next
    if let next { agenda.add(.breath, at: max(now, now + (next - wall))) }
  }

  mutating func push(_ index: Int) {
    checkStanding()
    pushed = index
    log.note(now, "push \(options.scenario.pushes[index].commit.subject)")
    if options.exactly.losesContentAtPush == index { loseAllContent() }
    wake(.woken)
  }

  private mutating func loseAllContent() {
    for slug in machine.slugs { machine.lose(slug: slug) }
    for stack in machine.stacks { machine.lose(stack: stack) }
  }

  mutating func mendSource() {
    isSourceDown = false
    rewoundTo = nil
    log.note(now, "the source is as it should be")
    wake(.woken)
  }

  /// The world has a chance to go wrong.
  mutating func mischief() {
    guard phase == .faults else { return }
    agenda.add(.mischief, at: now + Self.mischiefInterval)
    harmDynos()
    harmSource()
    if strikes(.contentLost) { loseContent() }
    if strikes(.routerDies) { loseRouter() }
    if strikes(.nameTaken) { takeName() }
    if strikes(.recordLost) { loseRecord() }
    if strikes(.storeDown) { storeDownUntil = now + chance.span(5_000...300_000) }
    if strikes(.clockJumps) {
      skew += .seconds(chance.number(-300...3_600))
      visitors.clockJumpedAt = now
    }
    if core != nil, strikes(.musterKilled) { kill() }
    foresee()
  }

  private mutating func harmDynos() {
    for fault in [Fault.dies, .starves, .humanStops, .humanRemoves, .monitorDies]
    where strikes(fault) {
      let alive = machine.instances.values.filter(\.isAlive).map(\.id).sorted()
      guard let id = chance.pick(alive) else { return }
      log.note(now, "\(fault): \(id)")
      switch fault {
      case .humanRemoves: machine.vanish(id)
      case .humanStops: machine.die(id, code: 143, at: wall)
      case .monitorDies: machine.loseMonitor(id)
      case .starves: machine.starve(id)
      default: machine.die(id, code: chance.pick([0, 1, 137]) ?? 1, at: wall)
      }
      ledger.losses[id] = now
      wake(.runtimeChanged)
    }
  }

  private mutating func harmSource() {
    guard !isSourceDown, rewoundTo == nil else { return }
    if strikes(.sourceFails) {
      isSourceDown = true
    } else if let pushed, strikes(.sourceRewinds) {
      // Back from the first commit there is none: the branch is gone.
      if pushed > 0 { rewoundTo = chance.number(0...(pushed - 1)) } else { isSourceDown = true }
    } else {
      return
    }
    agenda.add(.sourceMended, at: now + chance.span(5_000...120_000))
  }

  private mutating func loseRouter() {
    machine.router.end()
    visitors.follow(machine.router)
    log.note(now, "the router ends")
    wake(.runtimeChanged)
  }

  private mutating func loseContent() {
    if let slug = chance.pick(machine.slugs.sorted()) { machine.lose(slug: slug) }
    if chance.happens(perMille: 300), let stack = chance.pick(machine.stacks.sorted()) {
      machine.lose(stack: stack)
    }
  }

  private mutating func loseRecord() {
    guard let id = chance.pick(machine.instances.keys.sorted()) else { return }
    log.note(now, "nobody can read the record of \(id)")
    unread.insert(id)
    agenda.add(.recordMended(id), at: now + chance.span(5_000...300_000))
  }

  /// The record is put back, or somebody does what the hold says.
  mutating func mendRecord(_ id: InstanceID) {
    guard unread.remove(id) != nil else { return }
    log.note(now, "somebody sees to \(id)")
    if chance.happens(perMille: 500) {
      machine.vanish(id)
      ledger.losses[id] = now
    }
    wake(.runtimeChanged)
  }

  /// A stranger has a container of the name that Muster would take next for some slot.
  private mutating func takeName() {
    let slots = memory.apps.values.flatMap(\.attempts.keys).sorted()
    guard let slot = chance.pick(slots), let app = slot.app, let known = memory.apps[app] else {
      return
    }
    let next = InstanceID(
      slot: slot, release: known.currentRelease?.number ?? 1,
      attempt: (known.attempts[slot] ?? 0) + 1)
    machine.strangers.insert(next.description)
    ledger.strangers.insert(next.description)
  }
}
