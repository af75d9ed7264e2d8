// The bytes of one file, by line. Owns what is true of any text file that Muster reads; knows
// neither YAML nor JSON.

/// A file's bytes and where to find a line in them.
struct SourceText {
  /// The bytes as they came.
  let bytes: [UInt8]
  /// Where the text starts: after a byte-order mark.
  let start: Int

  /// Wraps bytes; a UTF-8 byte-order mark is no part of the text.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Returns the bytes of a line without its break; empty for a line that does not exist. Walks the
  /// file, so it is for problems only.
  func lineBytes(_ line: Int) -> ArraySlice<UInt8> {
    var number = 1
    var from = start
    while number < line, let end = lineEnd(from) {
      from = end.next
      number += 1
    }
    guard number == line else { return [] }
    return bytes[from..<(lineEnd(from)?.end ?? bytes.count)]
  }

  /// Returns a line as text, without its break.
  func line(_ line: Int) -> String {
    String(decoding: lineBytes(line), as: UTF8.self)
  }

  /// Returns the place of a byte. Walks the file, so it is for problems only.
  func mark(at offset: Int) -> TextMark {
    var line = 1
    var from = start
    while let end = lineEnd(from), end.next <= offset {
      from = end.next
      line += 1
    }
    let column = bytes[from..<max(from, min(offset, bytes.count))].count { $0 & 0xC0 != 0x80 }
    return TextMark(line: line, column: column + 1)
  }

  /// Where the line that starts at a byte ends, and where the next one starts; nil for the last.
  private func lineEnd(_ from: Int) -> (end: Int, next: Int)? {
    guard from < bytes.count,
      let end = bytes[from...].firstIndex(where: { $0 == .newline || $0 == .carriageReturn })
    else { return nil }
    let isPair =
      bytes[end] == .carriageReturn && end + 1 < bytes.count && bytes[end + 1] == .newline
    return (end, end + (isPair ? 2 : 1))
  }
}

/// Finds the bytes of characters whose indices only grow, in one walk over the text.
struct CharacterCursor {
  private var index = 0
  private var offset: Int

  /// Starts at the beginning of a text.
  init(_ source: SourceText) { offset = source.start }

  /// Returns the offset of the first byte of a character, or the end of the text.
  mutating func offset(ofCharacter wanted: Int, in source: SourceText) -> Int {
    while offset < source.bytes.count {
      if source.bytes[offset] & 0xC0 != 0x80 {
        if index >= wanted { break }
        index += 1
      }
      offset += 1
    }
    return offset
  }
}

extension String {
  /// The text as a message quotes it: on one line, 60 characters at most.
  var excerpt: String {
    let line = String(prefix(60).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return utf8.count > line.utf8.count ? line + "…" : line
  }
}

extension UInt8 {
  static let tab = UInt8(ascii: "\t")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let apostrophe = UInt8(ascii: "'")
  static let backslash = UInt8(ascii: "\\")
  static let colon = UInt8(ascii: ":")
  static let comma = UInt8(ascii: ",")
  static let hash = UInt8(ascii: "#")
  static let minus = UInt8(ascii: "-")
}
