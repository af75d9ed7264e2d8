// What happened, line by line. Equal runs have equal bytes.

import FormationModel
import Planning

/// The log of a simulation.
struct SimulationLog {
  let isKept: Bool
  private(set) var lines: [String] = []
  private(set) var digest: UInt64 = 0

  init(isKept: Bool) { self.isKept = isKept }

  /// Adds a line; its text is not even made when the log is not kept.
  mutating func note(_ time: LoopTime, _ text: @autoclosure () -> String) {
    guard isKept else { return }
    let line = Self.clock(time) + "  " + text()
    lines.append(line)
    digest = StableHash.of(line, seed: digest)
  }

  /// `hh:mm:ss.mmm` since the beginning.
  static func clock(_ time: LoopTime) -> String {
    let span = (time - Scenario.beginning).inMilliseconds
    let (seconds, milliseconds) = (span / 1000, span % 1000)
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return parts.joined(separator: ":") + "." + padded(milliseconds, 3)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
