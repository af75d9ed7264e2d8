// Counts requests by app. A value without a clock: the time comes with the records.

import FormationModel

/// The requests of all apps, being counted.
struct RouteMetrics: Sendable {
  /// Apps that are counted apart, each up to 60 kB while it is busy; further ones count together.
  static let appLimit = 1_000
  /// After this long without a request an app makes room for another one.
  private static let idle = Duration.seconds(86_400)

  private struct Counts: Sendable {
    var requests = 0
    /// By the status's first digit; 0: none was sent.
    var classes = [Int](repeating: 0, count: 10)
    var codes: [HerokuCode: Int] = [:]
    var bytes = 0
    var service = ServiceHistogram()
    var window = MetricsWindow()
    var last: LoopTime?
  }

  private let since: LoopTime
  private let limit: Int
  private var apps: [AppName: Counts] = [:]
  private var unrouted = Counts()

  init(since: LoopTime, limit: Int = RouteMetrics.appLimit) {
    self.since = since
    self.limit = limit
  }

  /// Counts a request.
  mutating func record(_ request: RequestRecord) {
    guard let app = request.app, apps[app] != nil || apps.count < limit else {
      return Self.count(request, in: &unrouted)
    }
    Self.count(request, in: &apps[app, default: Counts()])
  }

  private static func count(_ request: RequestRecord, in counts: inout Counts) {
    let status = request.status
    counts.requests += 1
    counts.classes[(status ?? 0) / 100] += 1
    if let code = request.code { counts.codes[code, default: 0] += 1 }
    // What a line says is nobody's promise: it may not add up.
    let bytes = counts.bytes.addingReportingOverflow(request.bytes ?? 0)
    counts.bytes = bytes.overflow ? .max : bytes.partialValue
    // How long a WebSocket was open says nothing of how fast the app is.
    if let service = request.service, status != 101 {
      counts.service.add(milliseconds: Int(service.inMilliseconds))
    }
    counts.window.record(request, status: status)
    counts.last = max(request.at, counts.last ?? request.at)
  }

  /// Gives back the memory of windows that are over and, where apps are many, of idle ones.
  mutating func forget(at now: LoopTime) {
    if apps.count >= limit {
      apps = apps.filter { _, counts in counts.last.map { now - $0 < Self.idle } ?? false }
    }
    for app in apps.keys.sorted() { apps[app]?.window.forget(before: now) }
    unrouted.window.forget(before: now)
  }

  /// What is known now.
  func snapshot(at now: LoopTime, losses: RequestLosses) -> RequestMetrics {
    RequestMetrics(
      at: now, since: since,
      apps: apps.keys.sorted().compactMap { app in
        apps[app].map { Self.summary(of: app, $0, at: now) }
      },
      unrouted: Self.summary(of: nil, unrouted, at: now), losses: losses)
  }

  private static func summary(
    of app: AppName?, _ counts: Counts, at now: LoopTime
  ) -> AppRequests {
    let statuses = counts.classes.enumerated().filter { $0.element > 0 && $0.offset > 0 }
    var summary = AppRequests(app: app)
    summary.requests = counts.requests
    summary.statuses = Dictionary(
      uniqueKeysWithValues: statuses.map { ("\($0.offset)xx", $0.element) })
    summary.codes = Dictionary(
      uniqueKeysWithValues: counts.codes.map { ($0.key.rawValue, $0.value) })
    summary.bytes = counts.bytes
    summary.service = SpanPercentiles(counts.service)
    summary.minute = counts.window.recent(minutes: 1, at: now)
    summary.fiveMinutes = counts.window.recent(minutes: 5, at: now)
    summary.last = counts.last
    return summary
  }
}
