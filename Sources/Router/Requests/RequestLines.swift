// Lines out of what is read from the pipe, which ends where it likes.

/// What was read and is not a whole line yet.
struct RequestLines: ~Copyable {
  /// As much as is read at once.
  private static let step = 256 << 10

  private var buffer = [UInt8](repeating: 0, count: Self.step)
  /// What was read and not given out.
  private var bytes: [UInt8] = []
  /// Where in it the next line begins.
  private var start = 0

  /// Reads some; false when there was nothing.
  mutating func read(_ pipe: RequestPipe) -> Bool {
    let count = pipe.read(into: &buffer)
    bytes.removeFirst(start)
    start = 0
    bytes += buffer[..<count]
    return count > 0
  }

  /// The next line without its end; nil when none is whole. Empty ones are passed over: a wake is
  /// one. What is longer than any line of HAProxy's comes as it is.
  mutating func next() -> ArraySlice<UInt8>? {
    while start < bytes.count {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
        guard bytes.count - start > RequestRecord.longestLine else { return nil }
        defer { start = bytes.count }
        return bytes[start...]
      }
      defer { start = end + 1 }
      if end > start { return bytes[start..<end] }
    }
    return nil
  }
}
