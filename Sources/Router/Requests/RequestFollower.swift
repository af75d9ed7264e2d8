// Follows the request log across segments, each line once. What was dropped before it could be read
// is said.

import Effects
import FormationModel
import Glibc
import Synchronization

/// New entries since the last look.
final class RequestFollower: Sendable {
  /// Bytes that one look reads: what is behind is read by the next ones.
  private static let step = 1 << 20

  private struct Place: ~Copyable {
    var file: Int32 = -1
    var position: RequestPosition?
    /// When the last entry ended that was given.
    var last: LoopTime?

    deinit { if file >= 0 { close(file) } }

    mutating func go(to next: RequestPosition, in segments: RequestSegments) -> Bool {
      let opened = open(segments.path(next.segment), O_RDONLY | O_CLOEXEC)
      guard opened >= 0 else { return false }
      if file >= 0 { close(file) }
      file = opened
      position = next
      return true
    }
  }

  private let segments: RequestSegments
  private let query: LogQuery
  private let place: Mutex<Place>

  /// Follows from a position on; nil: from the beginning of what comes.
  init(_ segments: RequestSegments, _ query: LogQuery, from position: RequestPosition?) {
    self.segments = segments
    self.query = query
    place = Mutex(Place())
    place.withLock { place in
      // Open from the start, so that a segment that is dropped meanwhile is read to its end.
      if let position, !place.go(to: position, in: segments) { place.position = position }
    }
  }

  /// Entries that came since the last call, in the order in which they were written. Does not wait.
  /// Throws when the folder is there and cannot be read.
  func entries() throws(EffectFailure) -> [RequestEntry] {
    let outcome = place.withLock { place in
      Result { () throws(EffectFailure) in try advance(&place) }
    }
    return try outcome.get()
  }

  private func advance(_ place: inout Place) throws(EffectFailure) -> [RequestEntry] {
    var entries: [RequestEntry] = []
    var budget = Self.step
    while budget > 0 {
      // Listed before reading: a segment that has a successor gets nothing any more.
      let numbers = try segments.numbers()
      if place.file >= 0 {
        let isDrained = read(&place, &budget, into: &entries)
        guard isDrained else { break }
      }
      guard let next = Self.successor(of: place, among: numbers) else { break }
      let before = place.position?.segment
      let offset = before == next ? place.position?.offset ?? 0 : 0
      guard place.go(to: RequestPosition(segment: next, offset: offset), in: segments) else {
        break
      }
      if let before, next > before + 1 { entries.append(gap(since: place.last)) }
    }
    return entries
  }

  /// The segment to go on with; nil when there is none yet. Numbers that began again are those of a
  /// new log: somebody removed the old one.
  private static func successor(of place: borrowing Place, among numbers: [Int]) -> Int? {
    guard let segment = place.position?.segment, let newest = numbers.last, newest >= segment else {
      return numbers.first
    }
    // One that could not be opened is tried again.
    return numbers.first { $0 > segment || place.file < 0 && $0 == segment }
  }

  /// Reads whole lines within the budget; whether there are no more yet.
  private func read(
    _ place: inout Place, _ budget: inout Int, into entries: inout [RequestEntry]
  ) -> Bool {
    guard let position = place.position else { return true }
    let bytes = RequestSegments.read(place.file, from: position.offset, count: budget)
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    for line in bytes.wholeLines {
      guard let entry = RequestEntry(stored: line) else { continue }
      place.last = entry.at
      if query.covers(entry) { entries.append(entry) }
    }
    // A damaged segment may have no line ends: it is passed over.
    let isDamaged = whole == 0 && bytes.count == Self.step
    place.position?.offset += isDamaged ? bytes.count : whole
    let isDrained = bytes.count < budget
    budget -= bytes.count
    return isDrained
  }

  private func gap(since last: LoopTime?) -> RequestEntry {
    let now = RequestClock.now
    return .loss(RequestLoss(.reader, count: 0, from: last ?? now, at: now))
  }
}
