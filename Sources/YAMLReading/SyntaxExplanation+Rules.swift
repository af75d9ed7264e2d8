// The rules that recognise why a line is no YAML, from the surest to the vaguest. Each one is nil
// when it does not apply.

extension SyntaxExplanation {
  /// A merge that nobody finished.
  var conflictMarker: ReadingProblem? {
    var line = 1
    for text in source.bytes.split(separator: .newline, omittingEmptySubsequences: false) {
      if [UInt8(ascii: "<"), UInt8(ascii: ">")].contains(where: {
        text.starts(with: repeatElement($0, count: 7)) && text.dropFirst(7).first == .space
      }) {
        return syntax(
          "a merge conflict was committed here", at: TextMark(line: line, column: 1),
          fix: "resolve it: keep one side and delete the lines with `<<<<<<<`, `=======`, `>>>>>>>`"
        )
      }
      line += 1
    }
    return nil
  }

  /// A tab in the indentation.
  var tab: ReadingProblem? {
    let index = failure.mark.column - 1
    let atMark = shape.line.indices.contains(index) && shape.line[index] == "\t" ? index : nil
    guard let column = atMark ?? shape.tabInIndentation else { return nil }
    return syntax(
      "a tab is used to indent; YAML takes spaces only", at: mark(column, line: failure.mark.line),
      fix: "replace the tab by spaces")
  }

  /// A quote that is never closed.
  var openQuote: ReadingProblem? {
    guard failure.context == "while scanning a quoted scalar" else { return nil }
    return syntax("the quote that opens here is never closed", at: failure.contextMark)
  }

  /// A backslash in double quotes that starts no escape.
  var escape: ReadingProblem? {
    guard failure.context == "while parsing a quoted scalar" else { return nil }
    if failure.problem.contains("Unicode") {
      return syntax(
        "this escape names no character", at: failure.mark,
        fix: "write the character itself, or `\\U` and eight digits")
    }
    let line = shape.line
    let start = failure.contextMark.column - 1
    var fix = "use single quotes, or double the backslash"
    if failure.contextMark.line == failure.mark.line, line.indices.contains(start),
      let end = line[(start + 1)...].lastIndex(of: "\"")
    {
      let value = line[(start + 1)..<end].map { $0 == "'" ? "''" : String($0) }.joined()
      fix = "use single quotes: `\(string(line[..<start].drop { $0 == " " }))'\(value)'`"
    }
    return syntax(
      "in double quotes a backslash starts an escape, and this one is unknown", at: failure.mark,
      fix: fix)
  }

  /// An unquoted value that starts with one of YAML's own signs.
  var startingSign: ReadingProblem? {
    let isContext = failure.context?.hasPrefix("while scanning a") == true
    let (shape, line) =
      isContext && "*&!|>%".unicodeScalars.contains(contextShape.valueSign ?? " ")
      ? (contextShape, failure.contextMark.line) : (shape, failure.mark.line)
    guard let sign = shape.valueSign, "@`%*&!|>".unicodeScalars.contains(sign) else {
      return signInFlow
    }
    let mark = mark(shape.valueStart, line: line)
    if sign == "%", shape.colon == nil, mark.column == 1 {
      return syntax("a line that starts with `%` is a directive, and this one is unknown", at: mark)
    }
    return syntax(
      "an unquoted value cannot start with `\(sign)`", at: mark, fix: quoting(mark))
  }

  /// The same inside `{…}` or `[…]`.
  private var signInFlow: ReadingProblem? {
    let place =
      failure.context?.contains("alias") == true || failure.context?.contains("anchor") == true
      ? failure.contextMark : failure.mark
    let line = Array(source.line(place.line).unicodeScalars)
    let index = place.column - 1
    guard line.indices.contains(index), "@`%*&".unicodeScalars.contains(line[index]),
      !LineShape.openBrackets(in: line[..<index]).isEmpty
    else { return nil }
    return syntax(
      "an unquoted value cannot start with `\(line[index])`", at: place, fix: quoting(place))
  }

