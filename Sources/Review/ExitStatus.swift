// The exit codes of every command. Documented in docs/reference/cli.md; scripts rely on them.

/// How a command ends.
package enum ExitStatus: Int32, CaseIterable, Sendable {
  /// It is done.
  case done = 0
  /// The answer is no: problems, changes, unhealthy, a step failed, denied.
  case no = 1
  /// It could not find out.
  case unknown = 2
  /// Something is held for somebody.
  case held = 3
  /// It was not done in time.
  case timedOut = 4
  /// The command line is wrong.
  case usage = 64
}
