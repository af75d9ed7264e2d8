// Where output goes: colour on a terminal only, control characters never.

import FormationModel
import Foundation
import Glibc
import Review

/// The two output streams of a command.
enum Terminal {
  /// Whether standard output is a terminal that takes colour.
  static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Colour on a terminal, unless NO_COLOR or TERM=dumb say otherwise.
  static var style: TextStyle {
    let environment = ProcessInfo.processInfo.environment
    let refuses = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
    return isInteractive && !refuses ? .coloured : .plain
  }

  /// Writes text as it is to standard output.
  static func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// Writes a line to standard output.
  static func say(_ line: String) { write(line + "\n") }

  /// Writes a line to standard error.
  static func complain(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Now, and the zone of this machine.
  static var clock: LocalClock {
    LocalClock(now: WallClock.now()) { time in
      TimeZone.current.secondsFromGMT(
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
