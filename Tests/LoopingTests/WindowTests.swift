// A closed deploy window: a run ends held, and a loop that goes on acts when it opens.

import FormationModel
import Planning
import Testing

@testable import Looping

@Suite struct `A closed deploy window` {
  private let now = LoopTime(milliseconds: 1_000_000)
  private let ready = ObservedFormation(
    slugs: [ContentDigest(rawValue: "slug")], stacks: [ContentDigest(rawValue: "stack")])

  /// A loop that has read an app whose window opens after a minute, and has looked.
  private func looked(runsOnce: Bool) throws -> (LoopCore, [LoopEffect]) {
    var loop = LoopCore(
      options: LoopOptions(runsOnce: runsOnce, catalog: try Sample.catalog()), memory: Memory(),
      now: now)
    let window = DeployWindow(.deny, "00:00-24:00", [], zone: "UTC")
    var formation = try Sample.formation()
    formation.apps[0].app.windows = [window]
    formation.calendar = WindowCalendar([window: [WindowTime(now, now + .seconds(60))]])
    _ = loop.handle(.woken, at: now)
    _ = loop.handle(.sourceRead(formation), at: now)
    var effects = loop.handle(.observed(.complete(ready)), at: now)
    // What memory notes of the commit.
    while case .write(let number, _)? = effects.last {
      _ = loop.handle(.effectEnded(number, .done), at: now)
      effects = loop.handle(.observed(.complete(ready)), at: now)
    }
    return (loop, effects)
  }

  @Test func `ends a run as held`() throws {
    let (_, effects) = try looked(runsOnce: true)
    #expect(effects.last == .finish(.held))
  }

  @Test func `wakes a loop when it opens, and then the release is recorded`() throws {
    var (loop, effects) = try looked(runsOnce: false)
    #expect(effects.last == .wake(at: now + .seconds(60)))
    let opening = now + .seconds(60)
    #expect(loop.handle(.timerFired, at: opening) == [.observe])
    effects = loop.handle(.observed(.complete(ready)), at: opening)
    guard case .write(_, let changes)? = effects.last else {
      Issue.record("nothing is recorded: \(effects)")
      return
    }
    #expect(changes.contains { if case .record = $0 { true } else { false } })
  }

  @Test func `of what is in force is told to whoever reads`() throws {
    let window = DeployWindow(.deny, "00:00-24:00", [], zone: "UTC")
    var accepted = try Sample.formation().apps[0].app
    accepted.windows = [window]
    let memory = Memory(apps: [accepted.name: AppMemory(accepted: accepted)])
    var loop = LoopCore(
      options: LoopOptions(runsOnce: true, catalog: try Sample.catalog()), memory: memory, now: now)
    #expect(
      loop.handle(.woken, at: now) == [.readSource(inForce: RevisionsInForce(windows: [window]))])
  }
}
