// Puts the records of one instance together to lines, newest first: the same lines as reading
// forward gives.

import Effects
import FormationModel

/// The lines of one instance, newest first.
struct LogBackLines {
  /// A line whose beginning may still be older than what was read.
  private struct Open {
    var pieces: [ArraySlice<UInt8>]
    var bytes: Int
    var at: LoopTime
    let isError: Bool
    /// Bytes that had been read when its newest piece came: lines are given in this order.
    let order: Int
    /// Bytes that had been read behind its oldest piece.
    var reach: Int
  }

  /// Pieces of a line that are further apart are taken for two lines; else a stream that is silent
  /// for ever would be looked through to its beginning.
  private static let widestGap = 128 << 10

  let instance: InstanceID
  private(set) var reader: LogBackReader
  private var open: [Open?] = [nil, nil]
  private var ready: [Open] = []

  init(_ instance: InstanceID, _ reader: LogBackReader) {
    self.instance = instance
    self.reader = reader
  }

  /// The next older line; nil when there is none.
  mutating func next() -> LogLine? {
    while true {
      if let index = ready.indices.min(by: { ready[$0].order < ready[$1].order }),
        !open.contains(where: { ($0?.order ?? .max) < ready[index].order })
      {
        return line(ready.remove(at: index))
      }
      let before = reader.consumed
      guard let bytes = reader.next() else {
        for stream in open.indices { settle(stream) }
        if ready.isEmpty { return nil }
        continue
      }
      if let record = LogRecord(bytes) { take(record, before: before) }
    }
  }

  private mutating func take(_ record: LogRecord, before: Int) {
    let stream = record.isError ? 1 : 0
    for other in open.indices {
      guard let line = open[other] else { continue }
      if before - line.reach > LogBackLines.widestGap { settle(other) }
    }
    if var line = open[stream], record.isPartial,
      line.bytes + record.text.count <= LogRecord.longestLine
    {
      line.pieces.append(record.text)
      line.bytes += record.text.count
      line.at = record.at
      line.reach = reader.consumed
      open[stream] = line
      return
    }
    settle(stream)
    open[stream] = Open(
      pieces: [record.text], bytes: record.text.count, at: record.at, isError: record.isError,
      order: reader.consumed, reach: reader.consumed)
  }

  private mutating func settle(_ stream: Int) {
    if let line = open[stream] { ready.append(line) }
    open[stream] = nil
  }

  private func line(_ open: Open) -> LogLine {
    LogLine(
      at: open.at, instance: instance, isError: open.isError,
      text: String(decoding: open.pieces.reversed().joined(), as: UTF8.self))
  }
}
