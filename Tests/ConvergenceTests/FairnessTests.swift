// An app that never works costs the others next to nothing.

import FormationModel
import Testing

@testable import SimulationRun

@Suite struct `An app that never works` {
  /// What is wrong with it.
  enum Trouble: String, CaseIterable, Sendable {
    case crashes = "crashes for ever"
    case neverReady = "never binds its port"
    case missing = "has no such command"
    case unresolvable = "its content cannot be had"
    case releaseFails = "its release command fails"
  }

  /// Of what convergence takes without it, how much it may take more.
  static let mostPercent = 5

  @Test(arguments: Trouble.allCases)
  func `costs the others at most five percent`(_ trouble: Trouble) {
    let with = Simulation.run(Self.options(trouble))
    let without = Simulation.run(Self.options(nil))
    #expect(with.failure == nil, "\(with.failure.map { "\($0)" } ?? "")")
    #expect(without.failure == nil, "\(without.failure.map { "\($0)" } ?? "")")
    for name in SimulatedCatalog.apps.prefix(Self.others) {
      let (slow, usual) = (with.standings[name] ?? [], without.standings[name] ?? [])
      #expect(usual.count == 2, "\(name): the first release, and the second")
      #expect(slow.map(\.release) == usual.map(\.release))
      for (one, other) in zip(slow, usual) {
        let push = other.release == 1 ? Duration.zero : Self.secondPush
        let (time, usualTime) = (one.after - push, other.after - push)
        let most = usualTime * (100 + Self.mostPercent) / 100
        #expect(time <= most, "\(name): \(time), and \(usualTime) without it")
      }
    }
    print("fairness: \(trouble.rawValue): \(Self.words(with)), without it \(Self.words(without))")
  }

  private static let others = 4
  private static let secondPush = Duration.seconds(1_800)

  private static func words(_ report: SimulationReport) -> String {
    let last = SimulatedCatalog.apps.prefix(others).compactMap { report.standings[$0]?.last }
    let passes = last.map(\.passes).max() ?? 0
    return "\(last.map(\.after).max() ?? .zero), \(passes) passes"
  }

  /// Everybody deploys twice; whoever never works is well only at the very end.
  private static func options(_ trouble: Trouble?) -> SimulationOptions {
    var scenario = Scenario()
    scenario.push(apps(slug: 1, trouble), "first", after: .zero)
    scenario.push(apps(slug: 2, trouble), "second", after: secondPush)
    scenario.push(apps(slug: 2, nil), "mend", after: secondPush * 2)
    scenario.calmAfter += .seconds(600)
    var options = SimulationOptions(seed: 1, scenario: scenario)
    options.isScripted = true
    options.stableFor = .seconds(14_400)
    // What cannot be done is planned and not done: the plan's changes are not compared.
    options.tamper = { $0 }
    return options
  }

  private static func apps(slug: Int, _ trouble: Trouble?) -> [AppName: SimulatedApp] {
    var apps: [AppName: SimulatedApp] = [:]
    for (index, name) in SimulatedCatalog.apps.prefix(others + 1).enumerated() {
      var app = SimulatedApp(name)
      app.slug = slug
      app.app.processes = [
        DesiredProcess(
          type: .web, command: "serve", quantity: 2, size: SimulatedCatalog.sizes[0]),
        DesiredProcess(
          type: SimulatedCatalog.types[2], command: "work", quantity: 2,
          size: SimulatedCatalog.sizes[0]),
      ]
      if index == others, let trouble { spoil(&app, trouble) }
      apps[name] = app
    }
    return apps
  }

  private static func spoil(_ app: inout SimulatedApp, _ trouble: Trouble) {
    let comment: String
    switch trouble {
    case .crashes: comment = "crash-after=1s exit=2"
    case .neverReady: comment = "port=none"
    case .missing: comment = "missing"
    case .unresolvable:
      app.isUnresolvable = true
      return
    case .releaseFails:
      app.app.processes.insert(
        DesiredProcess(
          type: .release, command: "sleep 1; exit 1", quantity: 0, size: SimulatedCatalog.sizes[0]),
        at: 0)
      return
    }
    for index in app.app.processes.indices {
      app.app.processes[index].command += " # simulated: \(comment)"
    }
  }
}
