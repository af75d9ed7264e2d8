// Commits that take away more than one commit may without consent.

import FormationModel
import Planning

@testable import SimulationRun

/// What a commit leaves out.
enum Vanishing: String, CaseIterable, Sendable {
  /// Two apps of five, with a fifth of the dynos.
  case twoApps = "two apps"
  /// One app, with half of the dynos.
  case bigApp = "a big app"
  /// A process type with half of the dynos.
  case bigType = "a big process type"
  /// Every app; others come.
  case everyApp = "every app"

  /// First everything is there, then the commit comes; somebody consents once faults have stopped.
  var options: SimulationOptions {
    var scenario = Scenario()
    scenario.push(named(before), "first", after: .zero)
    scenario.push(named(after), rawValue, after: .seconds(600))
    scenario.calmAfter += .seconds(1_200)
    var options = SimulationOptions(seed: 1, scenario: scenario)
    options.isScripted = true
    options.stableFor = .seconds(14_400)
    return options
  }

  private var before: [SimulatedApp] {
    switch self {
    case .twoApps: [app(0, 1), app(1, 1), app(2, 3), app(3, 3), app(4, 2)]
    case .bigApp, .everyApp: [app(0, 4), app(1, 4)]
    case .bigType: [app(0, 1, workers: 4), app(1, 3)]
    }
  }

  private var after: [SimulatedApp] {
    switch self {
    case .twoApps: Array(before.dropFirst(2))
    case .bigApp: Array(before.dropFirst())
    case .bigType: [app(0, 1), app(1, 3)]
    case .everyApp: [app(2, 1)]
    }
  }

  private func app(_ index: Int, _ webs: Int, workers: Int = 0) -> SimulatedApp {
    let types = SimulatedCatalog.types
    let size = SimulatedCatalog.sizes[0]
    var app = SimulatedApp(SimulatedCatalog.apps[index])
    app.app.processes = [
      DesiredProcess(type: types[0], command: "serve", quantity: webs, size: size)
    ]
    if workers > 0 {
      app.app.processes.append(
        DesiredProcess(type: types[2], command: "work", quantity: workers, size: size))
    }
    return app
  }

  private func named(_ apps: [SimulatedApp]) -> [AppName: SimulatedApp] {
    Dictionary(apps.map { ($0.app.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The change with a budget that allows everything.
  static func allowAll(_ change: MemoryChange) -> MemoryChange {
    guard case .takeOver(let revision, var platform) = change else { return change }
    platform.deletionBudget.apps = 100
    platform.deletionBudget.dynoPercent = 100
    return .takeOver(revision, platform)
  }

  /// The dynos that a plan's removal holds keep.
  static func held(by plan: Plan) -> [InstanceID] {
    let apps = plan.platformHolds.flatMap { hold -> [AppName] in
      if case .removal(let removal) = hold.cause { removal.apps } else { [] }
    }
    return plan.apps.filter { apps.contains($0.app) }.flatMap(\.dynos).compactMap(\.instance?.id)
  }
}
