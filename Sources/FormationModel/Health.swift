// Whether a dyno works, as far as the loop knows at this moment.

/// One answer of a health check.
package enum ProbeResult: Hashable, Codable, Sendable {
  /// The port is bound and, where a path is given, it answered 2xx or 3xx.
  case healthy
  /// Nothing listens on the port.
  case notListening
  /// Something listens on the port, but on 127.0.0.1 only: no router can reach it.
  case loopbackOnly
  /// The path answered with another status.
  case status(Int)
  /// No answer within the timeout.
  case timedOut
  /// The check itself could not be made.
  case failed(reason: String)
}

/// What the loop knows of one instance's health. After a restart of Muster it knows nothing, which
/// stops nothing and gates everything.
package struct HealthRecord: Hashable, Codable, Sendable {
  /// Good answers in a row.
  package var successes: Int
  /// Bad answers in a row.
  package var failures: Int
  /// The last answer; nil before the first.
  package var last: ProbeResult?
  /// When the last answer came.
  package var checkedAt: LoopTime?
  /// Whether it was ever healthy.
  package var hasBeenHealthy: Bool
  /// When the first of the bad answers in a row came; nil after a good one.
  package var failingSince: LoopTime?

  /// Bad answers in a row that are a verdict: one lost packet must neither stop a dyno nor take it
  /// out of the router.
  package static let failuresBeforeVerdict = 3

  /// Whether there were as many bad answers as make a verdict.
  package var isFailing: Bool { failures >= Self.failuresBeforeVerdict }

  /// Makes a record that knows nothing.
  package init() {
    successes = 0
    failures = 0
    last = nil
    checkedAt = nil
    hasBeenHealthy = false
  }
}
