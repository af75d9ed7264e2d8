// What is known of the requests at one moment, as values that others read: from the collector, or
// from the file that it writes.

package import FormationModel
import Foundation

/// The requests of all apps.
package struct RouteMetricsSnapshot: Hashable, Codable, Sendable {
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

  /// Reads the file that a collector writes; nil when there is none, or it is no such thing.
  package static func read(_ folder: RouterFolder) -> RouteMetricsSnapshot? {
    let url = URL(filePath: path(folder))
    return (try? Data(contentsOf: url)).flatMap {
      try? JSONDecoder().decode(RouteMetricsSnapshot.self, from: $0)
    }
  }

  /// The file.
  package static func path(_ folder: RouterFolder) -> String { "\(folder.state)/metrics.json" }

  /// The requests of an app; nil when it had none.
  package func requests(of app: AppName) -> AppRequests? { apps.first { $0.app == app } }
}

/// The requests of one app.
package struct AppRequests: Hashable, Codable, Sendable {
  /// The app; nil for those of no app.
  package var app: AppName?
  /// Since counting began.
  package var requests: Int
  /// By class of the status that the client saw, `2xx`.
  package var statuses: [String: Int]
  /// By Heroku's code, `H12`.
  package var codes: [String: Int]
  /// Bytes sent to clients.
  package var bytes: Int
  /// The service times since counting began.
  package var service: SpanPercentiles?
  /// The last 50 to 60 seconds.
  package var minute: RecentRequests
  /// The last 290 to 300 seconds.
  package var fiveMinutes: RecentRequests
  /// When the last one ended; nil when there was none.
  package var last: LoopTime?
}

/// The requests of the last time.
package struct RecentRequests: Hashable, Codable, Sendable {
  /// How many.
  package var requests: Int
  /// How many of them were answered with 500 or above.
  package var serverErrors: Int
  /// How many in a second, on average.
  package var perSecond: Double
  /// How long dynos took; nil without any.
  package var service: SpanPercentiles?
  /// How long requests waited for a dyno; nil without any.
  package var queue: SpanPercentiles?
}

/// Percentiles of spans, within 2 %.
package struct SpanPercentiles: Hashable, Codable, Sendable {
  /// Half took no longer.
  package var p50Milliseconds: Int
  /// 95 in 100 took no longer.
  package var p95Milliseconds: Int
  /// 99 in 100 took no longer.
  package var p99Milliseconds: Int

  /// Nil when nothing was counted.
  init?(_ histogram: ServiceHistogram) {
    guard let p50 = histogram.percentile(0.50), let p95 = histogram.percentile(0.95),
      let p99 = histogram.percentile(0.99)
    else { return nil }
    p50Milliseconds = p50
    p95Milliseconds = p95
    p99Milliseconds = p99
  }
}

/// What became of request lines since counting began.
package struct RequestLosses: Hashable, Codable, Sendable {
  /// Lines that came and were understood.
  package var received = 0
  /// Datagrams that were no request lines: HAProxy also says there what it does.
  package var others = 0
  /// Lines lost, by cause.
  package var lost: [String: Int] = [:]
  /// The processes of HAProxy, newest first.
  package var processes: [RouterProcessCount] = []

  /// Lines lost for a cause.
  package func lost(_ cause: RequestLoss.Cause) -> Int { lost[cause.rawValue] ?? 0 }
}

/// What one process of HAProxy counted, and what came of it.
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

  /// Counters between them without a line: at most so many were lost. Requests that are not
  /// finished and admin connections have such counters, too.
  package var unseen: Int {
    guard let first, let highest else { return 0 }
    return max(0, highest - first + 1 - lines)
  }
}
