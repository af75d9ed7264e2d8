// The command that `run` and `exec` take: words of this command line, made one line of a shell.

import FormationModel
import Review
import Server

/// Another program's words.
enum CommandLineWords {
  /// One line for the dyno's shell, as Heroku makes it: a single word is a line already; of
  /// several, those with white space or quotes in them are words, and the rest is the shell's.
  static func line(_ words: [String]) -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.map { word in
      let isPlain = !word.isEmpty && !word.contains { $0.isWhitespace || "'\"\\".contains($0) }
      return isPlain ? word : RemoteHost.quoted(word)
    }.joined(separator: " ")
  }

  /// Variables as Heroku takes them, `A=1;B=2`, once or several times, with the kind of terminal
  /// that a person sits at.
  static func variables(
    _ options: [String], at streams: CallerStreams?
  ) throws -> [ConfigKey: ConfigValue] {
    var variables: [ConfigKey: ConfigValue] = [:]
    if let streams, streams.isTerminal, let terminal = streams.terminal,
      !terminal.utf8.contains(0), let key = ConfigKey(rawValue: "TERM")
    {
      variables[key] = ConfigValue(terminal)
    }
    for pair in options.flatMap({ $0.split(separator: ";") }) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let key = ConfigKey(rawValue: String(parts[0])) else {
        throw CommandFailure(
          .usage, "--env takes KEY=VALUE, several of them with ; between",
          fix: "for example --env 'DEBUG=1;LEVEL=2'")
      }
      guard !parts[1].utf8.contains(0) else {
        throw CommandFailure(.usage, "the value of \(key) holds a NUL character")
      }
      variables[key] = ConfigValue(String(parts[1]))
    }
    return variables
  }
}
