// Puts records together to lines as they come: pieces of a long line (P) become one.

import Effects
import FormationModel

/// Turns bytes of a log file into lines.
struct LogLineParser {
  private let instance: InstanceID
  private var rest: [UInt8] = []
  private var pieces: [Bool: (at: LoopTime, text: [UInt8])] = [:]

  init(_ instance: InstanceID) { self.instance = instance }

  /// The lines that end within these bytes, which follow those given before.
  mutating func lines(_ bytes: some Sequence<UInt8>) -> [LogLine] {
    rest.append(contentsOf: bytes)
    var lines: [LogLine] = []
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
      if let line = line(rest[start..<end]) { lines.append(line) }
      start = end + 1
    }
    rest.removeSubrange(..<start)
    // No monitor writes such a record: the file is damaged there.
    if rest.count > 2 * LogRecord.longestLine { rest = [] }
    return lines
  }

  /// Lines whose end was not written yet, given up on.
  mutating func unfinished() -> [LogLine] {
    defer { pieces = [:] }
    return [false, true].compactMap { isError in
      pieces[isError].map { finished($0.at, isError, $0.text) }
    }
  }

  private mutating func line(_ bytes: ArraySlice<UInt8>) -> LogLine? {
    guard let record = LogRecord(bytes) else { return nil }
    let before = pieces.removeValue(forKey: record.isError)
    let at = before?.at ?? record.at
    let text = (before?.text ?? []) + record.text
    if record.isPartial, text.count < LogRecord.longestLine {
      pieces[record.isError] = (at, text)
      return nil
    }
    return finished(at, record.isError, text)
  }

  private func finished(_ at: LoopTime, _ isError: Bool, _ text: [UInt8]) -> LogLine {
    LogLine(
      at: at, instance: instance, isError: isError, text: String(decoding: text, as: UTF8.self))
  }
}

extension LoopTime {
  /// Reads `2026-11-22T03:04:11.123456789+01:00`; nil when it is none.
  init?(rfc3339 text: ArraySlice<UInt8>) {
    let bytes = Array(text)
    func number(_ start: Int, _ count: Int) -> Int64? {
      guard start + count <= bytes.count else { return nil }
      return bytes[start..<start + count].reduce(Int64?(0)) { sum, byte in
        guard let sum, byte.isDigit else { return nil }
        return sum * 10 + Int64(byte - UInt8(ascii: "0"))
      }
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var next = 19
    var milliseconds: Int64 = 0
    if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
      milliseconds = number(next + 1, 3) ?? 0
      next += 1
      while next < bytes.count, bytes[next].isDigit { next += 1 }
    }
    var offset: Int64 = 0
    if next < bytes.count, bytes[next] != UInt8(ascii: "Z") {
      guard let hours = number(next + 1, 2), let minutes = number(next + 4, 2) else { return nil }
      offset = (hours * 60 + minutes) * (bytes[next] == UInt8(ascii: "-") ? -1 : 1)
    }
    // Days since 1970-01-01 of the proleptic Gregorian calendar, years beginning in March.
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    let minutes = days * 1440 + hour * 60 + minute - offset
    self.init(milliseconds: minutes * 60_000 + second * 1000 + milliseconds)
  }
}
