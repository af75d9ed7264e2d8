// One seed, one run: the same bytes every time. The digest that is printed is the same in every
// process as well, with Swift's random hashing and with SWIFT_DETERMINISTIC_HASHING=1.

import SimulationRun
import Testing

@Suite struct `Determinism` {
  @Test func `the same seed gives the same bytes`() {
    var digest: UInt64 = 0
    for seed in UInt64(0)..<60 {
      let first = Simulation.run(seed: seed, keepsLog: true)
      let second = Simulation.run(seed: seed, keepsLog: true)
      #expect(first.log == second.log)
      #expect(first.logDigest == second.logDigest)
      digest = digest &* 31 &+ first.logDigest
    }
    print("simulation: logs of seeds 0 to 59 have the digest \(String(digest, radix: 16))")
  }

  @Test func `a log that is not kept changes nothing`() {
    let kept = Simulation.run(seed: 7, keepsLog: true)
    let silent = Simulation.run(seed: 7)
    #expect(kept.effects == silent.effects)
    #expect(kept.passes == silent.passes)
    #expect(kept.virtualTime == silent.virtualTime)
    #expect(silent.log.isEmpty)
  }
}
