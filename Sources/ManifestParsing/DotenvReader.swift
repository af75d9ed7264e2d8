// Reads lines of NAME=value. What programs that read .env files take in different ways is refused:
// a wrong secret is worse than an error.

/// Walks the bytes of such a file; they are valid UTF-8.
struct DotenvReader {
  /// Why a line cannot be taken.
  struct Fault: Error {
    let message: String
    let fix: String?
  }

  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads all of it; `take` gets the line on which an entry begins, its name, and its value.
  mutating func read(_ take: (Int, String, Result<String, Fault>) -> Void) {
    while skipToEntry() {
      let start = line
      do throws(Fault) {
        let name = try name()
        take(start, name, .success(try value()))
      } catch {
        take(start, "", .failure(error))
        skipLine()
      }
    }
  }

  /// Skips empty lines and comments; false at the end of the file.
  private mutating func skipToEntry() -> Bool {
    while let byte = here {
      if byte == UInt8(ascii: "#") {
        skipLine()
      } else if byte.isBlank || byte == .carriageReturn || byte == .newline {
        advance()
      } else {
        return true
      }
    }
    return false
  }

  /// Reads `NAME=`, with an `export` before it or not.
  private mutating func name() throws(Fault) -> String {
    let export = Array("export".utf8)
    if bytes[offset...].starts(with: export), offset + 6 < bytes.count, bytes[offset + 6].isBlank {
      offset += 6
      while here?.isBlank == true { advance() }
    }
    let start = offset
    while let byte = here, byte != UInt8(ascii: "="), byte != .newline { advance() }
    guard here == UInt8(ascii: "=") else {
      throw Fault(message: "there is no `=`", fix: "write NAME=value")
    }
    let name = String(decoding: bytes[start..<offset], as: UTF8.self)
    advance()
    return name
  }

  private mutating func value() throws(Fault) -> String {
    switch here {
    case UInt8(ascii: "'"): return try quoted(by: UInt8(ascii: "'"))
    case UInt8(ascii: "\""): return try quoted(by: UInt8(ascii: "\""))
    default: return try bare()
    }
  }

  /// A value without quotes: to the end of the line, as it is.
  private mutating func bare() throws(Fault) -> String {
    let start = offset
    while here.map({ $0 != .newline }) ?? false { advance() }
    var text = bytes[start..<offset]
    while let last = text.last, last.isBlank || last == .carriageReturn { text.removeLast() }
    let doubtful = Array(" \t\"'`#\r".utf8)
    guard !text.contains(where: doubtful.contains) else {
      throw Fault(
        message: "a value with blanks, quotes or `#` has no quotes around it",
        fix: "put it in single quotes")
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A value in quotes, over several lines if it must be. Heroku writes a backslash inside of
  /// single quotes as two.
  private mutating func quoted(by quote: UInt8) throws(Fault) -> String {
    advance()
    var text: [UInt8] = []
    while let byte = here {
      advance()
      if byte == quote {
        try endOfLine()
        return String(decoding: text, as: UTF8.self)
      }
      guard byte == UInt8(ascii: "\\"), let next = here, let meant = Self.meant(next, quote) else {
        text.append(byte)
        continue
      }
      text.append(meant)
      advance()
    }
    throw Fault(message: "the quote that opens here is never closed", fix: "close it")
  }

  /// What a backslash and this byte stand for; nil when the backslash stands for itself.
  private static func meant(_ byte: UInt8, _ quote: UInt8) -> UInt8? {
    if byte == UInt8(ascii: "\\") { return byte }
    if quote == UInt8(ascii: "'") { return nil }
    if byte == UInt8(ascii: "n") { return .newline }
    return "\"$`!".utf8.contains(byte) ? byte : nil
  }

  /// After a closing quote: nothing but blanks and a comment.
  private mutating func endOfLine() throws(Fault) {
    while let byte = here, byte != .newline {
      if byte == UInt8(ascii: "#") { return skipLine() }
      guard byte.isBlank || byte == .carriageReturn else {
        throw Fault(
          message: "something stands after the closing quote",
          fix: "put the whole value into one pair of quotes")
      }
      advance()
    }
  }

  private var here: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func advance() {
    guard offset < bytes.count else { return }
    if bytes[offset] == .newline { line += 1 }
    offset += 1
  }

  private mutating func skipLine() {
    while here.map({ $0 != .newline }) ?? false { advance() }
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
  /// Whether it is a space or a tab.
  fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
