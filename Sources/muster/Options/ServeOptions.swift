// The options of `muster serve`; each as an environment variable too.

import ArgumentParser
import FormationModel
import Foundation
import Logging
import Review

/// How the daemon's log is written.
enum LogForm: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// Options as typed.
struct ServeOptionGroup: ParsableArguments {
  @Option(help: "Time between two looks at the repository, a tenth more or less. [MUSTER_POLL]")
  var poll: String?

  @Option(help: "How the log is written. Default: text. [MUSTER_LOG_FORM]")
  var logForm: LogForm?

  @Option(help: "The least level logged: debug, info, notice, warning, error. [MUSTER_LOG_LEVEL]")
  var logLevel: String?
}

/// Options with environment variables and defaults filled in.
struct ServeOptions {
  /// Time between two looks at the repository.
  let poll: Duration
  /// The daemon's log.
  let logger: Logger

  init(_ group: ServeOptionGroup, environment: [String: String]) throws {
    let poll = group.poll ?? environment["MUSTER_POLL"] ?? "30s"
    guard let span = TimeSpan(poll) else {
      throw CommandFailure(.usage, "\(poll) is not a time span", fix: "write it as 30s or 5m")
    }
    self.poll = span.duration
    let form =
      try group.logForm ?? Settings.choice(environment["MUSTER_LOG_FORM"], named: "log form")
      ?? LogForm.text
    let level = group.logLevel ?? environment["MUSTER_LOG_LEVEL"] ?? "info"
    guard let least = Logger.Level(rawValue: level) else {
      let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(.usage, "log level \(level) is not known", fix: "write one of: \(known)")
    }
    // journald sets JOURNAL_STREAM and keeps the time itself.
    let showsTime = environment["JOURNAL_STREAM"] == nil
    logger = Logger(label: "muster") { label in
      DaemonLog(label: label, level: least, isJSON: form == .json, showsTime: showsTime)
    }
  }
}
