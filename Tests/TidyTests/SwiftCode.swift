// Takes comments and the insides of string literals out of Swift code, so that checks do not
// stumble over words about code. Lines stay lines.

/// Reads just enough of Swift to tell code from text.
struct SwiftCode {
  private let bytes: [UInt8]
  private var index = 0
  private var output: [UInt8] = []

  /// The code with comments gone and strings emptied; it has as many lines as the text.
  static func blanked(_ text: String) -> String {
    var reading = SwiftCode(bytes: Array(text.utf8))
    reading.run()
    return String(decoding: reading.output, as: UTF8.self)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() {
    while index < bytes.count {
      if starts("//") {
        while index < bytes.count, bytes[index] != newline { index += 1 }
      } else if starts("/*") {
        skipBlockComment()
      } else if let hashes = stringStart() {
        skipString(hashes: hashes)
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
  }

  private var newline: UInt8 { UInt8(ascii: "\n") }
  private var quote: UInt8 { UInt8(ascii: "\"") }
  private var hash: UInt8 { UInt8(ascii: "#") }

  private func starts(_ text: String, at position: Int? = nil) -> Bool {
    bytes[(position ?? index)...].starts(with: text.utf8)
  }

  /// The number of `#` before a string that begins here; nil when none begins.
  private func stringStart() -> Int? {
    var end = index
    while end < bytes.count, bytes[end] == hash { end += 1 }
    return end < bytes.count && bytes[end] == quote ? end - index : nil
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        index += 2
      } else if starts("*/") {
        depth -= 1
        index += 2
      } else {
        skipByte()
      }
    } while depth > 0 && index < bytes.count
  }

  private mutating func skipString(hashes: Int) {
    index += hashes
    let isLong = starts(String(repeating: "\"", count: 3))
    let mark = Array(repeating: quote, count: isLong ? 3 : 1)
    let end = mark + Array(repeating: hash, count: hashes)
    let escape = [UInt8(ascii: "\\")] + Array(repeating: hash, count: hashes)
    index += mark.count
    output += [quote, quote]
    while index < bytes.count {
      if bytes[index...].starts(with: end) {
        index += end.count
        return
      }
      if !isLong, bytes[index] == newline { return }
      if bytes[index...].starts(with: escape) {
        index += escape.count
        skipEscaped()
      } else {
        skipByte()
      }
    }
  }

  /// After a backslash: one byte, or an interpolation up to its closing parenthesis.
  private mutating func skipEscaped() {
    guard index < bytes.count, bytes[index] == UInt8(ascii: "(") else { return skipByte() }
    var depth = 0
    while index < bytes.count {
      if let hashes = stringStart() {
        skipString(hashes: hashes)
        continue
      }
      if bytes[index] == UInt8(ascii: "(") { depth += 1 }
      if bytes[index] == UInt8(ascii: ")") { depth -= 1 }
      output.append(bytes[index])
      index += 1
      if depth == 0 { return }
    }
  }

  private mutating func skipByte() {
    guard index < bytes.count else { return }
    if bytes[index] == newline { output.append(newline) }
    index += 1
  }
}
