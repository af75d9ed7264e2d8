// Whole histories on machines that are full, or nearly: a rollout that finds no room for one dyno
// more stops first, and everything stands in the end.

import FormationModel
import Planning
import Synchronization
import Testing

@testable import SimulationRun

@Suite struct `A machine that is nearly full` {
  private static let dyno: Int64 = 512 << 20

  /// How many dynos were stopped for want of room.
  private final class StoppedFirst: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }

    func note(_ plan: Plan) {
      let steps = plan.next.count { if case .noRoom = $0.reason { true } else { false } }
      count.withLock { $0 += steps }
    }
  }

  /// The most that a commit of the history asks for.
  private func asked(_ scenario: Scenario) -> Int64 {
    scenario.pushes.map { push in
      let processes = push.commit.apps.flatMap(\.app.processes).filter { $0.type != .release }
      return Self.dyno * Int64(processes.reduce(0) { $0 + $1.quantity })
    }.max() ?? 0
  }

  private func run(
    _ options: SimulationOptions, within limit: Int64
  ) -> (report: SimulationReport, stoppedFirst: Int) {
    let stopped = StoppedFirst()
    var options = options
    options.planning = { desired, observed, memory, context in
      var (desired, observed) = (desired, observed)
      desired?.platform.capacityPercent = 100
      switch observed {
      case .complete(var formation):
        formation.memoryBytes = limit
        observed = .complete(formation)
      case .partial(var formation, let missing):
        formation.memoryBytes = limit
        observed = .partial(formation, missing: missing)
      case .unavailable: break
      }
      let plan = Planner.plan(
        desired: desired, observed: observed, memory: memory, context: context)
      stopped.note(plan)
      return plan
    }
    return (Simulation.run(options), stopped.value)
  }

  @Test(arguments: [Workload.replace, .manyDynos, .config, .stack])
  func `is rolled out on by stopping first`(_ workload: Workload) {
    let limit = asked(workload.scenario)
    let (report, stopped) = run(workload.options, within: limit)
    #expect(report.failure == nil, "\(report.failure.map { "\($0)" } ?? "")")
    #expect(stopped > 0)
    // With room for one more nobody has to go first.
    #expect(run(workload.options, within: limit + Self.dyno).stoppedFirst == 0)
  }

  @Test(arguments: [0, 1, 2]) func `everything stands in the end, whatever happens`(spare: Int64) {
    for seed in UInt64(1)...15 {
      let options = SimulationOptions.random(seed: seed)
      let limit = asked(options.scenario) + spare * Self.dyno
      let report = run(options, within: limit).report
      #expect(report.failure == nil, "seed \(seed): \(report.failure.map { "\($0)" } ?? "")")
    }
  }
}
