// Hints as they come, so that a test can wait for one with a deadline.

import FormationModel
import Synchronization

/// Listens from its making until it is let go.
final class HintLog: Sendable {
  private let counts: Counts
  private let task: Task<Void, Never>

  /// Outlives the log for as long as the task does.
  private final class Counts: Sendable {
    let all = Mutex<[InstanceID: Int]>([:])
  }

  init(_ events: AsyncStream<InstanceID>) {
    let counts = Counts()
    self.counts = counts
    task = Task {
      for await id in events { counts.all.withLock { $0[id, default: 0] += 1 } }
    }
  }

  deinit { task.cancel() }

  /// How many hints of an instance have come.
  func count(_ id: InstanceID) -> Int { counts.all.withLock { $0[id] ?? 0 } }
}
