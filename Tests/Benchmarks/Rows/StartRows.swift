// Fifty dynos from nothing on real containers, against a script that starts the very same bundles.

import FormationModel
import Foundation

enum StartRows {
  static let dynos = 50
  /// What the baseline has to reach for the comparison to mean anything, in starts a second.
  static let baselineRate = 30.0

  /// From the first look at the repository until the fiftieth process was exec'd.
  static func fifty() async throws -> Row {
    guard geteuid() == 0 else { throw Refusal(reason: "containers need root") }
    let world = try await StartWorld(dynos: dynos)
    do {
      let row = try await measure(world)
      try await world.tearDown()
      return row
    } catch {
      try await world.tearDown()
      throw error
    }
  }

  private static func measure(_ world: StartWorld) async throws -> Row {
    try await world.exportBundles()
    let samples = try await alternate(rounds: 5) {
      let span = try await world.startAll()
      try await world.stopAll()
      return span
    } baseline: {
      try await world.baseline("loop")
    }
    let floor = try await world.baseline("floor")
    let rate = Double(dynos) / (samples.baseline.median / .seconds(1))
    guard rate >= baselineRate else {
      throw Refusal(
        reason: "the baseline starts \(rate.oneDigit) a second where \(baselineRate.oneDigit) are "
          + "expected; the machine is too busy to tell")
    }
    return Row(
      name: "start",
      words: "\(dynos) dynos from nothing, against a script over the same bundles "
        + "(the runtime alone, without network: \(floor.milliseconds))",
      ours: samples.ours.median, baseline: samples.baseline.median, goal: .ratio(1.3))
  }
}
