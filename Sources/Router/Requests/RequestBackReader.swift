// Reads the request log from its end, a chunk at a time, so that the newest lines cost little
// however much is kept. The writer may go on meanwhile.

import FormationModel
import Glibc

/// Blocks of whole lines, newest first.
struct RequestBackReader: ~Copyable {
  private static let step = 256 << 10

  private let segments: RequestSegments
  /// Numbers of the segments that were not opened yet, oldest first.
  private var numbers: [Int]
  private var file: Int32 = -1
  /// Where in the open segment what was not read yet ends.
  private var rest = 0
  /// The beginning of the block before: the end of a line that begins further up.
  private var tail: [UInt8] = []

  /// Where the newest segment's last whole line ends; nil when there is none.
  private(set) var end: RequestPosition?

  init(_ segments: RequestSegments) throws(EffectFailure) {
    self.segments = segments
    numbers = try segments.numbers()
    // Its lines are nobody's to give out as long as they are older than what follows it.
    end = numbers.last.map { RequestPosition(segment: $0, offset: 0) }
  }

  deinit { if file >= 0 { close(file) } }

  /// The block before the one given last, its lines with their ends; nil when all is read.
  mutating func next() -> ArraySlice<UInt8>? {
    while true {
      if rest == 0, !openNext() { return nil }
      let start = max(0, rest - Self.step)
      let block = RequestSegments.read(file, from: start, count: rest - start) + tail
      rest = start
      guard start > 0 else {
        tail = []
        if block.isEmpty { continue }
        return block[...]
      }
      guard let newline = block.firstIndex(of: UInt8(ascii: "\n")) else {
        // No writer writes such a line: the segment is damaged there.
        tail = block.count > 4 * RequestRecord.longestLine ? [] : block
        continue
      }
      tail = Array(block[...newline])
      if newline + 1 < block.endIndex { return block[(newline + 1)...] }
    }
  }

  /// Goes on to the newest segment that was not read yet, past those that were dropped meanwhile.
  private mutating func openNext() -> Bool {
    while let number = numbers.popLast() {
      let opened = open(segments.path(number), O_RDONLY | O_CLOEXEC)
      guard opened >= 0 else { continue }
      if file >= 0 { close(file) }
      file = opened
      rest = wholeLines()
      if end?.segment == number { end = RequestPosition(segment: number, offset: rest) }
      if rest > 0 { return true }
    }
    return false
  }

  /// Bytes of whole lines in the open segment: its last one may be half written.
  private func wholeLines() -> Int {
    var end = RequestSegments.size(file)
    while end > 0 {
      let start = max(0, end - Self.step)
      let block = RequestSegments.read(file, from: start, count: end - start)
      if let newline = block.lastIndex(of: UInt8(ascii: "\n")) { return start + newline + 1 }
      end = start
    }
    return 0
  }
}

/// A place in the request log, between two lines.
struct RequestPosition: Hashable, Sendable {
  var segment: Int
  var offset: Int
}
