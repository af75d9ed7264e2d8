// Time as a value. Only the edge reads a clock.

/// A point in time: milliseconds since 1970-01-01 UTC.
package struct LoopTime: Hashable, Comparable, Codable, Sendable {
  /// Milliseconds since 1970-01-01 UTC.
  package let milliseconds: Int64

  /// Makes a time from milliseconds since 1970-01-01 UTC.
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Encodes as a bare number.
  package init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Encodes as a bare number.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }

  /// Earlier is smaller.
  package static func < (left: LoopTime, right: LoopTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The time that much later.
  package static func + (time: LoopTime, span: Duration) -> LoopTime {
    LoopTime(milliseconds: time.milliseconds + span.inMilliseconds)
  }

  /// The span from the right to the left time; negative when the clock went back.
  package static func - (left: LoopTime, right: LoopTime) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }
}

extension Duration {
  /// Whole milliseconds, rounded towards zero.
  package var inMilliseconds: Int64 {
    Int64(attoseconds / 1_000_000_000_000_000)
  }
}
