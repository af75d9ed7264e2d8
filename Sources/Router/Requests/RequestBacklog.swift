// Lines between the thread that takes them from the pipe and the one that writes them: bounded,
// so that a slow disk costs lines, which are counted, and never memory or HAProxy's time.

import FormationModel
import Synchronization

/// Lines that wait.
final class RequestBacklog: Sendable {
  /// What was waiting.
  struct Batch: Sendable {
    /// Lines in the form of the log.
    var bytes: [UInt8] = []
    /// Lines that were none of HAProxy's.
    var others = 0
    /// Lines for which there was no room, and since when.
    var refused = 0
    var refusedSince: LoopTime?
    /// When the last line ended.
    fileprivate var latest = LoopTime(milliseconds: 0)

    var isEmpty: Bool { bytes.isEmpty && others == 0 && refused == 0 }
  }

  private let limit: Int
  private let batch = Mutex(Batch())

  /// Makes a backlog of so many bytes.
  init(bytes limit: Int) { self.limit = limit }

  /// Adds a line without its end; whether it is the first one since the last `take`.
  func add(_ line: ArraySlice<UInt8>, at now: LoopTime) -> Bool {
    let isLine = !line.isEmpty && line.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\t") }
    // One that waited for Muster in the pipe ended long ago.
    let ended = min(now, RequestRecord.end(line) ?? now)
    return batch.withLock { batch in
      let isFirst = batch.isEmpty
      if !isLine {
        batch.others += 1
      } else if batch.bytes.count + line.count > limit {
        batch.refused += 1
        batch.refusedSince = batch.refusedSince ?? now
      } else {
        // Times in the log go back when the machine's clock does, and never else.
        batch.latest = min(now, max(batch.latest, ended))
        Self.append(batch.latest, to: &batch.bytes)
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
      batch.latest = taken.latest
      return taken
    }
  }

  private static func append(_ time: LoopTime, to bytes: inout [UInt8]) {
    bytes += "\(max(0, time.milliseconds))".utf8
  }
}
