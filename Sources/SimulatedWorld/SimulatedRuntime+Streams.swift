// What a simulated runtime tells as it happens. Nothing wakes a simulated world, so these look
// again every so often.

package import Effects
package import FormationModel

extension SimulatedRuntime {
  private static let lookInterval = Duration.milliseconds(200)

  /// Ids of instances whose phase has changed since the last look; everybody's at the first one.
  package nonisolated func events() -> AsyncStream<InstanceID> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1_000)) { continuation in
      let task = Task {
        var seen: [InstanceID: InstancePhase] = [:]
        while !Task.isCancelled {
          let now = await self.phases()
          let changed = Set(now.keys).union(seen.keys).filter { now[$0] != seen[$0] }
          for id in changed.sorted() { continuation.yield(id) }
          seen = now
          try? await Task.sleep(for: Self.lookInterval)
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Lines that are there, and then new ones.
  package nonisolated func follow(_ query: LogQuery) -> AsyncThrowingStream<[LogLine], any Error> {
    let tail = SimulatedTail(runtime: self, query: query, pause: Self.lookInterval)
    return AsyncThrowingStream(unfolding: { try await tail.next() })
  }

  private func phases() -> [InstanceID: InstancePhase] {
    guard let machine = try? machine() else { return [:] }
    return machine.instances.mapValues(\.phase)
  }
}

/// Looks for lines that were not told yet.
private actor SimulatedTail {
  private let runtime: SimulatedRuntime
  private let pause: Duration
  private var query: LogQuery
  private var told: Set<LogLine> = []
  private var hasBegun = false

  init(runtime: SimulatedRuntime, query: LogQuery, pause: Duration) {
    self.runtime = runtime
    self.query = query
    self.pause = pause
  }

  /// The next batch; empty when nothing came for a moment; nil when the task was cancelled.
  func next() async throws -> [LogLine]? {
    let all = try await runtime.logs(query)
    let lines = all.filter { told.insert($0).inserted }
    // Lines of the same millisecond may still come: only older ones are left behind.
    if let newest = all.last?.at {
      query.since = newest
      told = told.filter { $0.at >= newest }
    }
    query.count = .max
    defer { hasBegun = true }
    if !lines.isEmpty || !hasBegun { return lines }
    do { try await Task.sleep(for: pause) } catch { return nil }
    return []
  }
}
