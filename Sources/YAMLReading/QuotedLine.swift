// Writes a line again with its value in quotes: the fix for text that YAML takes for its own signs.

/// One line with one value quoted.
struct QuotedLine {
  /// The line without its indentation, with the value in quotes.
  let text: String

  /// Quotes the value that starts at a place. Returns nil when there is no value, or when the line
  /// is too long to be shown.
  init?(_ source: SourceText, at mark: TextMark) {
    let line = Array(source.line(mark.line).unicodeScalars)
    self.init(line, valueAt: mark.column - 1)
  }

  /// Quotes the value that starts at an index of a line.
  init?(_ line: [Unicode.Scalar], valueAt start: Int) {
    guard line.indices.contains(start), line.count <= 400 else { return nil }
    let end = Self.end(of: start, in: line)
    guard start < end else { return nil }
    let prefix = line[..<start].drop { $0 == " " || $0 == "\t" }
    let value = LineShape.looksSecret(line[..<start]) ? [line[start], "…"] : line[start..<end]
    text = string(prefix) + Self.quote(value) + string(line[end...])
  }

  /// The fix in words.
  var fix: String { "put the value in quotes: `\(text)`" }

  /// Where the value that starts at an index ends: before a comment and, inside `{…}` or `[…]`,
  /// before what closes them or names the next key.
  private static func end(of start: Int, in line: [Unicode.Scalar]) -> Int {
    var end = LineShape.commentStart(in: line, from: start)
    while end > start, line[end - 1].properties.isWhitespace { end -= 1 }
    let open = LineShape.openBrackets(in: line[..<start])
    guard let innermost = open.last else { return end }
    if let next = LineShape.nextEntry(in: line[..<end], from: start, within: innermost) {
      return next
    }
    for _ in open {
      var closer = end
      while closer > start, line[closer - 1] == " " { closer -= 1 }
      guard closer > start, line[closer - 1] == "}" || line[closer - 1] == "]" else { break }
      end = closer - 1
      while end > start, line[end - 1] == " " { end -= 1 }
    }
    return end
  }

  /// Returns text as one quoted YAML scalar. Quotes that are around it already, and do not hold
  /// because there is an odd one inside, are replaced.
  static func quote(_ value: some BidirectionalCollection<Unicode.Scalar>) -> String {
    var inner = Array(value)
    for mark in ["\"", "'"] as [Unicode.Scalar]
    where inner.count > 2 && inner.first == mark && inner.last == mark
      && inner.count(where: { $0 == mark }) % 2 == 1
    {
      inner = Array(inner.dropFirst().dropLast())
      break
    }
    guard inner.contains("\"") || inner.contains("\\") else { return "\"" + string(inner) + "\"" }
    return "'" + inner.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
  }
}

/// Text from scalars.
func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
  var view = String.UnicodeScalarView()
  view.append(contentsOf: scalars)
  return String(view)
}
