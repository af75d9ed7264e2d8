// Turns the events of a file into trees: anchors, aliases and tags are settled here, so that none
// is left in a tree.

/// Composes the documents of one file.
struct DocumentComposer {
  /// The roots of the documents that are complete.
  private(set) var documents: [YAMLNode] = []
  /// What was read last, for the words of a syntax error.
  private(set) var hints = SyntaxHints()

  private let source: SourceText
  private let budget: ReadingBudget
  private var builder: NodeBuilder
  private var cursor: CharacterCursor
  private var root: YAMLNode?
  /// Complete values that have a name, and the names of those that are still open.
  private var anchors: [String: NodeBuilder.Part] = [:]
  private var openAnchors: [String?] = []
  /// Where each open `{` or `[` is; nil for a list or mapping in block style.
  private var openFlows: [TextMark?] = []
  private var aliases = 0
  private var aliasedBytes = 0

  /// Makes a composer for one file.
  init(source: SourceText, budget: ReadingBudget) {
    self.source = source
    self.budget = budget
    builder = NodeBuilder(budget: budget)
    cursor = CharacterCursor(source)
  }

  /// Takes in the next event.
  mutating func take(_ event: YAMLEvent) throws(ReadingProblem) {
    switch event.kind {
    case .scalar(let scalar, let style, let tag):
      try take(scalar, style: style, tag: tag, of: event)
    case .open(let kind, let isFlow, let tag):
      if builder.awaitsKey, let outer = openFlows.last ?? nil {
        throw .complexKey(at: event.start, fix: QuotedLine(source, at: outer)?.fix)
      }
      try TagRule.check(tag, on: kind, at: event.start)
      try builder.open(kind, at: event.start)
      if let anchor = event.anchor { anchors[anchor] = nil }
      openAnchors.append(event.anchor)
      openFlows.append(isFlow ? event.start : nil)
    case .close:
      guard let part = try builder.close() else { return }
      hints.note(valueAt: part.node.mark, isSuspect: openFlows.removeLast() != nil)
      finish(part, anchor: openAnchors.removeLast())
    case .alias(let name):
      try expand(name, of: event)
    case .documentEnd:
      if let root { documents.append(root) }
      root = nil
      anchors = [:]
    }
  }

  private mutating func take(
    _ scalar: YAMLScalar, style: YAMLEvent.ScalarStyle, tag: String?, of event: YAMLEvent
  ) throws(ReadingProblem) {
    let scalar = try TagRule.apply(tag, to: scalar, at: event.start)
    if style == .doubleQuoted { try refuseControls(in: scalar.text, at: event.start) }
    if style == .plain {
      if builder.awaitsKey {
        try refuseKey(scalar.text, at: event.start)
      } else if scalar.text.isEmpty, openFlows.last ?? nil != nil {
        try refuseLostColon(before: event)
      }
    }
    if !builder.awaitsKey { hints.note(valueAt: event.start, isSuspect: style == .plain) }
    let part = try builder.add(scalar, at: event.start)
    finish(part, anchor: event.anchor)
  }

  /// Notes a finished value: under its anchor, and as the root when nothing is around it.
  private mutating func finish(_ part: NodeBuilder.Part, anchor: String?) {
    if let anchor { anchors[anchor] = part }
    if builder.depth == 0 { root = part.node }
  }

  private mutating func expand(_ name: String, of event: YAMLEvent) throws(ReadingProblem) {
    aliases += 1
    guard aliases <= budget.aliases else {
      throw ReadingProblem(
        "too-many-aliases", "the file has more than \(budget.aliases) aliases", at: event.start)
    }
    guard let part = anchors[name] else {
      throw unknownAlias(name, at: event.start)
    }
    aliasedBytes += part.textBytes
    guard aliasedBytes <= budget.bytes else {
      throw ReadingProblem(
        "too-large", "the aliases of the file expand to more than \(budget.bytes) bytes",
        at: event.start)
    }
    try builder.add(copyOf: part, at: event.start)
    if builder.depth == 0 { root = part.node }
  }

  private func unknownAlias(_ name: String, at mark: TextMark) -> ReadingProblem {
    if openAnchors.contains(name) {
      return ReadingProblem(
        "cyclic-alias", "the alias `*\(name.excerpt)` contains itself", at: mark)
    }
    return ReadingProblem(
      "unknown-alias", "`*\(name.excerpt)` refers to an anchor that nothing before it defines",
      at: mark,
      fix: QuotedLine(source, at: mark)?.fix)
  }

  private func refuseKey(_ key: String, at mark: TextMark) throws(ReadingProblem) {
    if key == "<<" {
      throw ReadingProblem(
        "merge-key", "merge keys (`<<`) are not read", at: mark,
        fix: "write the keys out, or let one alias stand for a whole value (`env: *shared`)")
    }
    guard !key.isEmpty else {
      throw ReadingProblem("empty-key", "a key is missing before the colon", at: mark)
    }
  }

  /// In `{run: echo a, b}` YAML reads a key `b` without a value, and in `{host}/x` a key `host`:
  /// part of a text would be lost.
  private mutating func refuseLostColon(before event: YAMLEvent) throws(ReadingProblem) {
    let mark = event.start
    guard let key = builder.pendingKey, mark.line == key.mark.line, let flow = openFlows.last ?? nil
    else { return }
    let end = cursor.offset(ofCharacter: event.characterIndex, in: source)
    let before = source.bytes[..<end].last { $0 != .space && $0 != .tab }
    guard before != .colon else { return }
    if let value = hints.value, value.line == mark.line,
      flow.line < value.line || flow.column < value.column
    {
      throw ReadingProblem(
        "syntax", "`\(key.text.excerpt)` has no value: the comma before it ends another value",
        at: key.mark, fix: QuotedLine(source, at: value)?.fix ?? "quote the value with the comma")
    }
    throw ReadingProblem(
      "syntax", "`{…}` is a mapping, and `\(key.text.excerpt)` in it has no value", at: flow,
      fix: QuotedLine(source, at: flow)?.fix ?? "put it in quotes if it is meant as text")
  }

  private func refuseControls(in text: String, at mark: TextMark) throws(ReadingProblem) {
    guard let character = text.unicodeScalars.first(where: TextFault.isRefused) else { return }
    throw ReadingProblem(
      "control-character", "\(TextFault.name(of: character)) is not allowed, escaped either",
      at: mark, fix: "leave it out")
  }
}
