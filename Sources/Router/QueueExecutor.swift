// Where blocking calls run: a serial queue that an actor uses in place of the cooperative pool,
// which has only as many threads as the machine has cores.

import Dispatch

/// A serial executor over a dispatch queue.
final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
