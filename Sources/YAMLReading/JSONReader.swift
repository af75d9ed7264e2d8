// Reads a JSON file as RFC 8259 says, into the same tree as YAML. app.json is JSON, and YAML's
// reader would take tabs, surrogate pairs and comments otherwise.

/// The JSON reader.
package enum JSONReader {
  /// Returns the file's one value. Strings are quoted scalars; numbers, `true`, `false` and `null`
  /// are unquoted ones with their text as written.
  package static func read(
    _ bytes: [UInt8], budget: ReadingBudget = .init()
  ) throws(ReadingProblem) -> YAMLNode {
    let source = SourceText(bytes)
    try source.inspect(budget: budget, language: .json)
    return try bytes.withUnsafeBufferPointer { buffer throws(ReadingProblem) in
      var parser = JSONParser(
        cursor: JSONCursor(buffer, from: source.start), builder: NodeBuilder(budget: budget))
      return try parser.parse()
    }
  }
}

/// Parses one JSON text. Lists and mappings that are open are kept in the builder, not on the
/// thread's stack.
struct JSONParser {
  var cursor: JSONCursor
  var builder: NodeBuilder
  /// What each open bracket is, with its place; innermost last.
  private var open: [(kind: NodeBuilder.Kind, mark: TextMark)] = []
  private var root: YAMLNode?

  /// Makes a parser.
  init(cursor: JSONCursor, builder: NodeBuilder) {
    self.cursor = cursor
    self.builder = builder
  }

  /// Parses the whole text.
  mutating func parse() throws(ReadingProblem) -> YAMLNode {
    try cursor.skipBlanks()
    if cursor.isAtEnd { throw cursor.problem("the file is empty", fix: "write `{}`") }
    repeat {
      try value()
      try afterValue()
    } while root == nil
    try cursor.skipBlanks()
    guard cursor.isAtEnd, let root else {
      throw cursor.problem("text after the end of the JSON value", fix: "delete it")
    }
    return root
  }

  /// Reads a scalar, or opens a list or mapping (and reads on to its first value).
  private mutating func value() throws(ReadingProblem) {
    while true {
      let mark = cursor.mark
      switch cursor.byte {
      case UInt8(ascii: "{"): try enter(.mapping, at: mark)
      case UInt8(ascii: "["): try enter(.sequence, at: mark)
      case .quote:
        return try add(YAMLScalar(text: cursor.string(), isQuoted: true), at: mark)
      default:
        return try add(YAMLScalar(text: cursor.word(), isQuoted: false), at: mark)
      }
      if try closeIfEmpty() { return }
      if open.last?.kind == .mapping { try key() }
    }
  }

  private mutating func enter(
    _ kind: NodeBuilder.Kind, at mark: TextMark
  ) throws(ReadingProblem) {
    try builder.open(kind, at: mark)
    open.append((kind, mark))
    cursor.advance()
    try cursor.skipBlanks()
  }

  private mutating func add(_ scalar: YAMLScalar, at mark: TextMark) throws(ReadingProblem) {
    let part = try builder.add(scalar, at: mark)
    if open.isEmpty { root = part.node }
  }

  private mutating func closeIfEmpty() throws(ReadingProblem) -> Bool {
    guard let byte = cursor.byte, byte == closer else { return false }
    try close()
    return true
  }

  /// The byte that closes the innermost bracket.
  private var closer: UInt8? {
    open.last.map { $0.kind == .mapping ? UInt8(ascii: "}") : UInt8(ascii: "]") }
  }

  private mutating func close() throws(ReadingProblem) {
    cursor.advance()
    open.removeLast()
    let part = try builder.close()
    if open.isEmpty { root = part?.node }
  }

  /// Reads `"key":` up to the value.
  private mutating func key() throws(ReadingProblem) {
    let mark = cursor.mark
    guard cursor.byte == .quote else { throw cursor.keyProblem }
    let text = try cursor.string()
    _ = try builder.add(YAMLScalar(text: text, isQuoted: true), at: mark)
    try cursor.skipBlanks()
    guard cursor.byte == .colon else {
      throw try expected("`:` after the key `\(text.excerpt)`")
    }
    cursor.advance()
    try cursor.skipBlanks()
  }

  /// Reads what follows a value: closing brackets, or a comma and what stands before the next
  /// value.
  private mutating func afterValue() throws(ReadingProblem) {
    while let innermost = open.last {
      try cursor.skipBlanks()
      if cursor.byte == closer {
        try close()
        continue
      }
      guard cursor.byte == .comma else {
        throw try expected("`,` or `\(innermost.kind == .mapping ? "}" : "]")`")
      }
      let comma = cursor.mark
      cursor.advance()
      try cursor.skipBlanks()
      if cursor.byte == closer {
        throw ReadingProblem(
          "syntax", "a comma after the last entry", at: comma, fix: "delete the comma")
      }
      if innermost.kind == .mapping { try key() }
      return
    }
  }

  /// The problem that something is missing here: the end of the file is blamed on what is open.
  private func expected(_ what: String) throws(ReadingProblem) -> ReadingProblem {
    if cursor.isAtEnd, let innermost = open.last {
      let sign = innermost.kind == .mapping ? "{" : "["
      return ReadingProblem(
        "syntax", "the file ends inside the `\(sign)` of line \(innermost.mark.line)",
        at: cursor.mark, fix: "close it", related: (innermost.mark, "opened here"))
    }
    guard let innermost = open.last, what.hasPrefix("`,"), cursor.byte != .colon else {
      return cursor.problem("expected \(what)")
    }
    let closing = "close the `[` of line \(innermost.mark.line) with `]`"
    let comma = "put a comma before it"
    return cursor.problem(
      "expected \(what)", fix: innermost.kind == .mapping ? comma : "\(comma), or \(closing)")
  }
}
