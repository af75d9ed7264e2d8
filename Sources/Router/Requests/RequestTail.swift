// Following as a stream: what is kept, then what comes. Whoever iterates sets the pace.

import Dispatch
import Effects
import FormationModel

/// Hands out batches of entries, one at a time.
actor RequestTail {
  private static let pause = Duration.milliseconds(200)
  /// Reading blocks, and the cooperative threads are few.
  private static let queue = DispatchQueue(label: "muster.request-log", attributes: .concurrent)

  private let log: RequestLog
  private let query: LogQuery
  private var follower: RequestFollower?

  init(_ log: RequestLog, _ query: LogQuery) {
    self.log = log
    self.query = query
  }

  /// The next batch; an empty one when nothing came for a moment; nil when the task was cancelled.
  func next() async throws -> [RequestEntry]? {
    guard let follower else { return try await begin() }
    let entries = try await Self.blocking { () throws(EffectFailure) in try follower.next() }
    if !entries.isEmpty { return entries }
    do { try await Task.sleep(for: Self.pause) } catch { return nil }
    return []
  }

  private func begin() async throws -> [RequestEntry] {
    let (log, query) = (log, query)
    let start = try await Self.blocking { () throws(EffectFailure) in try log.following(query) }
    follower = start.follower
    return start.entries
  }

  private static func blocking<Value: Sendable>(
    _ work: @escaping @Sendable () throws(EffectFailure) -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }
}
