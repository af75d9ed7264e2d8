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
}
