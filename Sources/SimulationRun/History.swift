// Which history a seed plays: one of its own, or a scripted one with chance in all around it.

import FormationModel

/// A kind of history.
package enum History: Hashable, Sendable, CaseIterable {
  /// Commits and orders that are drawn from the seed.
  case random
  /// The commits and orders of a scripted history.
  case workload(Workload)

  /// Every kind.
  package static let allCases: [History] = [.random] + Workload.allCases.map { .workload($0) }

  /// In two of three seeds one of its own, else each scripted one as often as any other.
  static func drawn(from chance: inout Chance) -> History {
    chance.happens(perMille: 660) ? .random : .workload(chance.pick(Workload.allCases) ?? .scale)
  }

  /// What the team does; scripted histories go by faster than they do where nothing disturbs them.
  func scenario(seed: UInt64) -> Scenario {
    switch self {
    case .random: .random(seed: seed)
    case .workload(let workload): workload.scenario.faster(by: 12)
    }
  }
}

extension History: CustomStringConvertible {
  /// `random`, or the name of the script.
  package var description: String {
    switch self {
    case .random: "random"
    case .workload(let workload): workload.rawValue
    }
  }
}

extension Scenario {
  /// The same in less time.
  func faster(by factor: Int) -> Scenario {
    var scenario = Scenario()
    scenario.endsMended = endsMended
    for push in pushes {
      let apps = Dictionary(
        push.commit.apps.map { ($0.app.name, $0) }, uniquingKeysWith: { first, _ in first })
      scenario.push(
        apps, push.commit.subject, after: push.after / factor, consents: push.commit.consents)
    }
    scenario.orders = orders.map { Ordering(after: $0.after / factor, wish: $0.wish) }
    scenario.calmAfter = max(calmAfter / factor, .seconds(90))
    return scenario
  }
}
