// The file that a collector writes, so that what it counted is known while none is at work.

import FormationModel
import Foundation
import Glibc

/// The file of metrics in the router's folder.
struct MetricsFile {
  /// Far more than a thousand apps take.
  private static let longest = 16 << 20

  let path: String

  init(_ folder: RouterFolder) { path = "\(folder.state)/metrics.json" }

  /// What a collector wrote; nil when there is none, or it is no such thing.
  func read() -> RequestMetrics? {
    RouterFiles.read(path, limit: Self.longest).flatMap {
      try? JSONDecoder().decode(RequestMetrics.self, from: Data($0))
    }
  }

  /// Replaces the file. Without room for it the old one stays, and its time tells.
  func write(_ metrics: RequestMetrics) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let fresh = path + ".new"
    guard let data = try? encoder.encode(metrics) else { return }
    do throws(EffectFailure) {
      try RouterFiles.write(fresh, data)
      rename(fresh, path)
    } catch {
      unlink(fresh)
    }
  }
}

extension SpanPercentiles {
  /// Nil when nothing was counted.
  init?(_ histogram: ServiceHistogram) {
    guard let p50 = histogram.percentile(0.50), let p95 = histogram.percentile(0.95),
      let p99 = histogram.percentile(0.99)
    else { return nil }
    self.init(p50Milliseconds: p50, p95Milliseconds: p95, p99Milliseconds: p99)
  }
}

extension RequestLosses {
  /// Lines lost for a cause.
  func lost(_ cause: RequestLoss.Cause) -> Int { lost[cause.rawValue] ?? 0 }
}
