// How a dyno's command is run: by the stack's shell, as Heroku runs it, so that SIGTERM reaches the
// app and a compound command ends in order.

import FormationModel

/// The arguments of a dyno's first process.
enum DynoCommand {
  /// The first process. The kernel keeps signals without a handler from process 1, so that the app
  /// must not be it; a shell that waits there also reaps orphans. `exit` keeps the shell from
  /// becoming the command itself. Its words are: $0 the shell, $1 the second script, $2 the
  /// command.
  static let first = #""$0" -c "$1" "$0" "$2"; exit "$?""#

  /// The second process: sources `.profile`, then runs the command. SIGTERM is sent to every
  /// process of the dyno. Before the command begins it ends this shell with 143, as it ends any
  /// program: by default until the trap is set, then by the trap, which sees its function's
  /// argument or the status that the function returns. Once the command has begun, this shell ends
  /// when the app has ended, with the app's exit code, not before it (the dyno would end with it),
  /// and does not go on with the rest of `a; b`. A command that is `exec app` replaces this shell,
  /// trap and all; a signal that the trap was about to answer is lost then (see
  /// `InstanceTermination`).
  static let second = #"""
    if [ -r "$HOME/.profile" ]; then . "$HOME/.profile"; fi
    _() {
      unset -f _
      trap 'code=$?; [ "${1-}" != unbegun ] || code=143; wait; exit "$code"' TERM
      return 143
    }
    eval "shift; _ unbegun
    $1"
    """#

  /// What both do first at a terminal, whose keys signal everybody in the foreground, and which
  /// hangs up on everybody: what that means is the app's business, and these shells end after it.
  /// What they start hears of it as if they had set nothing.
  private static let atTerminal = "trap : HUP INT QUIT\n"

  /// A command that begins in a dyno that runs, beside what runs there.
  static let beside = #"""
    if [ -r "$HOME/.profile" ]; then . "$HOME/.profile"; fi
    eval "$1"
    """#

  /// Whether these are the arguments of a second process that has not become its command.
  static func isSecond(_ arguments: [String]) -> Bool {
    arguments.count > 2 && [second, atTerminal + second].contains(arguments[2])
  }

  /// The arguments, the command one of them, as it is.
  static func arguments(
    _ command: String, shell: String, session: SessionForm? = nil
  ) -> [String] {
    let start = session == .terminal ? atTerminal : ""
    return [shell, "-c", start + first, shell, start + second, command]
  }
}
