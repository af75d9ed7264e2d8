// Whole histories on a machine with room for one dyno more than any commit asks for: what runs
// never takes more than there is, and everything stands in the end.

import FormationModel
import Planning
import Synchronization
import Testing

@testable import SimulationRun

@Suite struct `A machine that is nearly full` {
  private static let dyno: Int64 = 512 << 20

  /// The most that was seen to run at a time.
  private final class Peak: Sendable {
    private let bytes = Mutex<Int64>(0)
    var value: Int64 { bytes.withLock { $0 } }

    func note(_ observed: Observation) {
      guard case .complete(let formation) = observed else { return }
      let taken = formation.instances.filter(\.isLive).compactMap(\.form?.memoryBytes)
      bytes.withLock { $0 = max($0, taken.reduce(0, +)) }
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
    _ workload: Workload, within limit: Int64?
  ) -> (report: SimulationReport, peak: Int64) {
    let peak = Peak()
    var options = workload.options
    options.planning = { desired, observed, memory, context in
      peak.note(observed)
      var (desired, observed) = (desired, observed)
      desired?.platform.capacityPercent = limit == nil ? nil : 100
      if case .complete(var formation) = observed {
        formation.memoryBytes = limit
        observed = .complete(formation)
      }
      return Planner.plan(desired: desired, observed: observed, memory: memory, context: context)
    }
    return (Simulation.run(options), peak.value)
  }

  @Test(arguments: [Workload.firstDeploy, .replace, .manyDynos, .config, .stack, .contentLost])
  func `is never filled beyond what may be promised`(_ workload: Workload) {
    let limit = asked(workload.scenario) + Self.dyno
    let (report, peak) = run(workload, within: limit)
    #expect(report.failure == nil, "\(report.failure.map { "\($0)" } ?? "")")
    #expect(peak > 0 && peak <= limit, "\(peak) of \(limit)")
  }

  @Test func `would be, if nothing limited it`() {
    let limit = asked(Workload.manyDynos.scenario) + Self.dyno
    #expect(run(.manyDynos, within: nil).peak > limit)
  }
}
