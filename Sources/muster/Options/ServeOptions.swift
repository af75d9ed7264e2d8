// The options of `muster serve`; each as an environment variable too.

import ArgumentParser
import FormationModel
import Foundation
import Glibc
import Logging
import Review
import Server

/// How the daemon's log is written.
enum LogForm: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// Options as typed.
struct ServeOptionGroup: ParsableArguments {
  @Option(help: "Time between two looks at the repository, a tenth more or less. [MUSTER_POLL]")
  var poll: String?

  @Option(
    help: .init(
      "Take webhooks of forges at this address. [MUSTER_WEBHOOK]", valueName: "host:port"))
  var webhook: String?

  @Option(
    help: .init(
      "The file with the secret that webhooks are signed with. [MUSTER_WEBHOOK_SECRET]",
      valueName: "file"))
  var webhookSecret: String?

  @Option(help: "How the log is written. Default: text. [MUSTER_LOG_FORM]")
  var logForm: LogForm?

  @Option(help: "The least level logged: debug, info, notice, warning, error. [MUSTER_LOG_LEVEL]")
  var logLevel: String?
}

/// Options with environment variables and defaults filled in.
struct ServeOptions {
  /// Time between two looks at the repository.
  let poll: Duration
  /// Where webhooks are taken; nil: nowhere.
  let webhook: WebhookOptions?
  /// The daemon's log.
  let logger: Logger

  init(_ group: ServeOptionGroup, environment: [String: String]) throws {
    let poll = group.poll ?? environment["MUSTER_POLL"] ?? "30s"
    guard let span = TimeSpan(poll) else {
      throw CommandFailure(.usage, "\(poll) is not a time span", fix: "write it as 30s or 5m")
    }
    self.poll = span.duration
    webhook = try WebhookOptions(group, environment: environment)
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

/// Where webhooks are taken, and what proves them.
struct WebhookOptions {
  let host: String
  let port: Int
  let secret: WebhookSecret

  /// Nil when no address is named.
  init?(_ group: ServeOptionGroup, environment: [String: String]) throws {
    guard let address = group.webhook ?? environment["MUSTER_WEBHOOK"], !address.isEmpty else {
      return nil
    }
    let parts = address.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, let last = parts.last, let port = Int(last),
      (0...65_535).contains(port)
    else {
      throw CommandFailure(
        .usage, "\(address) is no address to listen on", fix: "write it as 127.0.0.1:8090")
    }
    host = parts.dropLast().joined(separator: ":").filter { $0 != "[" && $0 != "]" }
    self.port = port
    secret = try Self.secret(group, environment)
  }

  private static func secret(
    _ group: ServeOptionGroup, _ environment: [String: String]
  ) throws -> WebhookSecret {
    let credentials = environment["CREDENTIALS_DIRECTORY"].map { "\($0)/webhook-secret" }
    guard
      let path = group.webhookSecret ?? environment["MUSTER_WEBHOOK_SECRET"] ?? credentials
    else {
      throw CommandFailure(
        .usage, "webhooks need a secret that the forge signs them with",
        fix: "write one into a file of mode 0600 and name it with --webhook-secret FILE")
    }
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & 0o007 != 0 {
      throw CommandFailure(
        .unknown, "\(path) can be read by everybody", fix: "chmod 600 \(path)")
    }
    let bytes = Array(try LocalFiles.read(path, limit: 4_096))
    let text = bytes.reversed().drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    guard let secret = WebhookSecret(text.reversed()) else {
      throw CommandFailure(
        .unknown, "the secret in \(path) has less than 16 bytes",
        fix: "make one: openssl rand -hex 32 > \(path)")
    }
    return secret
  }
}
