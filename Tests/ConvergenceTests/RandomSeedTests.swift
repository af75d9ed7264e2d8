// Random histories with random faults: whatever happens, no invariant is broken, and once faults
// stop everything stands and stays.

import SimulationRun
import Testing

@Suite struct `Random seeds` {
  /// How many seeds; each half runs on a core of its own.
  static let seeds: UInt64 = 2_000

  @Test(arguments: [0, 1] as [UInt64])
  func `no seed breaks an invariant`(half: UInt64) {
    if half == 0 { Share.tell("random seeds", Int(Self.seeds)) }
    var failures: [String] = []
    for seed in stride(from: half, to: Self.seeds, by: 2 * Share.every) {
      if let failure = Simulation.run(seed: seed).failure { failures.append("\(failure)") }
    }
    #expect(failures.isEmpty, "\(failures.count) seeds fail, first: \(failures.first ?? "")")
  }
}
