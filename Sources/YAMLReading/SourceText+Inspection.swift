// What no text file may hold, found before it is parsed: invalid UTF-8, control characters, and
// characters that make a text read otherwise than it looks (CVE-2021-42574).

extension SourceText {
  /// The languages that are inspected; they differ in the words alone.
  enum Language: String {
    case yaml = "YAML"
    case json = "JSON"
  }

  /// Throws the first reason not to parse this text at all.
  func inspect(budget: ReadingBudget, language: Language) throws(ReadingProblem) {
    guard bytes.count <= budget.bytes else {
      throw ReadingProblem(
        "too-large", "the file has \(bytes.count) bytes; at most \(budget.bytes) are read",
        at: TextMark(line: 1, column: 1))
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw ReadingProblem(
        "encoding", "the file is UTF-16; \(language.rawValue) files are read as UTF-8",
        at: TextMark(line: 1, column: 1), fix: "save it as UTF-8")
    }
    let fault = bytes.withUnsafeBufferPointer {
      TextFault.first(in: $0, from: start, language: language)
    }
    if let fault { throw fault.problem(at: mark(at: fault.offset)) }
  }
}

/// A character that a text file may not hold.
package struct TextFault {
  /// Where its first byte is.
  package let offset: Int
  /// The character; nil when the bytes are none.
  package let character: Unicode.Scalar?

  /// Returns the first fault of a text in UTF-8; nil when it has none.
  package static func first(in text: ArraySlice<UInt8>) -> TextFault? {
    text.withUnsafeBufferPointer { first(in: $0, from: 0, language: .json) }
  }

  /// A stable code: `invalid-utf8` or `control-character`.
  package var code: String { character == nil ? "invalid-utf8" : "control-character" }
  /// What is wrong, in one line.
  package var message: String {
    character.map { "\(Self.name(of: $0)) is not allowed here" }
      ?? "the bytes here are not valid UTF-8"
  }
  /// What to do.
  package var fix: String { character == nil ? "save the file as UTF-8" : "delete it" }

  /// Returns the first fault from an offset on; nil when there is none.
  static func first(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int, language: SourceText.Language
  ) -> TextFault? {
    var offset = start
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte < 0x80 {
        if byte < 0x20 ? byte != .newline && byte != .tab && byte != .carriageReturn : byte == 0x7F
        {
          return TextFault(offset: offset, character: Unicode.Scalar(byte))
        }
        offset += 1
        continue
      }
      guard let (character, length) = decode(bytes, at: offset) else {
        return TextFault(offset: offset, character: nil)
      }
      if isRefused(character) || (language == .yaml && isLineBreak(character)) {
        return TextFault(offset: offset, character: character)
      }
      offset += length
    }
    return nil
  }

  /// Whether a character has no place in a manifest, written plainly or as an escape.
  static func isRefused(_ character: Unicode.Scalar) -> Bool {
    switch character.value {
    case 0x09, 0x0A, 0x0D: false
    case 0x00...0x1F, 0x7F...0x9F: true
    case 0x202A...0x202E, 0x2066...0x2069: true
    case 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  /// Whether a character breaks a line for libyaml alone, and not for editors.
  private static func isLineBreak(_ character: Unicode.Scalar) -> Bool {
    character == "\u{2028}" || character == "\u{2029}"
  }

  /// The problem, in words.
  func problem(at mark: TextMark) -> ReadingProblem {
    ReadingProblem(code, message, at: mark, fix: fix)
  }

  /// What a refused character is called: `the control character U+001B`.
  static func name(of character: Unicode.Scalar) -> String {
    let digits = String(character.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return switch character.value {
    case 0x00...0x1F, 0x7F...0x9F: "the control character \(code)"
    case 0x2028, 0x2029: "the invisible line break \(code)"
    case 0xFEFF: "a byte-order mark (\(code)) inside the text"
    case 0xFFFE, 0xFFFF: "\(code), which is no character,"
    default: "the invisible character \(code), which changes the direction of the text,"
    }
  }

  /// The character at an offset and its length in bytes; nil when the bytes are not valid UTF-8.
  private static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int
  ) -> (Unicode.Scalar, Int)? {
    let lead = bytes[offset]
    let (length, bits, least): (Int, UInt8, UInt32) =
      switch lead {
      case 0xC2...0xDF: (2, lead & 0x1F, 0x80)
      case 0xE0...0xEF: (3, lead & 0x0F, 0x800)
      case 0xF0...0xF4: (4, lead & 0x07, 0x10000)
      default: (0, 0, 0)
      }
    guard length > 0, offset + length <= bytes.count else { return nil }
    var value = UInt32(bits)
    for index in offset + 1..<offset + length {
      guard bytes[index] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(bytes[index] & 0x3F)
    }
    guard value >= least, let character = Unicode.Scalar(value) else { return nil }
    return (character, length)
  }
}
