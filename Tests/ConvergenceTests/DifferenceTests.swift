// A run with faults against the same history without any: the end is the same.

import FormationModel
import SimulationRun
import Testing

@Suite struct `Faults leave no trace` {
  @Test func `with faults or without, the same formation stands at the end`() {
    var compared = 0
    for seed in stride(from: UInt64(5_000), to: 5_150, by: Share.every) {
      let faulty = SimulationOptions.random(seed: seed)
      guard faulty.scenario.endsMended else { continue }
      var faultless = faulty
      faultless.faults = .none
      let (one, other) = (Simulation.run(faulty), Simulation.run(faultless))
      #expect(one.failure == nil, "\(one.failure.map { "\($0)" } ?? "")")
      #expect(other.failure == nil, "without faults: \(other.failure.map { "\($0)" } ?? "")")
      #expect(one.formation == other.formation, "seed \(seed)")
      compared += 1
    }
    #expect(compared > 50 / Share.every)
  }

  @Test func `the same manifest from another history gives the same formation`() {
    guard let target = Workload.replace.scenario.last else { return }
    let reference = Simulation.run(Workload.replace.options)
    for workload in Workload.allCases {
      var options = workload.options
      let apps = Dictionary(
        target.apps.map { ($0.app.name, $0) }, uniquingKeysWith: { first, _ in first })
      options.scenario.push(apps, "arrive", after: options.scenario.calmAfter + .seconds(600))
      options.scenario.calmAfter += .seconds(600)
      let report = Simulation.run(options)
      #expect(report.failure == nil, "\(workload): \(report.failure.map { "\($0)" } ?? "")")
      #expect(report.formation == reference.formation, "\(workload)")
    }
  }
}
