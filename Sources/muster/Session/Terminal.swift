// Where a command's output goes: the streams of whoever asked for it. Colour on a terminal only,
// control characters never.

import FormationModel
import Foundation
import Review

/// The two output streams of the command that runs in this task.
enum Terminal {
  /// Whether standard output is a terminal.
  static var isInteractive: Bool { Surroundings.current.isInteractive }

  /// Colour on a terminal, unless NO_COLOR or TERM=dumb say otherwise.
  static var style: TextStyle {
    let environment = Surroundings.current.environment
    let refuses = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
    return isInteractive && !refuses ? .coloured : .plain
  }

  /// Writes text as it is to standard output.
  static func write(_ text: String) { Surroundings.current.console.write(text, isError: false) }

  /// Writes a line to standard output.
  static func say(_ line: String) { write(line + "\n") }

  /// Writes a line to standard error.
  static func complain(_ line: String) {
    Surroundings.current.console.write(line + "\n", isError: true)
  }

  /// Now, and the caller's zone.
  static var clock: LocalClock {
    let zone = Surroundings.current.zone
    return LocalClock(now: WallClock.now()) { time in
      zone.secondsFromGMT(
        for: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000))
    }
  }
}

/// The only clock of the shell.
enum WallClock {
  static func now() -> LoopTime {
    LoopTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }

  /// Reads `2026-01-31T10:00:00.123456+01:00`, the fraction and the zone (else UTC) optional; nil
  /// when it is none.
  static func read(_ text: String) -> LoopTime? {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard var whole = parts.first.map(String.init) else { return nil }
    var milliseconds: Int64 = 0
    if parts.count == 2 {
      let digits = parts[1].prefix { $0.isASCII && $0.isNumber }
      let padded = digits.prefix(3) + String(repeating: "0", count: max(0, 3 - digits.count))
      guard !digits.isEmpty, let fraction = Int64(padded) else { return nil }
      milliseconds = fraction
      whole += parts[1].dropFirst(digits.count)
    }
    let hasZone = whole.hasSuffix("Z") || whole.dropFirst(10).contains { "+-".contains($0) }
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime]
    guard let date = format.date(from: hasZone ? whole : whole + "Z") else { return nil }
    return LoopTime(milliseconds: Int64(date.timeIntervalSince1970) * 1000 + milliseconds)
  }
}
