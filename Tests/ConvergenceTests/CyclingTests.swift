// Days go by over a formation that stands: every dyno is replaced once a day and a bit, one of a
// type at a time, and nothing else happens.

import FormationModel
import Looping
import Planning
import Testing

@testable import SimulationRun

@Suite struct `Dynos are cycled` {
  /// A formation that stands for three days.
  private var options: SimulationOptions {
    var options = Workload.firstDeploy.options
    options.cycles = true
    options.stableFor = .seconds(3 * 86_400)
    return options
  }

  @Test func `each dyno has two or three days, and in the end the same formation stands`() {
    let still = Simulation.run(Workload.firstDeploy.options)
    var simulation = Simulation(options)
    let report = simulation.play()
    #expect(report.failure == nil, "\(String(describing: report.failure))")
    #expect(report.formation == still.formation)
    let attempts = simulation.memory.apps.values.flatMap(\.attempts.values)
    #expect(attempts.count == still.formation.count)
    #expect(attempts.allSatisfy { (3...4).contains($0) }, "\(attempts)")
  }

  @Test func `without cycling nothing happens in that time`() {
    var still = options
    still.cycles = false
    var simulation = Simulation(still)
    #expect(simulation.play().failure == nil)
    #expect(simulation.memory.apps.values.flatMap(\.attempts.values).allSatisfy { $0 == 1 })
  }

  @Test func `whatever is not cycling is found`() {
    var broken = options
    broken.tamper = { effect in
      guard case .perform(let number, let step) = effect, step.reason.code == "cycled" else {
        return effect
      }
      return .perform(number, Step(app: step.app, step.operation, .missing))
    }
    #expect(Simulation.run(broken).failure?.invariant == .stays)
  }
}
