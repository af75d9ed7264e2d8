// What a simulated dyno does with its life. Where a behaviour comes from a command's text is in
// SimulatedBehaviour+Command.swift.

/// How a simulated dyno behaves: when it listens, what it writes, when and how it ends.
package struct SimulatedBehaviour: Hashable, Codable, Sendable {
  /// What becomes of `$PORT`.
  package enum Port: String, Codable, Sendable, CaseIterable {
    /// Bound on the dyno's address.
    case bound
    /// Bound on 127.0.0.1 only.
    case loopback
    /// Never bound.
    case none
  }

  /// One line of output.
  package struct Line: Hashable, Codable, Sendable {
    /// Milliseconds after the start.
    package var after: Int64
    /// The line.
    package var text: String
    /// Whether it goes to standard error.
    package var isError: Bool

    /// Makes a line.
    package init(after: Int64, text: String, isError: Bool = false) {
      self.after = after
      self.text = text
      self.isError = isError
    }
  }

  /// Milliseconds from the start until the port is bound.
  package var bootMilliseconds: Int64 = 0
  /// Milliseconds from the start to the end; nil: it runs until it is stopped.
  package var lifeMilliseconds: Int64?
  /// The exit code of its own end.
  package var exitCode = 0
  /// What becomes of `$PORT`.
  package var port = Port.bound
  /// What an HTTP check gets as its answer's status.
  package var status = 200
  /// Whether SIGTERM does nothing to it.
  package var ignoresTerm = false
  /// Milliseconds from SIGTERM to the end.
  package var shutdownMilliseconds: Int64 = 100
  /// The exit code after SIGTERM; 128 + 15 unless it catches the signal.
  package var termExitCode = 143
  /// What it writes after SIGTERM.
  package var farewell: [String] = []
  /// What it writes by itself, in order of time.
  package var output: [Line] = []
  /// Bytes of memory that it holds; nil: 32 MB.
  package var memoryBytes: Int64?
  /// Percent of one core that it keeps busy; nil: 1.
  package var cpuPercent: Int64?
  /// Whether the slug has no such command.
  package var isMissing = false

  /// Makes a behaviour: listens at once, runs until it is stopped.
  package init() {}
}
