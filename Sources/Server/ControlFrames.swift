// What goes over the control socket: one JSON object per line, in either direction. The caller asks
// for one command and answers questions; the daemon runs it and says how it ended.

package import Foundation

/// What a caller asks the daemon to run: a command as it was typed, and what is around it.
package struct ControlRequest: Hashable, Codable, Sendable {
  /// The version of this protocol that the caller speaks.
  package var format = ControlRequest.currentFormat
  /// The command's words, without the program's name.
  package let arguments: [String]
  /// Environment variables that commands read; no others are sent.
  package let environment: [String: String]
  /// The caller's folder, for relative paths and addresses.
  package let folder: String
  /// Whether the caller's standard output is a terminal.
  package let isInteractive: Bool
  /// The caller's time zone, as in the tz database; nil: UTC.
  package let zone: String?

  /// The version spoken here.
  package static let currentFormat = 1

  /// Makes a request.
  package init(
    arguments: [String], environment: [String: String], folder: String, isInteractive: Bool,
    zone: String?
  ) {
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.isInteractive = isInteractive
    self.zone = zone
  }
}

/// What the daemon sends.
package enum DaemonFrame: Hashable, Codable, Sendable {
  /// Text for the caller's standard output, or standard error.
  case text(String, isError: Bool)
  /// A question that the command cannot go on without; the caller answers with one frame.
  case question(CallerQuestion)
  /// The command has ended with this exit code. Nothing follows.
  case end(Int32)
}

/// What only the caller can do: its files, its standard input, its terminal.
package enum CallerQuestion: Hashable, Codable, Sendable {
  /// The bytes of a file.
  case file(path: String, limit: Int)
  /// Write a file, whole or not at all.
  case save(path: String, Data)
  /// All of standard input.
  case input(limit: Int)
  /// A line typed at the terminal without being shown.
  case secret(prompt: String)
  /// What its standard streams are: `CallerStreams`, as JSON.
  case streams
  /// Where it takes over a session: the abstract name of a socket that it listens at.
  case session
}

/// What a caller's standard streams are.
package struct CallerStreams: Hashable, Codable, Sendable {
  /// Whether a person sits there: input and output are a terminal.
  package let isTerminal: Bool
  /// The terminal's kind, as TERM names it; nil when nothing does.
  package let terminal: String?
  /// The terminal's rows; nil without one.
  package let rows: UInt16?
  /// The terminal's columns; nil without one.
  package let columns: UInt16?

  /// Makes a description.
  package init(isTerminal: Bool, terminal: String?, rows: UInt16?, columns: UInt16?) {
    self.isTerminal = isTerminal
    self.terminal = terminal
    self.rows = rows
    self.columns = columns
  }
}

/// What a caller sends.
package enum CallerFrame: Hashable, Codable, Sendable {
  /// The first frame, and the only one of its kind.
  case request(ControlRequest)
  /// What was asked for.
  case answer(Data)
  /// Why it could not be done, for people.
  case refusal(String)
}

/// What went wrong between caller and daemon, for people.
package struct ControlFailure: Error, Hashable, Sendable {
  /// What is wrong.
  package let message: String
  /// What to do; nil when the message says it.
  package let fix: String?

  /// Makes a failure.
  package init(_ message: String, fix: String? = nil) {
    self.message = message
    self.fix = fix
  }
}
