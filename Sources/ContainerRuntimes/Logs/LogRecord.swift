// The format that conmon writes: `TIME STREAM P|F TEXT`, one record a line.

import FormationModel

/// One record: a line, or a piece of one.
struct LogRecord {
  /// Bytes after which a line without an end is taken as it is.
  static let longestLine = 1 << 20

  /// When it was written.
  let at: LoopTime
  /// Whether it was written to standard error.
  let isError: Bool
  /// Whether the line goes on in the stream's next record.
  let isPartial: Bool
  /// The text.
  let text: ArraySlice<UInt8>

  /// Reads a record without its line end; nil when it is none.
  init?(_ bytes: ArraySlice<UInt8>) {
    let fields = bytes.split(
      separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
    guard fields.count == 4, let at = LoopTime(rfc3339: fields[0]) else { return nil }
    self.at = at
    isError = fields[1].elementsEqual("stderr".utf8)
    isPartial = fields[2].elementsEqual("P".utf8)
    text = fields[3]
  }
}
