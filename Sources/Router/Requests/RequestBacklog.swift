// Lines between the thread that takes them from the socket and the one that writes them: bounded,
// so that a slow disk costs lines, which are counted, and never memory or HAProxy's time.

import FormationModel
import Synchronization

/// Lines that wait.
final class RequestBacklog: Sendable {
  /// What was waiting.
  struct Batch: Sendable {
    /// Lines in the form of the log.
    var bytes: [UInt8] = []
    /// Datagrams that were no lines.
    var others = 0
    /// Lines for which there was no room, and since when.
    var refused = 0
    var refusedSince: LoopTime?

    var isEmpty: Bool { bytes.isEmpty && others == 0 && refused == 0 }
  }

  private let limit: Int
  private let batch = Mutex(Batch())

  /// Makes a backlog of so many bytes.
  init(bytes limit: Int) { self.limit = limit }

  /// Adds a datagram; whether it is the first one since the last `take`.
  func add(_ datagram: ArraySlice<UInt8>, at now: LoopTime) -> Bool {
    var line = datagram
    // HAProxy ends its lines; an end of our own follows.
    while let last = line.last, last < 0x20 && last != UInt8(ascii: "\t") { line.removeLast() }
    let isLine = !line.isEmpty && line.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\t") }
    return batch.withLock { batch in
      let isFirst = batch.isEmpty
      if !isLine {
        batch.others += 1
      } else if batch.bytes.count + line.count > limit {
        batch.refused += 1
        batch.refusedSince = batch.refusedSince ?? now
      } else {
        Self.append(now, to: &batch.bytes)
        batch.bytes.append(UInt8(ascii: "\t"))
        batch.bytes += line
        batch.bytes.append(UInt8(ascii: "\n"))
      }
      return isFirst
    }
  }

  /// Takes everything that waits.
  func take() -> Batch {
    batch.withLock { batch in
      let taken = batch
      batch = Batch()
      return taken
    }
  }

  private static func append(_ time: LoopTime, to bytes: inout [UInt8]) {
    bytes += "\(max(0, time.milliseconds))".utf8
  }
}
