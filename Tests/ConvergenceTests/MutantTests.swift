// A Muster that leaves out a guard is caught by a history of a few minutes.

import FormationModel
import Looping
import Planning
import SimulationRun
import Synchronization
import Testing

@Suite struct `Mutants are caught` {
  @Test func `attempts are not written`() {
    let found = Runs.mutant { effect in
      guard case .write(let number, let changes) = effect else { return effect }
      return .write(number, changes.filter { if case .attempt = $0 { false } else { true } })
    }
    #expect(found == .memoryFirst)
  }

  @Test func `releases are not written`() {
    let found = Runs.mutant { effect in
      guard case .write(let number, let changes) = effect else { return effect }
      return .write(number, changes.filter { if case .record = $0 { false } else { true } })
    }
    #expect(found == .memoryFirst)
  }

  @Test func `another slot is stopped than the plan says`() {
    let found = Runs.mutant(.scale) { effect in
      guard case .perform(let number, let step) = effect,
        case .stop(let id, let grace) = step.operation
      else { return effect }
      let slot = SlotID(owner: id.slot.owner, process: id.slot.process, ordinal: 1)
      let other = InstanceID(slot: slot, release: id.release, attempt: id.attempt)
      return .perform(number, Step(app: step.app, .stop(other, grace: grace), step.reason))
    }
    #expect(found != nil)
  }

  @Test func `old dynos are never let go`() {
    let found = Runs.mutant(.replace) { effect in
      guard case .perform(let number, let step) = effect,
        case .stop(let id, _) = step.operation
      else { return effect }
      return .perform(number, Step(app: step.app, .remove(id), step.reason))
    }
    #expect(found == .converges)
  }

  @Test(arguments: Vanishing.allCases.filter { $0 != .everyApp })
  func `the deletion budget is not looked at`(_ vanishing: Vanishing) {
    var options = vanishing.options
    // Each life of Muster reads from its store what the last commit allowed.
    options.runsOnce = true
    options.tamper = { effect in
      guard case .write(let number, let changes) = effect else { return effect }
      return .write(number, changes.map(Vanishing.allowAll))
    }
    let found = Simulation.run(options).failure
    #expect(found?.invariant == .deletionBudget, "\(String(describing: found))")
    options.tamper = nil
    #expect(Simulation.run(options).failure == nil)
  }

  @Test func `every app vanishes, and is stopped without asking`() {
    var options = Vanishing.everyApp.options
    // Stopping them without draining would be found first.
    options.hasRouter = false
    let pending = Mutex<Set<InstanceID>>([])
    let done = Mutex<Set<SlotID>>([])
    options.tamper = { effect in
      if case .report(let plan) = effect {
        pending.withLock { $0 = Set(Vanishing.held(by: plan)) }
      }
      let isNew = { (id: InstanceID) in done.withLock { !$0.contains(id.slot) } }
      let next = pending.withLock { $0.filter(isNew).min() }
      guard case .wake = effect, let id = next else { return effect }
      done.withLock { _ = $0.insert(id.slot) }
      let step = Step(
        app: id.slot.app, .stop(id, grace: .seconds(10)), .appRemoved)
      return .perform(EffectNumber(1_000_000), step)
    }
    #expect(Simulation.run(options).failure?.invariant == .deletionBudget)
  }

  @Test func `the old web dyno goes before the new one is up`() {
    let found = Runs.mutant(.replace) { effect in
      guard case .perform(let number, let step) = effect,
        case .start(let spec) = step.operation, spec.id.release == 2, spec.id.slot.process == .web
      else { return effect }
      let old = InstanceID(slot: spec.id.slot, release: 1, attempt: 1)
      return .perform(
        number, Step(app: step.app, .stop(old, grace: .seconds(1)), .superseded))
    }
    #expect(found == .enoughHealthy)
  }
}
