// What a simulated team asks for by hand, besides what it commits.

package import FormationModel

/// Somebody who gives orders.
struct SimulatedOrders {
  var chance: Chance
  private let apps: [AppName]

  init(chance: Chance, appCount: Int) {
    self.chance = chance
    apps = Array(SimulatedCatalog.apps.prefix(appCount))
  }

  /// Draws orders for a history that long; in six of ten seeds there are none.
  mutating func draw(within span: Duration) -> [Scenario.Ordering] {
    guard chance.happens(perMille: 400) else { return [] }
    let last = Int(span.inMilliseconds)
    return (0..<chance.number(1...6)).compactMap { _ in
      let after = Duration.milliseconds(chance.number(0...last))
      return wish(at: Scenario.beginning + after).map { Scenario.Ordering(after: after, wish: $0) }
    }
  }

  private mutating func wish(at time: LoopTime) -> Wish? {
    guard let app = chance.pick(apps), let type = chance.pick(SimulatedCatalog.types) else {
      return nil
    }
    switch chance.number(0...20) {
    case 0...3: return .scale(app, [scale(type)], until: until(time))
    case 4...5: return .stop(target(app, type))
    case 6...7: return .start(target(app, type))
    case 8...9: return .restart(target(app, type))
    case 10:
      let suspension: Suspension = chance.happens(perMille: 300) ? .everything : .deploys
      return .suspend(chance.happens(perMille: 300) ? .all : .apps([app]), suspension)
    case 11: return .resume(chance.happens(perMille: 300) ? .all : .apps([app]))
    case 12: return .maintenance(app, chance.happens(perMille: 500))
    case 13: return .retry(app)
    case 16...17: return .undo
    case 18...20: return .run(app, request())
    default: return .rollback(app, to: nil)
    }
  }

  /// Some end by themselves, some only because their time is over.
  private mutating func request() -> OneOffRequest {
    let commands = ["sleep 2", "sleep 4; exit 3", "exit 0", "sleep 100000", "worker"]
    return OneOffRequest(
      token: "token-\(chance.number(0...Int(Int32.max)))",
      command: chance.pick(commands) ?? "exit 0", size: chance.pick(SimulatedCatalog.sizes),
      timeToLive: chance.span(1_000...90_000))
  }

  private mutating func scale(_ type: ProcessType) -> ScaleWish {
    guard chance.happens(perMille: 250) else {
      return ScaleWish(type, quantity: chance.number(0...4))
    }
    return ScaleWish(type, size: chance.pick(SimulatedCatalog.sizes))
  }

  private mutating func until(_ time: LoopTime) -> LoopTime? {
    chance.happens(perMille: 500) ? time + chance.span(5_000...120_000) : nil
  }

  private mutating func target(_ app: AppName, _ type: ProcessType) -> DynoSelector {
    switch chance.number(0...3) {
    case 0: DynoSelector(app)
    case 1: DynoSelector(app, type)
    case 2: DynoSelector(app, .run, chance.number(1...3))
    default: DynoSelector(app, type, chance.number(1...3))
    }
  }
}

extension Scenario {
  /// Something that somebody asks for by hand.
  package struct Ordering: Sendable {
    /// When, after the beginning.
    package let after: Duration
    /// What.
    package let wish: Wish

    /// Makes an ordering.
    package init(after: Duration, wish: Wish) {
      self.after = after
      self.wish = wish
    }
  }
}
