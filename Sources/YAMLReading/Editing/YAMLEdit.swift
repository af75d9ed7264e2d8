// Sets one value in a YAML file and leaves every other byte as it is. Whatever cannot be done
// safely is refused with its place and the line to type.

/// One value to set.
package struct YAMLEdit: Sendable {
  /// The keys from the root to the value; a number names an entry of a list.
  package let path: [String]
  /// What to set it to.
  package let value: Value
  /// The order in which people write the keys of a mapping, given the path to it; a new key goes
  /// after those before it.
  package var keyOrder: @Sendable ([String]) -> [String] = { _ in [] }

  /// What a value can be set to.
  package enum Value: Hashable, Sendable {
    /// A scalar with this text.
    case scalar(String, as: ScalarMeaning)
    /// A list or mapping as it is written on one line: `[a, b]`.
    case flow(String)
  }

  /// What an edit came to.
  package struct Result: Hashable, Sendable {
    /// The file's new bytes.
    package let bytes: [UInt8]
    /// The scalar that was there; nil when there was none.
    package let before: String?
    /// The line where the value stands now, from 1.
    package let line: Int
  }

  /// Makes an edit; the path has one key at least.
  package init(_ path: [String], to value: Value) {
    self.path = path
    self.value = value
  }

  /// A value as a person types it: a list or mapping when it is written as one, else a scalar.
  package static func value(_ text: String, as meaning: ScalarMeaning) -> Value {
    guard meaning == .value, text.hasPrefix("[") || text.hasPrefix("{"), !text.contains("\n"),
      let root = try? YAMLReader.read(Array(text.utf8)).first
    else { return .scalar(text, as: meaning) }
    if case .scalar = root.content { return .scalar(text, as: meaning) }
    return .flow(text)
  }

  /// Returns the file with the value set. Throws the file's own problem when it cannot be read, and
  /// `cannot-edit`, with the line to type, when the edit is not safe.
  package func applied(
    to bytes: [UInt8], budget: ReadingBudget = .init()
  ) throws(ReadingProblem) -> Result {
    let documents = try YAMLReader.read(bytes, budget: budget)
    guard documents.count <= 1 else {
      throw refusal("the file has \(documents.count) documents", at: documents[1].mark)
    }
    let layout = try DocumentLayout(bytes)
    let splice = try splice(layout)
    let edited = splice.applied(to: bytes)
    let before = documents.first.flatMap { $0[path] }
    try check(edited, from: documents.first, budget: budget, at: layout, splice)
    let line = SourceText(edited).mark(at: splice.valueOffset).line
    return Result(bytes: edited, before: before?.scalarText, line: line)
  }

  /// Reads the result again: it has to say what the file said, and the value. Nothing that goes
  /// wrong in here is ever written.
  private func check(
    _ edited: [UInt8], from root: YAMLNode?, budget: ReadingBudget, at layout: DocumentLayout,
    _ splice: Splice
  ) throws(ReadingProblem) {
    let mark = layout.source.mark(at: splice.range.lowerBound)
    let documents: [YAMLNode]
    do throws(ReadingProblem) {
      documents = try YAMLReader.read(edited, budget: budget)
    } catch {
      if error.code == "control-character" || error.code == "too-large" {
        throw ReadingProblem(error.code, error.message, at: mark, fix: error.fix)
      }
      throw refusal("the file would not be readable any more", at: mark)
    }
    let base =
      root.map { $0.isEmptyMapping ? YAMLNode(.mapping([]), at: $0.mark) : $0 }
      ?? YAMLNode(.mapping([]), at: TextMark(line: 1, column: 1))
    let expected = try? base.setting(path[...], to: parsedValue)
    guard documents.count == 1, let expected, documents[0].says(expected) else {
      throw refusal("what is around it would change as well", at: mark)
    }
  }

  /// The value as a node; scalars of a config var count as quoted, for they are never null.
  private var parsedValue: YAMLNode {
    let start = TextMark(line: 1, column: 1)
    switch value {
    case .scalar(let text, let meaning):
      let isText = meaning == .text || text.isEmpty
      return YAMLNode(.scalar(YAMLScalar(text: text, isQuoted: isText)), at: start)
    case .flow(let text):
      return (try? YAMLReader.read(Array(text.utf8)).first) ?? YAMLNode(.mapping([]), at: start)
    }
  }

  /// Why the edit is not made, with what to type instead.
  func refusal(_ why: String, at mark: TextMark) -> ReadingProblem {
    ReadingProblem(
      "cannot-edit", "\(path.joined(separator: ".")) cannot be set here: \(why)", at: mark,
      fix: "edit the file by hand: `\(lineToType)`")
  }

  /// `quantity: 3`; a config var's value is not shown.
  private var lineToType: String {
    let key = path.last ?? ""
    if case .scalar(_, .text) = value { return "\(key): …" }
    return "\(key): \(written(keeping: nil, isFlow: false))"
  }

  /// The value's own text.
  func written(keeping style: YAMLEvent.ScalarStyle?, isFlow: Bool) -> String {
    switch value {
    case .scalar(let text, let meaning):
      ScalarText.written(text, as: meaning, keeping: style, isFlow: isFlow)
    case .flow(let text): text
    }
  }
}

/// Bytes that take the place of others.
struct Splice {
  /// What is replaced; empty for an insertion.
  let range: Range<Int>
  /// What comes there.
  let text: String
  /// How many bytes of the text come before the value.
  var lead = 0

  /// Where the value is in the result.
  var valueOffset: Int { range.lowerBound + lead }

  func applied(to bytes: [UInt8]) -> [UInt8] {
    Array(bytes[..<range.lowerBound]) + Array(text.utf8) + Array(bytes[range.upperBound...])
  }
}
