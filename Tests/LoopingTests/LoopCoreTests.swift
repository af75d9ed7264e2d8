// The loop's order of things, event by event. What is decided is the planner's business; what holds
// over thousands of days is Tests/ConvergenceTests'.

import FormationModel
import Planning
import Testing

@testable import Looping

@Suite struct LoopCoreTests {
  private var now = LoopTime(milliseconds: 1_000_000)
  private let ready = ObservedFormation(
    slugs: [ContentDigest(rawValue: "slug")], stacks: [ContentDigest(rawValue: "stack")])

  private func loop(runsOnce: Bool = true) throws -> LoopCore {
    LoopCore(
      options: LoopOptions(runsOnce: runsOnce, catalog: try Sample.catalog()), memory: Memory(),
      now: now)
  }

  /// A loop that has read the sample's formation and asks what is there.
  private func observing(runsOnce: Bool = true) throws -> LoopCore {
    var loop = try loop(runsOnce: runsOnce)
    #expect(loop.handle(.woken, at: now) == [.readSource(inForce: RevisionsInForce())])
    #expect(loop.handle(.sourceRead(try Sample.formation()), at: now) == [.observe])
    return loop
  }

  private func number(_ effects: [LoopEffect]) throws -> EffectNumber {
    let numbers = effects.compactMap { effect -> EffectNumber? in
      switch effect {
      case .write(let number, _), .perform(let number, _): number
      default: nil
      }
    }
    return try #require(numbers.first)
  }

  @Test func `memory is written before the step that it guards`() throws {
    var loop = try observing()
    let first = loop.handle(.observed(.complete(ready)), at: now)
    guard case .write(_, let changes)? = first.last else {
      Issue.record("the release is not recorded first: \(first)")
      return
    }
    #expect(changes.contains { if case .record = $0 { true } else { false } })
    #expect(loop.handle(.effectEnded(try number(first), .done), at: now) == [.observe])
    let second = loop.handle(.observed(.complete(ready)), at: now)
    guard case .write(_, let attempts)? = second.last else {
      Issue.record("the attempt is not written first: \(second)")
      return
    }
    #expect(attempts.count == 1)
    let third = loop.handle(.effectEnded(try number(second), .done), at: now)
    guard case .perform(_, let step)? = third.first, case .start = step.operation else {
      Issue.record("nothing is started: \(third)")
      return
    }
  }

  @Test func `without its store a run changes nothing and fails`() throws {
    var loop = try observing()
    let first = loop.handle(.observed(.complete(ready)), at: now)
    let failure = EffectFailure("disk-full", "no space", retry: .whenMachineIsMended)
    let end = loop.handle(.effectEnded(try number(first), .failed(failure)), at: now)
    #expect(end == [.finish(.failed)])
    #expect(loop.memory == Memory())
  }

  @Test func `a daemon without its store waits and tries again`() throws {
    var loop = try observing(runsOnce: false)
    let first = loop.handle(.observed(.complete(ready)), at: now)
    let failure = EffectFailure("disk-full", "no space", retry: .whenMachineIsMended)
    let rest = loop.handle(.effectEnded(try number(first), .failed(failure)), at: now)
    #expect(rest == [.wake(at: now + .seconds(30))])
    // What happens meanwhile neither writes nor starts anything, and does not lose the timer.
    #expect(loop.handle(.runtimeChanged, at: now + .seconds(9)) == rest)
    #expect(loop.handle(.timerFired, at: now + .seconds(30)) == [.readMemory])
    let unreadable = loop.handle(.memoryUnreadable(failure), at: now + .seconds(30))
    #expect(unreadable == [.wake(at: now + .seconds(60))])
    #expect(loop.handle(.timerFired, at: now + .seconds(60)) == [.readMemory])
    #expect(loop.handle(.memoryRead(Memory()), at: now + .seconds(60)) == [.observe])
  }

  @Test func `what was written although it was told to have failed is not written over`() throws {
    var loop = try observing(runsOnce: false)
    let first = loop.handle(.observed(.complete(ready)), at: now)
    guard case .write(let number, let changes)? = first.last else {
      Issue.record("nothing is written: \(first)")
      return
    }
    var written = Memory()
    for change in changes { written.apply(change, releasesKept: 10) }
    let failure = EffectFailure("store-failed", "disk I/O error", retry: .later)
    _ = loop.handle(.effectEnded(number, .failed(failure)), at: now)
    // Meanwhile the team has pushed other content.
    #expect(loop.handle(.timerFired, at: now + .seconds(1)) == [.readMemory])
    _ = loop.handle(.woken, at: now + .seconds(1))
    let read = loop.handle(.memoryRead(written), at: now + .seconds(1))
    #expect(read == [.readSource(inForce: RevisionsInForce(platform: written.revision))])
    var other = try Sample.formation()
    other.apps[0].content = try Sample.content("other")
    #expect(loop.handle(.sourceRead(other), at: now + .seconds(1)) == [.observe])
    let second = loop.handle(.observed(.complete(ready)), at: now + .seconds(1))
    guard case .write(_, let again)? = second.last else {
      Issue.record("nothing is written: \(second)")
      return
    }
    let numbers = again.compactMap { change in
      if case .record(_, let release) = change { release.number } else { nil }
    }
    #expect(numbers == [2])
  }

  @Test func `a confirmation that could not be written is written later`() throws {
    var loop = try observing(runsOnce: false)
    let order = Order(by: "ada", at: now, .confirm(HoldID("removal-3a9f2c")))
    _ = loop.handle(.ordered(order), at: now)
    let first = loop.handle(.observed(.complete(ready)), at: now)
    #expect(first.last == .write(try number(first), [.order(order)]))
    let failure = EffectFailure("store-failed", "disk I/O error", retry: .later)
    _ = loop.handle(.effectEnded(try number(first), .failed(failure)), at: now)
    let later = now + .seconds(1)
    _ = loop.handle(.timerFired, at: later)
    _ = loop.handle(.memoryRead(Memory()), at: later)
    _ = loop.handle(.sourceRead(try Sample.formation()), at: later)
    let second = loop.handle(.observed(.complete(ready)), at: later)
    #expect(second.last == .write(try number(second), [.order(order)]))
  }

  @Test func `what the runtime does not say is not guessed`() throws {
    var loop = try observing()
    let effects = loop.handle(.observed(.unavailable(reason: "no answer")), at: now)
    #expect(effects.last == .finish(.unknown))
  }

  @Test func `wake-ups during a pass make one more pass, not several`() throws {
    var loop = try observing()
    for _ in 1...3 { #expect(loop.handle(.runtimeChanged, at: now).isEmpty) }
    let first = loop.handle(.observed(.complete(ready)), at: now)
    #expect(loop.handle(.effectEnded(try number(first), .done), at: now) == [.observe])
  }

  @Test func `an answer that nobody waits for any more is let pass`() throws {
    var loop = try loop()
    #expect(loop.handle(.observed(.complete(ready)), at: now).isEmpty)
    #expect(loop.handle(.effectEnded(EffectNumber(9), .done), at: now).isEmpty)
    #expect(loop.handle(.sourceRead(try Sample.formation()), at: now).isEmpty)
  }
}
