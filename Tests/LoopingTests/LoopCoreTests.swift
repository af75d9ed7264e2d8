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
    #expect(loop.handle(.woken, at: now) == [.readSource(inForce: nil)])
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
    #expect(loop.handle(.timerFired, at: now + .seconds(30)) == [.observe])
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
