import Foundation
import SimulationRun
import Testing

@Suite struct Scratch {
  @Test func scratch() {
    let clock = ContinuousClock()
    var counts: [String: Int] = [:]
    var first: [String: String] = [:]
    var worst = Duration.zero; var passes = 0, effects = 0, total = 0, maxPasses = 0
    let begin = clock.now
    for seed in UInt64(0)..<(UInt64(ProcessInfo.processInfo.environment["SEEDS"] ?? "200") ?? 200) {
      let report = Simulation.run(seed: seed)
      total += report.passes
      effects += report.effects
      if let f = report.failure {
        counts[f.invariant.rawValue, default: 0] += 1;
        if first[f.invariant.rawValue] == nil { first[f.invariant.rawValue] = "\(f)" }
      } else {
        worst = max(worst, report.timeToConverge ?? .zero);
        maxPasses = max(maxPasses, report.passesToConverge)
      }
      passes += report.passesToConverge
    }
    print(
      "time", clock.now - begin, "passes", total, "effects", effects, "worst", worst, "maxPasses",
      maxPasses)
    for (k, v) in counts.sorted(by: { $0.key < $1.key }) { print(v, k, "::", first[k] ?? "") }
  }
  @Test func one() {
    guard let seed = ProcessInfo.processInfo.environment["SEED"].flatMap({ UInt64($0) }) else {
      return
    }
    let report = Simulation.run(seed: seed, keepsLog: true)
    for line in report.log { print(line) }
    print(report.failure.map { "\($0)" } ?? "ok")
  }
}
