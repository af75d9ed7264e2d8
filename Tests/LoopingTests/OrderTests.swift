// An order on its way: recorded before anything is done about it, and answered.

import FormationModel
import Planning
import Testing

@testable import Looping

@Suite struct `An order` {
  private let now = LoopTime(milliseconds: 1_000_000)

  private func loop(runsOnce: Bool = false) throws -> LoopCore {
    LoopCore(
      options: LoopOptions(runsOnce: runsOnce, catalog: try Sample.catalog()), memory: Memory(),
      now: now)
  }

  private func order(_ app: String = "shop") throws -> Order {
    let name = try #require(AppName(rawValue: app))
    return Order(by: "ada", at: now, .stop(DynoSelector(name)))
  }

  /// The loop at the moment at which it has looked, and what it wants then.
  private func looked(_ loop: inout LoopCore, _ orders: Order...) throws -> [LoopEffect] {
    for order in orders { _ = loop.handle(.ordered(order), at: now) }
    #expect(loop.handle(.sourceRead(try Sample.formation()), at: now) == [.observe])
    return loop.handle(.observed(.complete(ObservedFormation())), at: now)
  }

  @Test func `is written alone, then answered, then planned`() throws {
    var loop = try loop()
    let order = try order()
    #expect(try looked(&loop, order) == [.write(EffectNumber(1), [.order(order)])])
    let effects = loop.handle(.effectEnded(EffectNumber(1), .done), at: now)
    #expect(effects.first == .answer(order, .done))
    #expect(effects.last == .readSource(inForce: RevisionsInForce()))
  }

  @Test func `of a command that cannot be written is answered so, and is not in force`() throws {
    var loop = try loop(runsOnce: true)
    let order = try order()
    _ = try looked(&loop, order)
    let failure = EffectFailure("disk-full", "no space", retry: .whenMachineIsMended)
    let effects = loop.handle(.effectEnded(EffectNumber(1), .failed(failure)), at: now)
    #expect(effects.first == .answer(order, .failed(failure)))
    #expect(loop.memory == Memory())
  }

  @Test func `that is refused is answered, and the daemon goes on`() throws {
    var loop = try loop()
    let order = try order("shoop")
    let effects = try looked(&loop, order)
    guard case .answer(order, .failed(let failure))? = effects.first else {
      Issue.record("it is not answered: \(effects)")
      return
    }
    #expect(failure.message == "there is no app shoop")
    #expect(effects.count > 1)
  }

  @Test func `of a command that is refused ends the run, and takes the others with it`() throws {
    var loop = try loop(runsOnce: true)
    let effects = try looked(&loop, try order(), try order("shoop"))
    #expect(effects.count == 3)
    #expect(effects.last == .finish(.failed))
    let late = loop.handle(.ordered(try order()), at: now)
    #expect(late == [.answer(try order(), .failed(LoopCore.tooLate))])
  }

  @Test func `to restart goes by what runs where memory was lost`() throws {
    var loop = try loop()
    let name = try #require(AppName(rawValue: "shop"))
    let type = try #require(ProcessType(rawValue: "worker"))
    let slot = SlotID(name, type, 1)
    let restart = Order(by: "ada", at: now, .restart(DynoSelector(name)))
    _ = loop.handle(.ordered(restart), at: now)
    _ = loop.handle(.sourceRead(try Sample.formation()), at: now)
    let running = ObservedInstance(
      id: InstanceID(slot: slot, release: 4, attempt: 7), phase: .running, form: nil,
      startedAt: now)
    let world = ObservedFormation(instances: [running])
    let effects = loop.handle(.observed(.complete(world)), at: now)
    #expect(effects == [.write(EffectNumber(1), [.attempt(slot, 7), .order(restart)])])
    _ = loop.handle(.effectEnded(EffectNumber(1), .done), at: now)
    #expect(loop.memory.apps[name]?.restarts[slot]?.attempt == 7)
  }
}
