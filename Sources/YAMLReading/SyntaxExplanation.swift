// Words a syntax error for people: what libyaml says, together with what the line looks like.

/// Explains one failure of the parser.
struct SyntaxExplanation {
  let failure: ParserFailure
  let source: SourceText
  let hints: SyntaxHints
  /// The line of the problem, and that of its context.
  let shape: LineShape
  let contextShape: LineShape

  /// Looks at a failure.
  init(_ failure: ParserFailure, in source: SourceText, hints: SyntaxHints) {
    self.failure = failure
    self.source = source
    self.hints = hints
    shape = LineShape(Array(source.line(failure.mark.line).unicodeScalars))
    contextShape = LineShape(Array(source.line(failure.contextMark.line).unicodeScalars))
  }

  /// The problem, in words, with a fix where the line shows one.
  var problem: ReadingProblem {
    conflictMarker ?? tab ?? openQuote ?? escape ?? startingSign ?? lostBracket ?? secondColon
      ?? missingSpace ?? trailingText ?? wrongIndentation ?? plain
  }

  func syntax(
    _ message: String, at mark: TextMark, fix: String? = nil,
    related: (mark: TextMark, message: String)? = nil
  ) -> ReadingProblem {
    ReadingProblem("syntax", message, at: mark, fix: fix, related: related)
  }

  /// The quoted line for a value, or advice without one.
  func quoting(_ mark: TextMark) -> String {
    QuotedLine(source, at: mark)?.fix ?? "put the value in quotes"
  }

  func mark(_ index: Int?, line: Int) -> TextMark {
    TextMark(line: line, column: (index ?? 0) + 1)
  }

  /// What is left: libyaml's own words.
  private var plain: ReadingProblem {
    let words = [failure.context, failure.problem].compactMap { $0 }.joined(separator: ": ")
    return syntax("this is not valid YAML (\(words))", at: failure.mark)
  }
}
