// What is known of visitors' requests at one moment, per app: values that the router fills and
// others read. Counting is the router's business.

/// The requests of all apps.
package struct RequestMetrics: Hashable, Codable, Sendable {
  /// When it was taken.
  package var at: LoopTime
  /// When counting began.
  package var since: LoopTime
  /// By app, sorted by name.
  package var apps: [AppRequests]
  /// Requests for hosts that no app has, and those of apps beyond the limit.
  package var unrouted: AppRequests
  /// What was lost.
  package var losses: RequestLosses

  /// Gathers what is known.
  package init(
    at: LoopTime, since: LoopTime, apps: [AppRequests], unrouted: AppRequests,
    losses: RequestLosses
  ) {
    self.at = at
    self.since = since
    self.apps = apps
    self.unrouted = unrouted
    self.losses = losses
  }

  /// The requests of an app; nil when it had none.
  package func requests(of app: AppName) -> AppRequests? { apps.first { $0.app == app } }
}

/// The requests of one app.
package struct AppRequests: Hashable, Codable, Sendable {
  /// The app; nil for those of no app.
  package var app: AppName?
  /// Since counting began.
  package var requests = 0
  /// By class of the status that the client saw, `2xx`.
  package var statuses: [String: Int] = [:]
  /// By Heroku's code, `H12`.
  package var codes: [String: Int] = [:]
  /// Bytes sent to clients.
  package var bytes = 0
  /// The service times since counting began.
  package var service: SpanPercentiles?
  /// The last 50 to 60 seconds.
  package var minute = RecentRequests()
  /// The last 290 to 300 seconds.
  package var fiveMinutes = RecentRequests()
  /// When the last one ended; nil when there was none.
  package var last: LoopTime?
  /// Requests and WebSockets that its dynos have at this moment; nil when that is not known.
  package var active: Int?

  /// Makes an account without any request.
  package init(app: AppName?) { self.app = app }
}

/// The requests of the last time.
package struct RecentRequests: Hashable, Codable, Sendable {
  /// How many.
  package var requests = 0
  /// How many of them were answered with 500 or above.
  package var serverErrors = 0
  /// How many in a second, on average.
  package var perSecond = 0.0
  /// How long dynos took; nil without any.
  package var service: SpanPercentiles?
  /// How long requests waited for a dyno; nil without any.
  package var queue: SpanPercentiles?

  /// Makes an account without any request.
  package init() {}
}

/// Percentiles of spans, within 2 %.
package struct SpanPercentiles: Hashable, Codable, Sendable {
  /// Half took no longer.
  package var p50Milliseconds: Int
  /// 95 in 100 took no longer.
  package var p95Milliseconds: Int
  /// 99 in 100 took no longer.
  package var p99Milliseconds: Int

  /// Gathers them.
  package init(p50Milliseconds: Int, p95Milliseconds: Int, p99Milliseconds: Int) {
    self.p50Milliseconds = p50Milliseconds
    self.p95Milliseconds = p95Milliseconds
    self.p99Milliseconds = p99Milliseconds
  }
}

/// What became of request lines since counting began.
package struct RequestLosses: Hashable, Codable, Sendable {
  /// Lines that came and were understood.
  package var received = 0
  /// Datagrams that were no request lines: the router also says there what it does.
  package var others = 0
  /// Lines lost, by cause.
  package var lost: [String: Int] = [:]
  /// The processes of the router, newest first.
  package var processes: [RouterProcessCount] = []

  /// Begins at nothing.
  package init() {}
}

/// What one process of the router counted, and what came of it.
package struct RouterProcessCount: Hashable, Codable, Sendable {
  /// The process.
  package var process: Int32
  /// What it said to have dropped, the last time that it was asked.
  package var dropped = 0
  /// Its lines that came.
  package var lines = 0
  /// The lowest and the highest counter on them.
  package var first: Int?
  /// The highest counter on them.
  package var highest: Int?

  /// Begins an account.
  package init(process: Int32, dropped: Int = 0) {
    self.process = process
    self.dropped = dropped
  }

  /// Counters between them without a line: at most so many were lost. Requests that are not
  /// finished and admin connections have such counters, too.
  package var unseen: Int {
    guard let first, let highest else { return 0 }
    return max(0, highest - first + 1 - lines)
  }
}
