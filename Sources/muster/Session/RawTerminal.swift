// This process's terminal while a session has it: keys go to the dyno as they are, the size
// follows, and whatever ends this process leaves the terminal as it was.

import CLinux
import Effects
import Glibc

/// A terminal that hands on everything.
final class RawTerminal: Sendable {
  private let before: termios
  private let watch: Task<Void, Never>

  /// Makes this process's terminal raw, for a session that has one; nil when there is none.
  init?(_ ends: SessionEnds) {
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    let before = settings
    self.before = before
    watch = Task {
      for await number in Signals.stream([SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT]) {
        guard number != SIGWINCH else {
          Self.resize(ends)
          continue
        }
        var before = before
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
        Glibc._exit(128 + number)
      }
    }
    cfmakeraw(&settings)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    // It may have changed on the way here.
    Self.resize(ends)
  }

  /// Makes it what it was.
  func restore() {
    watch.cancel()
    for number in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] { signal(number, SIG_DFL) }
    var before = before
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
  }

  private static func resize(_ ends: SessionEnds) {
    guard let size = SessionRelay.size(of: STDOUT_FILENO) else { return }
    if let terminal = ends[.terminal] {
      _ = muster_resize_terminal(terminal, size.rows, size.columns)
    } else if let resize = ends[.resize] {
      let line = Array("\(size.rows) \(size.columns)\n".utf8)
      _ = write(resize, line, line.count)
    }
  }
}
