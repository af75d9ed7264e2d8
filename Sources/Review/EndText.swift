// Words for how a dyno ended and for what a health check said.

package import FormationModel

/// Words for ends.
package enum EndText {
  /// `exit 1, 7th time`; a signal by its name; memory (R15) when that is why.
  package static func words(_ exit: InstanceExit, count: Int) -> String {
    count > 1 ? "\(words(exit)), \(DurationText.ordinal(count)) time" : words(exit)
  }

  /// `exit 1`, `killed by SIGKILL`, `out of memory (R15)`, `exit code unknown`.
  package static func words(_ exit: InstanceExit) -> String {
    if exit.outOfMemory { return "out of memory (R15)" }
    guard let code = exit.code else { return "exit code unknown" }
    guard code > 128, let signal = signals[code - 128] else { return "exit \(code)" }
    return "exit \(code), killed by \(signal)"
  }

  /// Linux's numbers; those a dyno is likely to end by.
  private static let signals = [
    1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
    9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 15: "SIGTERM", 31: "SIGSYS",
  ]
}

/// Words for health checks.
package enum ProbeText {
  /// What the check saw, in a few words, with the hint that helps.
  package static func words(_ probe: ProbeResult) -> String {
    switch probe {
    case .healthy: "healthy"
    case .notListening: "nothing listens on $PORT"
    case .loopbackOnly: "it listens on 127.0.0.1 only; bind to 0.0.0.0:$PORT"
    case .status(let status): "the health check answered \(status)"
    case .timedOut: "the health check got no answer in time"
    case .failed(let reason): "the health check could not be made: \(reason)"
    }
  }
}
