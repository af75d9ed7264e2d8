// Two things that go wrong in one history: Muster killed at each pair of its effects, and each two
// wake-ups in a row lost.

import Planning
import SimulationRun
import Testing

@Suite struct `Pairs of faults` {
  /// Longer histories have too many pairs.
  static let mostEffects = 60

  @Test(arguments: Workload.allCases)
  func `killed at any two effects, the same formation stands`(_ workload: Workload) {
    let reference = Simulation.run(workload.options)
    guard reference.effects <= Self.mostEffects else { return }
    let pairs = Self.pairs(reference.effects)
    Share.tell("pairs of effects of \(workload)", pairs.count)
    var (runs, twice) = (0, 0)
    for number in Share.ofPairs(pairs.count) {
      let (first, second) = pairs[number - 1]
      var options = workload.options
      (options.crash, options.exactly.laterCrash) = Self.moments(workload, first, second)
      let report = Simulation.run(options)
      let story = report.failure.map { "\($0)" } ?? "another formation"
      #expect(report.failure == nil, "\(workload), effects \(first) and \(second): \(story)")
      #expect(report.formation == reference.formation, "\(workload), \(first) and \(second)")
      runs += 1
      twice += report.kills == 2 ? 1 : 0
    }
    // Two effects of one batch are one moment: whoever is killed at the first asks for no second.
    #expect(twice * 2 > runs, "\(workload): \(twice) of \(runs) runs with two deaths")
  }

  @Test(arguments: Workload.allCases)
  func `with any two wake-ups in a row lost, the same formation stands`(_ workload: Workload) {
    let reference = Simulation.run(workload.options)
    for event in Share.ofCases(reference.events - 1) where event < reference.events {
      var options = workload.options
      options.lostEvent = event
      options.exactly.lostEventsAfter = 1
      let report = Simulation.run(options)
      let story = report.failure.map { "\($0)" } ?? "another formation"
      #expect(report.failure == nil, "\(workload), event \(event): \(story)")
      #expect(report.formation == reference.formation, "\(workload), event \(event)")
    }
  }

  @Test func `every two moments occur`() {
    var seen: Set<String> = []
    for (first, second) in Self.pairs(40) {
      let (one, other) = Self.moments(.replace, first, second)
      seen.insert("\(one.moment) \(other.moment)")
    }
    #expect(seen.count == 9)
  }

  private static func pairs(_ count: Int) -> [(Int, Int)] {
    guard count > 1 else { return [] }
    return (1..<count).flatMap { first in ((first + 1)...count).map { (first, $0) } }
  }

  /// Two crash points; the moments come from a hash of the pair, so that all nine combinations
  /// occur and stay the same.
  private static func moments(
    _ workload: Workload, _ first: Int, _ second: Int
  ) -> (SimulationOptions.CrashPoint, SimulationOptions.CrashPoint) {
    let all = SimulationOptions.CrashPoint.Moment.allCases
    let hash = StableHash.of("\(workload.rawValue) \(first) \(second)")
    let (one, other) = (Int(hash % 3), Int(hash / 3 % 3))
    return (
      .init(effect: first, moment: all[one]), .init(effect: second, moment: all[other])
    )
  }
}
