// Walks the bytes of a JSON text, and reads its smallest parts: blanks, strings, words.

/// A place in a JSON text. The bytes were checked before: valid UTF-8 without control characters.
struct JSONCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var offset: Int
  private var line = 1
  private var lineStart: Int
  /// Bytes of this line that continue a character: columns count characters.
  private var continuations = 0

  /// Starts at an offset.
  init(_ bytes: UnsafeBufferPointer<UInt8>, from offset: Int) {
    self.bytes = bytes
    self.offset = offset
    lineStart = offset
  }

  var isAtEnd: Bool { offset >= bytes.count }
  /// The byte here; nil at the end.
  var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }
  /// This place.
  var mark: TextMark {
    TextMark(line: line, column: offset - lineStart - continuations + 1)
  }

  /// The byte some bytes further on; nil beyond the end.
  func byte(after distance: Int) -> UInt8? {
    offset + distance < bytes.count ? bytes[offset + distance] : nil
  }

  /// Goes on by one byte.
  mutating func advance() {
    guard offset < bytes.count else { return }
    let byte = bytes[offset]
    offset += 1
    if byte == .newline || (byte == .carriageReturn && self.byte != .newline) {
      line += 1
      lineStart = offset
      continuations = 0
    } else if byte & 0xC0 == 0x80 {
      continuations += 1
    }
  }

  /// A syntax problem at this place.
  func problem(_ message: String, fix: String? = nil) -> ReadingProblem {
    ReadingProblem("syntax", message, at: mark, fix: fix)
  }

  /// Skips spaces, tabs and line breaks.
  mutating func skipBlanks() throws(ReadingProblem) {
    while let byte {
      switch byte {
      case .space, .tab, .newline, .carriageReturn: advance()
      case UInt8(ascii: "/"), .hash:
        throw problem("JSON has no comments", fix: "delete the comment")
      default: return
      }
    }
  }

  /// Reads a string with its quotes. Returns its text after unescaping.
  mutating func string() throws(ReadingProblem) -> String {
    let start = mark
    advance()
    var from = offset
    var text: [UInt8] = []
    while let byte {
      switch byte {
      case .quote:
        let rest = UnsafeBufferPointer(rebasing: bytes[from..<offset])
        advance()
        if text.isEmpty { return String(decoding: rest, as: UTF8.self) }
        text.append(contentsOf: rest)
        return String(decoding: text, as: UTF8.self)
      case .backslash:
        text.append(contentsOf: bytes[from..<offset])
        text.append(contentsOf: UTF8.encode(try escape()).map { Array($0) } ?? [])
        from = offset
      case .newline, .carriageReturn:
        throw ReadingProblem(
          "syntax", "the string that opens here is not closed on its line", at: start,
          fix: "close it, and write a line break as `\\n`")
      case .tab: throw problem("a tab inside a string", fix: "write it as `\\t`")
      default: advance()
      }
    }
    throw ReadingProblem("syntax", "the string that opens here is never closed", at: start)
  }

  /// Reads an escape from its backslash on.
  private mutating func escape() throws(ReadingProblem) -> Unicode.Scalar {
    let start = mark
    advance()
    let sign = byte
    advance()
    switch sign {
    case .quote, .backslash, UInt8(ascii: "/"): return Unicode.Scalar(sign ?? .quote)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"), UInt8(ascii: "f"):
      throw controlCharacter(sign == UInt8(ascii: "b") ? "\u{8}" : "\u{C}", at: start)
    case UInt8(ascii: "u"):
      let character = try unicodeEscape(at: start)
      if TextFault.isRefused(character) { throw controlCharacter(character, at: start) }
      return character
    default:
      throw ReadingProblem(
        "syntax", "this escape is unknown", at: start, fix: "write a backslash as `\\\\`")
    }
  }

  private func controlCharacter(
    _ character: Unicode.Scalar, at mark: TextMark
  ) -> ReadingProblem {
    ReadingProblem(
      "control-character", "\(TextFault.name(of: character)) is not allowed, escaped either",
      at: mark, fix: "leave it out")
  }

  /// Reads four digits, or a surrogate pair, after `\u`.
  private mutating func unicodeEscape(at start: TextMark) throws(ReadingProblem) -> Unicode.Scalar {
    let first = try digits(at: start)
    if let character = Unicode.Scalar(first) { return character }
    if first < 0xDC00, byte == .backslash, byte(after: 1) == UInt8(ascii: "u") {
      advance()
      advance()
      let second = try digits(at: start)
      if (0xDC00...0xDFFF).contains(second),
        let character = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return character
      }
    }
    throw ReadingProblem(
      "syntax", "half of a surrogate pair, which is no character", at: start,
      fix: "write the character itself")
  }

  private mutating func digits(at start: TextMark) throws(ReadingProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = byte.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw ReadingProblem("syntax", "`\\u` takes four hexadecimal digits", at: start)
      }
      value = value << 4 | UInt32(digit)
      advance()
    }
    return value
  }
}