  /// Inside `{…}` or `[…]`: a sign in a value that ends it, or a bracket that is never closed.
  var lostBracket: ReadingProblem? {
    guard
      failure.context == "while parsing a flow mapping"
        || failure.context == "while parsing a flow sequence"
    else { return nil }
    if let value = hints.value, value.line == failure.mark.line {
      return syntax(
        "inside `{…}` and `[…]` an unquoted value ends at `,`, `: ` and brackets", at: failure.mark,
        fix: quoting(value))
    }
    let bracket = failure.context == "while parsing a flow mapping" ? "{" : "["
    return syntax(
      "the `\(bracket)` of line \(failure.contextMark.line) is not closed before this",
      at: failure.mark, fix: "close it, or separate its entries by commas",
      related: (failure.contextMark, "opened here"))
  }

  /// `key: a: b`, or a line that is indented below a value.
  var secondColon: ReadingProblem? {
    guard failure.problem.hasPrefix("mapping values are not allowed") else { return nil }
    if let colon = shape.colon, colon < failure.mark.column - 1, let start = shape.valueStart {
      return syntax(
        "a second `: ` in an unquoted value", at: failure.mark,
        fix: quoting(mark(start, line: failure.mark.line)))
    }
    return syntax(
      "this key is indented as if it belonged to the line above, which has a value already",
      at: mark(shape.textStart, line: failure.mark.line),
      fix: "give it the indentation of the keys that it stands beside")
  }

  /// `key:value`.
  var missingSpace: ReadingProblem? {
    if failure.problem == "found unexpected ':'" {
      return syntax(
        "a colon inside `{…}` or `[…]` needs a space after it, or quotes around its text",
        at: failure.mark)
    }
    guard failure.problem == "could not find expected ':'" else { return nil }
    let shape = contextShape
    let line = shape.line
    let place = mark(shape.textStart, line: failure.contextMark.line)
    guard let colon = line[min(shape.textStart, line.count)...].firstIndex(of: ":"),
      colon > shape.textStart, !line[shape.textStart..<colon].contains(" ")
    else {
      return syntax(
        "a colon is missing: `\(string(line[min(shape.textStart, line.count)...].prefix(60)))` is"
          + " no key with a value", at: place, fix: "write `key: value`")
    }
    let fixed = string(line[shape.textStart...colon]) + " " + string(line[(colon + 1)...])
    return syntax(
      "there is no space after the colon", at: mark(colon + 1, line: failure.contextMark.line),
      fix: "write `\(fixed)`")
  }

  /// `key: "a" b`, `key: [a] b`: text after a value that YAML sees as complete.
  var trailingText: ReadingProblem? {
    guard let start = shape.valueStart, let sign = shape.valueSign,
      "\"'[{".unicodeScalars.contains(sign), failure.mark.column - 1 > start
    else { return nil }
    let isToken = failure.context?.hasPrefix("while scanning a") == true
    return syntax(
      "the value is complete before this text", at: isToken ? failure.contextMark : failure.mark,
      fix: quoting(mark(start, line: failure.mark.line)))
  }

  /// A line whose indentation fits nothing around it.
  var wrongIndentation: ReadingProblem? {
    let isList = failure.problem.contains("'-' indicator")
    if failure.problem.hasPrefix("block sequence entries are not allowed") {
      return syntax(
        "a list cannot start on the line of its key", at: failure.mark,
        fix: "put each `- ` on a line of its own, below the key")
    }
    guard isList || failure.problem == "did not find expected key" else { return nil }
    let found = "a \(isList ? "list entry (`- `)" : "key") is expected here"
    return syntax(
      "\(found): the indentation of this line fits none above it", at: failure.mark,
      fix: "indent it like line \(failure.contextMark.line), or like the lines that it belongs to",
      related: (failure.contextMark, "the \(isList ? "list" : "mapping") starts here"))
  }
}
