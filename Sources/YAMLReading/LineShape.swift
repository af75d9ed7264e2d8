// What a single line of YAML looks like to a person, for a line that the parser refused.

/// The parts of one line.
struct LineShape {
  /// The line.
  let line: [Unicode.Scalar]
  /// Where the text starts, after spaces, tabs and `- `.
  private(set) var textStart = 0
  /// Where the colon after the key is; nil without one.
  private(set) var colon: Int?
  /// Where the value starts; nil when there is none on this line.
  private(set) var valueStart: Int?

  /// Takes a line apart.
  init(_ line: [Unicode.Scalar]) {
    self.line = line
    while textStart < line.count {
      let isDash = line[textStart] == "-" && Self.isBlank(line, textStart + 1)
      guard isDash || line[textStart] == " " || line[textStart] == "\t" else { break }
      textStart += 1
    }
    colon = Self.colon(in: line, from: textStart)
    let start = colon.map { $0 + 1 } ?? textStart
    valueStart = line[min(start, line.count)...].firstIndex { $0 != " " && $0 != "\t" }
  }

  /// The first character of the value; nil when there is none.
  var valueSign: Unicode.Scalar? { valueStart.map { line[$0] } }

  /// Where the indentation holds a tab; nil when it does not.
  var tabInIndentation: Int? {
    line.prefix { $0 == " " || $0 == "\t" }.firstIndex(of: "\t")
  }

  /// The first colon that YAML takes for the end of a key: outside quotes, blank or nothing after.
  private static func colon(in line: [Unicode.Scalar], from start: Int) -> Int? {
    var quote: Unicode.Scalar?
    for index in start..<max(start, line.count) {
      let sign = line[index]
      if let open = quote {
        if sign == open { quote = nil }
      } else if index == start, sign == "\"" || sign == "'" {
        quote = sign
      } else if sign == ":", isBlank(line, index + 1) {
        return index
      } else if index == start, "[{*&!|>@`%".unicodeScalars.contains(sign) {
        return nil
      }
    }
    return nil
  }

  private static func isBlank(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
    index >= line.count || line[index] == " " || line[index] == "\t"
  }

  /// Where a comment starts, from an index on; the line's end when there is none.
  static func commentStart(in line: [Unicode.Scalar], from start: Int) -> Int {
    guard start < line.count else { return line.count }
    for index in start + 1..<max(start + 1, line.count)
    where line[index] == "#" && (line[index - 1] == " " || line[index - 1] == "\t") {
      return index
    }
    return line.count
  }

  /// The brackets that are open at the end of a piece of a line, outermost first.
  static func openBrackets(in piece: some Collection<Unicode.Scalar>) -> [Unicode.Scalar] {
    var open: [Unicode.Scalar] = []
    var quote: Unicode.Scalar?
    for sign in piece {
      if let inside = quote {
        if sign == inside { quote = nil }
        continue
      }
      switch sign {
      case "\"", "'": quote = sign
      case "{", "[": open.append(sign)
      case "}", "]": _ = open.popLast()
      default: break
      }
    }
    return open
  }

  /// Where the comma before the next entry is: in `{…}` one with `key:` after it, in `[…]` any.
  static func nextEntry(
    in line: ArraySlice<Unicode.Scalar>, from start: Int, within bracket: Unicode.Scalar
  ) -> Int? {
    for index in line.indices where index > start && line[index] == "," {
      if bracket == "[" { return index }
      let after = line[(index + 1)...].drop { $0 == " " }
      let word = after.prefix {
        $0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0)
      }
      let rest = after.dropFirst(word.count)
      if !word.isEmpty, rest.first == ":", rest.dropFirst().first == " " { return index }
    }
    return nil
  }

  /// Whether what stands before a value is a config var whose value nobody should see in a log.
  static func looksSecret(_ prefix: some Collection<Unicode.Scalar>) -> Bool {
    let words = string(prefix).split { !($0.isLetter || $0.isNumber || $0 == "_") }
    guard let key = words.last, key.allSatisfy({ !$0.isLowercase }) else { return false }
    return ["SECRET", "PASS", "TOKEN", "KEY", "CREDENTIAL", "PRIVATE", "URL", "DSN"]
      .contains { key.contains($0) }
  }
}
