// muster logs: what dynos wrote, merged, in Heroku's line form.

import ArgumentParser
import Effects
import FormationModel
import Review

struct LogsCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Show what dynos wrote, oldest line first.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var target: TargetOptions

  @Flag(name: [.customShort("t"), .customLong("tail")], help: "Go on with new lines.")
  var tail = false

  @Option(name: [.customShort("n"), .customLong("num")], help: "Lines at most, the newest.")
  var count = 100

  @Option(name: [.customShort("p"), .customLong("process-type")], help: "Only this type.")
  var process: String?

  @Option(name: [.customShort("d"), .customLong("dyno-name")], help: "Only this dyno, web.1.")
  var dyno: String?

  @Option(help: "Only lines of the last 90s, 10m, 1h, 2d.")
  var since: String?

  @Flag(help: "Lines of the dynos before the present ones.")
  var previous = false

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    let query = try self.query(session)
    let text = LogText(style: Terminal.style, escapes: Terminal.isInteractive)
    let isJSON = session.settings.format == .json
    func show(_ line: LogLine) {
      Terminal.say(isJSON ? LogJSON.document(line).line : text.line(line))
    }
    do {
      if tail {
        for try await line in session.runtime.follow(query) { show(line) }
      } else {
        for line in try await session.runtime.logs(query) { show(line) }
      }
    } catch let failure as EffectFailure {
      throw CommandFailure(failure)
    }
  }

  private func query(_ session: PlatformSession) throws -> LogQuery {
    let apps = session.memory.apps.keys.sorted()
    let (target, app) = try target.resolved(among: apps)
    let named = try dyno.map { text in
      guard let dyno = DynoTarget(argument: "\(app)/\(text)") else {
        throw CommandFailure(.usage, "\(text) is not a dyno's name", fix: "write it as web.1")
      }
      return dyno
    }
    var query = LogQuery(
      app: app, process: named?.process ?? target.process,
      ordinal: named?.ordinal ?? target.ordinal, count: max(1, count))
    if let process { query.process = ProcessType(rawValue: process) }
    if let since {
      guard let span = TimeSpan(since) else {
        throw CommandFailure(.usage, "\(since) is not a time span", fix: "write it as 10m or 2h")
      }
      query.since = WallClock.now() + (.zero - span.duration)
    }
    query.previous = previous
    return query
  }
}

enum LogJSON {
  /// One line.
  static func document(_ line: LogLine) -> JSONValue {
    .object([
      .init("at", .string(TimeText.json(line.at))),
      .init("app", line.instance.slot.app.map { .string($0.rawValue) } ?? .null),
      .init("dyno", .string(line.instance.slot.dynoName)),
      .init("release", .integer(line.instance.release)),
      .init("stream", .string(line.isError ? "stderr" : "stdout")),
      .init("text", .string(line.text)),
    ])
  }
}

extension LogText {
  /// A line of the seam in Heroku's form.
  func line(_ line: LogLine) -> String {
    self.line(at: line.at, source: "app", dyno: line.instance.slot.dynoName, text: line.text)
  }
}
