// Runs in which Muster, or the world, is broken in one place.

import FormationModel
import Looping
import Planning
import Synchronization

@testable import SimulationRun

/// Runs that end in a failure.
enum Runs {
  /// Counts what a tampered run has seen.
  final class Count: Sendable {
    let value = Mutex(0)
    /// The number of this call, from 1.
    func next() -> Int {
      value.withLock {
        $0 += 1
        return $0
      }
    }
  }

  /// The invariant that a run fails with, made to break the given one.
  static func found(_ invariant: Invariant) -> Invariant? {
    switch invariant {
    case .converges:
      mutant { if case .perform(_, let step) = $0, step.operation.slot != nil { nil } else { $0 } }
    case .stays: Simulation.run(crashingLater).failure?.invariant
    case .idle: withoutLastChecks
    case .ordersDurable:
      mutant(.orders) { effect in
        guard case .write(let number, let changes) = effect else { return effect }
        return .write(number, changes.filter { if case .order = $0 { false } else { true } })
      }
    default: nil
    }
  }

  /// The invariant that the first deploy fails with when Muster's effects are tampered with.
  static func mutant(
    _ workload: Workload = .firstDeploy, _ tamper: @escaping @Sendable (LoopEffect) -> LoopEffect?
  ) -> Invariant? {
    var options = workload.options
    options.tamper = tamper
    return Simulation.run(options).failure?.invariant
  }

  /// A dyno that dies an hour after everything stands.
  private static var crashingLater: SimulationOptions {
    var options = Workload.firstDeploy.options
    var apps: [AppName: SimulatedApp] = [:]
    for var app in options.scenario.last?.apps ?? [] {
      app.app.processes[0].command = "serve # simulated: crash-after=2h"
      apps[app.app.name] = app
    }
    var scenario = Scenario()
    scenario.push(apps, "crash later", after: .zero)
    options.scenario = scenario
    return options
  }

  /// The last health check, which the proof after a restart rests on, gets no answer.
  private static var withoutLastChecks: Invariant? {
    let checks = Count()
    _ = mutant { effect in
      if case .probe = effect { _ = checks.next() }
      return effect
    }
    let all = checks.value.withLock { $0 }
    let again = Count()
    return mutant { effect in
      guard case .probe = effect else { return effect }
      return again.next() < all ? effect : nil
    }
  }
}
