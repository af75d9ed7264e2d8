// A Swift file, line by line, with and without its comments and the insides of its strings.

/// A Swift file.
struct SwiftFile {
  /// One line.
  struct Line {
    /// From 1.
    let number: Int
    /// As it is written.
    let raw: String
    /// Without comments and without what strings hold.
    let code: String
  }

  /// From the repository's root.
  let path: String
  /// Its lines.
  let lines: [Line]

  init(path: String, text: String) {
    self.path = path
    let raw = text.split(separator: "\n", omittingEmptySubsequences: false)
    let code = SwiftCode.blanked(text).split(separator: "\n", omittingEmptySubsequences: false)
    lines = zip(raw, code).enumerated().map { index, line in
      Line(number: index + 1, raw: String(line.0), code: String(line.1))
    }
  }

  /// The target it belongs to: the folder below Sources or Tests.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }

  /// Whether a program wrote it.
  var isGenerated: Bool { path.contains("/Generated/") }
}

extension SwiftFile.Line {
  /// Whether the code has the word, as a whole where it begins and ends with a letter.
  func has(_ word: String) -> Bool {
    guard code.utf8.count >= word.utf8.count else { return false }
    let code = Array(code.utf8)
    let word = Array(word.utf8)
    guard code.count >= word.count, let first = word.first, let last = word.last else {
      return false
    }
    for start in 0...(code.count - word.count) where code[start] == first {
      let end = start + word.count
      if code[start..<end].elementsEqual(word),
        !first.continuesName || start == 0 || !code[start - 1].continuesName,
        !last.continuesName || end == code.count || !code[end].continuesName
      {
        return true
      }
    }
    return false
  }
}

extension UInt8 {
  /// Whether a name of Swift goes on with it.
  var continuesName: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
