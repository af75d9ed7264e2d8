// A history that fails is made small.

import FormationModel
import Looping
import SimulationRun
import Testing

@Suite struct `Shrinking` {
  @Test func `a history of many commits comes down to one`() throws {
    let seed = try #require((0..<200).first { Self.isLarge(.random(seed: $0)) })
    let large = Self.tampered(.random(seed: seed))
    let result = try #require(SimulationShrinker().shrink(large))
    let before = try #require(Simulation.run(large).failure)
    #expect(result.failure.invariant == before.invariant)
    #expect(Simulation.run(result.options).failure == result.failure)
    #expect(result.options.scenario.pushes.count == 1)
    #expect(result.options.scenario.orders.isEmpty)
    let faults = Fault.allCases.count { result.options.faults[$0] > 0 }
    #expect(faults == 0, "\(result.options.faults.summary)")
    #expect(result.options.scenario.pushes.first?.commit.apps.count == 1)
    print("shrinking: seed \(seed) in \(result.runs) runs to \(result.failure)")
  }

  @Test func `a fault that a failure needs stays`() throws {
    let options = Mutant.eyes[0].mutation.applied(to: .random(seed: 0))
    let all = (0..<200 as Range<UInt64>).lazy.map { seed -> SimulationOptions in
      var options = SimulationOptions.random(seed: seed)
      options.faults[.recordLost] = 100
      options.planning = options.planning ?? Self.blind
      return options
    }
    #expect(options.planning != nil)
    let failing = try #require(all.first { Simulation.run($0).failure != nil })
    let result = try #require(SimulationShrinker().shrink(failing))
    let faults = Fault.allCases.filter { result.options.faults[$0] > 0 }
    #expect(faults.contains(.recordLost))
    #expect(faults.count <= 2, "\(result.options.faults.summary)")
  }

  @Test func `what does not fail is not shrunk`() {
    #expect(SimulationShrinker().shrink(Workload.firstDeploy.options) == nil)
  }

  @Test func `runs are bounded`() throws {
    var shrinker = SimulationShrinker()
    shrinker.mostRuns = 3
    let failing = (0..<200 as Range<UInt64>).lazy.map { Self.tampered(.random(seed: $0)) }
      .first { Simulation.run($0).failure != nil }
    let result = try #require(failing.flatMap { shrinker.shrink($0) })
    #expect(result.runs <= 3)
  }

  private static let blind = Mutant.eyes[0].mutation.applied(to: .random(seed: 0)).planning

  private static func isLarge(_ options: SimulationOptions) -> Bool {
    options.scenario.pushes.count >= 4 && !options.scenario.orders.isEmpty
      && options.faults.summary != "none" && (options.scenario.last?.apps.count ?? 0) > 1
  }

  /// A Muster that writes no attempts.
  private static func tampered(_ options: SimulationOptions) -> SimulationOptions {
    var options = options
    options.tamper = { effect in
      guard case .write(let number, let changes) = effect else { return effect }
      return .write(number, changes.filter { if case .attempt = $0 { false } else { true } })
    }
    return options
  }
}
