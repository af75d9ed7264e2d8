// The merged log of a platform: what dynos wrote, what the platform did to them, and the requests
// that the router took. Values and batches of values; printing is the command's business.

import Effects
import FormationModel
import Review

/// Which lines of the merged log.
struct LogRequest {
  /// Which dynos, how many lines, since when.
  var query: LogQuery
  /// Whose lines; all by default.
  var sources = Set(LogSource.allCases)
  /// Only requests.
  var isOfRouter = false

  /// Whether the platform's own events are asked for. Of the dynos before the present ones nobody
  /// knows which events are theirs, nor which requests.
  fileprivate var asksForEvents: Bool { asksForRequests && !isOfRouter }
  fileprivate var asksForRequests: Bool { sources.contains(.heroku) && !query.previous }
  fileprivate var asksForDynos: Bool { !isOfRouter }
}

/// Reads the merged log.
struct PlatformLogs {
  private static let eventsKept = Limits().events
  /// Events looked through when new ones are looked for, and how often.
  private static let newestEvents = 500
  private static let lookInterval = Duration.seconds(1)

  let runtime: any ContainerRuntime
  let router: any Routing
  let store: any FormationStore

  /// The lines that are kept, oldest first: the newest `count` of all together.
  func entries(_ request: LogRequest) async throws -> [LogEntry] {
    let lines = request.asksForDynos ? try await runtime.logs(request.query) : []
    let events = try await self.events(request, newest: Self.eventsKept).map { LogEntry($0) }
    let requests =
      request.asksForRequests ? try await router.requestLines(request.query).lines : []
    return merge(
      lines.map { LogEntry($0) }, LogEntry.merged(events, requests.map { LogEntry($0) }), request,
      request.query.count)
  }

  /// Hands on the lines that are kept, then new ones as they come, until the task is cancelled.
  /// Waits for `take` before it reads on, so that a slow reader costs no memory.
  func follow(
    _ request: LogRequest, _ take: ([LogEntry]) async throws -> Void
  ) async throws {
    let before = try await self.events(request, newest: Self.eventsKept)
    var told = Set(before)
    var requests = try await router.requestLines(request.query)
    if !request.asksForRequests { requests = ([], requests.following) }
    var pending = LogEntry.merged(
      before.map { LogEntry($0) }, requests.lines.map { LogEntry($0) })
    var isFirst = true
    var looked = ContinuousClock.now
    for try await lines in runtime.follow(request.query) {
      if !isFirst, request.asksForRequests {
        pending = try requests.following.next().map { LogEntry($0) }
      }
      if !isFirst, ContinuousClock.now - looked > Self.lookInterval {
        let newest = try await self.events(request, newest: Self.newestEvents)
        let events = newest.filter { told.insert($0).inserted }.map { LogEntry($0) }
        pending = LogEntry.merged(events, pending)
        // What is older than these cannot come again.
        told = Set(newest)
        looked = ContinuousClock.now
      }
      // The count is of the lines that are kept; what comes is all shown.
      let count = isFirst ? request.query.count : Int.max
      let shown = request.asksForDynos ? lines.map { LogEntry($0) } : []
      try await take(merge(shown, pending, request, count))
      isFirst = false
      pending = []
    }
  }

  private func merge(
    _ lines: [LogEntry], _ events: [LogEntry], _ request: LogRequest, _ count: Int
  ) -> [LogEntry] {
    let merged = LogEntry.merged(events, lines).filter { request.sources.contains($0.source) }
    return Array(merged.suffix(count))
  }

  /// Events that the request asks for, oldest first.
  private func events(_ request: LogRequest, newest: Int) async throws -> [StoredEvent] {
    guard request.asksForEvents else { return [] }
    let query = request.query
    let events = try await store.events(app: query.app, count: newest).filter { event in
      let dyno = event.subject.flatMap(DynoTarget.init(argument:))
      return (query.since.map { event.at >= $0 } ?? true)
        && (query.process.map { $0 == dyno?.process } ?? true)
        && (query.ordinal.map { $0 == dyno?.ordinal } ?? true)
    }
    // An end is noted when it is seen, with the time that it had.
    return events.enumerated()
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }
}

extension LogEntry {
  /// A line of a dyno, or what the runtime says about its output.
  init(_ line: LogLine) {
    self.init(
      at: line.at, app: line.instance.slot.app, source: line.isNotice ? .heroku : .app,
      dyno: line.instance.slot.dynoName, release: line.instance.release,
      isError: line.isNotice ? nil : line.isError, text: line.text)
  }

  /// A request, as the router tells of it.
  init(_ line: RequestLine) {
    self.init(at: line.at, app: line.app, source: .heroku, dyno: Self.router, text: line.text)
  }

  /// Whose lines on requests are: `heroku[router]`.
  static let router = "router"

  /// Something that happened, in the words of Heroku's log where it has words for it.
  init(_ event: StoredEvent) {
    let words =
      switch event.reason {
      case "DynoStarted": "Starting process: \(event.message)"
      case "DynoStopping": "Stopping all processes with SIGTERM: \(event.message)"
      case "DynoKilled": "Stopping process with SIGKILL: \(event.message)"
      case "StepFailed": "Error: \(event.message)"
      case "StackReady": "Stack \(event.subject ?? "") is ready: \(event.message)"
      case "SlugReady": "Slug is ready: \(event.message)"
      case "SecretsGenerated": "Secrets were generated: \(event.message)"
      default: event.message
      }
    let isDyno = event.reason.hasPrefix("Dyno") || event.subject?.contains(".") == true
    self.init(
      at: event.at, app: event.app, source: .heroku,
      dyno: isDyno ? event.subject ?? "muster" : "muster", text: words)
  }
}
