// Where the store's blocking calls run: fsync must not stall the two cooperative threads that a
// machine of two cores has.

import Dispatch

/// Runs one job after the other on a queue of its own.
final class BlockingExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// Makes an executor; the label is what debuggers show.
  init(_ label: String) { queue = DispatchQueue(label: label) }

  /// Runs the job on the queue.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
