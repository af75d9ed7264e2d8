// The seam to the router: what sends visitors' requests to web dynos.

package import FormationModel

/// Sends requests to web dynos.
package protocol Routing: Sendable {
  /// What the router does at this moment. A router that does not run has a table without an entry;
  /// one that cannot be asked is unavailable, never an empty table.
  func routing() async -> ObservedRouting

  /// Makes the router run with this table and no other; done means that it listens. What it has
  /// under way is served to its end.
  func open(_ table: RouteTable) async -> Outcome

  /// Makes the router do this for an app, and leaves every other app as it is; nil: nothing any
  /// more. Fails with `after-observing` when the router does not run.
  func route(_ app: AppName, _ routes: AppRoutes?) async -> Outcome

  /// Wakes whoever iterates when the router ended, or a draining server has nothing left to do.
  /// Hints only. Ends when the task that iterates is cancelled.
  func routingEvents() -> AsyncStream<Void>

  /// The newest lines on requests that the query asks for, oldest first, and whoever tells of those
  /// that come. Throws when they are there and cannot be read.
  func requestLines(
    _ query: LogQuery
  ) async throws(EffectFailure) -> (lines: [RequestLine], following: any RequestFollowing)

  /// What is known of the requests; nil when nobody counts them.
  func requests() async -> RequestMetrics?

  /// What the router goes without although it runs: certificates and pages that it cannot use, an
  /// account of requests that it cannot keep.
  func complaints() async -> [EffectFailure]
}

/// A finished request, or requests of which nothing is known, in words.
package struct RequestLine: Hashable, Sendable {
  /// When it ended, or was noted.
  package let at: LoopTime
  /// The app; nil for requests that no app has the host of, and for what may be anyone's.
  package let app: AppName?
  /// The line in Heroku's form, `at=info method=GET …`.
  package let text: String

  /// Makes a line.
  package init(at: LoopTime, app: AppName?, text: String) {
    self.at = at
    self.app = app
    self.text = text
  }
}

/// Tells of requests as they end.
package protocol RequestFollowing: Sendable {
  /// Lines since the last call, oldest first. Does not wait.
  func next() throws(EffectFailure) -> [RequestLine]
}

/// A router that keeps no account of requests.
extension Routing {
  /// None, ever.
  package func requestLines(
    _ query: LogQuery
  ) async throws(EffectFailure) -> (lines: [RequestLine], following: any RequestFollowing) {
    ([], NoRequests())
  }

  /// Nobody counts them.
  package func requests() async -> RequestMetrics? { nil }

  /// None.
  package func complaints() async -> [EffectFailure] { [] }
}

private struct NoRequests: RequestFollowing {
  func next() -> [RequestLine] { [] }
}

/// No router: dynos are started and stopped without one.
package struct NoRouting: Routing {
  /// Makes none.
  package init() {}

  /// None.
  package func routing() -> ObservedRouting { .none }

  /// Fails: there is nothing to open.
  package func open(_ table: RouteTable) -> Outcome { .failed(Self.failure) }

  /// Fails likewise.
  package func route(_ app: AppName, _ routes: AppRoutes?) -> Outcome { .failed(Self.failure) }

  /// Never anything.
  package func routingEvents() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

  private static let failure = EffectFailure(
    "no-router", "there is no router here", retry: .afterObserving)
}
