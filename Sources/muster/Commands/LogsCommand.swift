// muster logs: what dynos wrote and what the platform did to them, merged, in Heroku's line form.

import ArgumentParser
import Effects
import FormationModel
import Review

struct LogsCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: """
      Show what dynos wrote, what was done to them, and the requests that the router took; oldest \
      line first.
      """,
    discussion: "Without a target: of all apps. `-d router` shows requests alone.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var target: TargetOptions

  @Flag(name: [.customShort("t"), .customLong("tail")], help: "Go on with new lines.")
  var tail = false

  @Option(
    name: [.customShort("n"), .customLong("num")],
    help: "Lines at most, the newest. Default: 100; with --since all.")
  var count: Int?

  @Option(name: [.customShort("p"), .customLong("process-type")], help: "Only this type.")
  var process: String?

  @Option(
    name: [.customShort("d"), .customLong("dyno-name")], help: "Only this dyno, web.1, or router.")
  var dyno: String?

  @Option(
    name: .shortAndLong,
    help: "Only what dynos wrote (app), or what the platform and its router did (heroku).")
  var source: String?

  @Option(help: "Only lines since then: 90s, 10m, 1h, 2d ago, or 2026-01-31T10:00:00Z.")
  var since: String?

  @Flag(help: "Lines of the dynos before the present ones.")
  var previous = false

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    try session.requireFolder()
    let request = try self.request(session)
    let text = LogText(
      style: Terminal.style, escapes: Terminal.isInteractive,
      showsApp: request.query.app == nil && session.memory.apps.count > 1)
    let isJSON = session.settings.format == .json
    func show(_ entries: [LogEntry]) {
      guard !entries.isEmpty else { return }
      let lines = entries.map { isJSON ? LogJSON.document($0).line : text.line($0) }
      Terminal.say(lines.joined(separator: "\n"))
    }
    try await reporting {
      if tail {
        try await session.logs.follow(request) { show($0) }
      } else {
        show(try await session.logs.entries(request))
      }
    }
  }

  private func request(_ session: PlatformSession) throws -> LogRequest {
    if tail && previous {
      throw CommandFailure(
        .usage, "the dynos before the present ones write nothing any more",
        fix: "leave out --tail or --previous")
    }
    var request = LogRequest(query: try query(session.memory))
    request.isOfRouter = isOfRouter
    if let source {
      guard let wanted = LogSource(rawValue: source) else {
        let known = LogSource.allCases.map(\.rawValue).joined(separator: " or ")
        throw CommandFailure(.usage, "\(source) is no source of lines", fix: "write \(known)")
      }
      request.sources = [wanted]
    }
    return request
  }

  private func query(_ memory: Memory) throws -> LogQuery {
    let limit = Limits().logLines
    var query = LogQuery(app: nil, count: min(max(0, count ?? (since == nil ? 100 : limit)), limit))
    if target.target != nil || target.app != nil {
      let (target, app) = try target.resolved(among: memory.apps.keys.sorted())
      query.app = app
      query.process = target.process
      query.ordinal = target.ordinal
    }
    if let dyno, !isOfRouter {
      guard let named = DynoTarget(argument: dyno.contains("/") ? dyno : "any/\(dyno)") else {
        throw CommandFailure(.usage, "\(dyno) is not a dyno's name", fix: "write it as web.1")
      }
      query.process = named.process
      query.ordinal = named.ordinal
    }
    if let process {
      guard let type = ProcessType(rawValue: process) else {
        throw CommandFailure(
          .usage, "\(process) is not a process type", fix: "write it as web")
      }
      query.process = type
    }
    query.since = try since.map(LogsCommand.time)
    query.previous = previous
    try check(query, memory)
    return query
  }

  private var isOfRouter: Bool { dyno == LogEntry.router }

  /// Throws when no app that is meant has such a process type or dyno: no line would look like a
  /// dyno that writes nothing.
  private func check(_ query: LogQuery, _ memory: Memory) throws {
    var wanted = DynoTarget()
    wanted.process = query.process
    wanted.ordinal = query.ordinal
    let apps = query.app.map { [$0] } ?? memory.apps.keys.sorted()
    let refusals = apps.compactMap { app in
      KnownDynos(of: app, asked: memory.apps[app]?.accepted, memory).refusal(of: wanted, of: app)
    }
    guard refusals.count == apps.count, let first = refusals.first, let type = query.process else {
      return
    }
    guard apps.count > 1 else { throw first }
    let name = query.ordinal.map { "dyno \(type).\($0)" } ?? "process type \(type)"
    throw CommandFailure(.unknown, "no app has a \(name)", fix: "`muster ps` lists what there is")
  }

  /// A span before now, or a point in time.
  static func time(_ text: String) throws -> LoopTime {
    if let span = TimeSpan(text) { return WallClock.now() + (.zero - span.duration) }
    if let time = WallClock.read(text) { return time }
    throw CommandFailure(
      .usage, "\(text) is neither a time span nor a time",
      fix: "write it as 10m or 2h, or as 2026-01-31T10:00:00Z")
  }
}
