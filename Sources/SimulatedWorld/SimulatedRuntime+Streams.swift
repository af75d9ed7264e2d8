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
  package nonisolated func follow(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    AsyncThrowingStream(bufferingPolicy: .bufferingNewest(10_000)) { continuation in
      let task = Task {
        do {
          var told: Set<LogLine> = []
          var next = query
          while !Task.isCancelled {
            let lines = try await self.logs(next)
            for line in lines where told.insert(line).inserted { continuation.yield(line) }
            // Lines of the same millisecond may still come: only older ones are left behind.
            if let newest = lines.last?.at {
              next.since = newest
              told = told.filter { $0.at >= newest }
            }
            next.count = .max
            try await Task.sleep(for: Self.lookInterval)
          }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func phases() -> [InstanceID: InstancePhase] {
    guard let machine = try? machine() else { return [:] }
    return machine.instances.mapValues(\.phase)
  }
}
