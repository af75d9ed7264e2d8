// The tree that both readers (YAML and JSON) give: every key and every value with its place.

/// A place in one file, as editors count it.
package struct TextMark: Hashable, Sendable {
  /// The line, from 1.
  package let line: Int
  /// The column in characters, from 1.
  package let column: Int

  /// Makes a mark; both count from 1.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// One value of a document, with its place.
package struct YAMLNode: Hashable, Sendable {
  /// What the value is.
  package enum Content: Hashable, Sendable {
    /// Text, a number, a boolean: its meaning is up to the field.
    case scalar(YAMLScalar)
    /// A list.
    case sequence([YAMLNode])
    /// A mapping in the order written; keys are unique.
    case mapping([YAMLPair])
  }

  /// What the value is.
  package let content: Content
  /// Where it starts.
  package let mark: TextMark

  /// Makes a node.
  package init(_ content: Content, at mark: TextMark) {
    self.content = content
    self.mark = mark
  }
}

/// A scalar as written.
package struct YAMLScalar: Hashable, Sendable {
  /// Its text after unescaping.
  package let text: String
  /// Whether it was quoted (or a block), so that its text is meant as text. JSON: strings.
  package let isQuoted: Bool

  /// Makes a scalar.
  package init(text: String, isQuoted: Bool) {
    self.text = text
    self.isQuoted = isQuoted
  }

  /// Whether it says that there is no value: nothing, `~` or `null`, not quoted.
  package var isNull: Bool {
    !isQuoted && ["", "~", "null", "Null", "NULL"].contains(text)
  }
}

/// A key with its value.
package struct YAMLPair: Hashable, Sendable {
  /// The key's text.
  package let key: String
  /// Where the key is.
  package let keyMark: TextMark
  /// The value.
  package let value: YAMLNode

  /// Makes a pair.
  package init(key: String, keyMark: TextMark, value: YAMLNode) {
    self.key = key
    self.keyMark = keyMark
    self.value = value
  }
}

/// What a reader may use up before it refuses a file.
package struct ReadingBudget: Hashable, Sendable {
  /// Bytes of the file.
  package var bytes = 1 << 20
  /// Values after aliases are expanded.
  package var nodes = 50_000
  /// Levels of nesting.
  package var depth = 64
  /// Aliases (`*name`) in the file.
  package var aliases = 100

  /// Makes the default budget.
  package init() {}
}

/// Why a file could not be read. A file with a problem gives nothing at all.
package struct ReadingProblem: Hashable, Sendable, Error {
  /// A stable code in kebab-case: `syntax`, `duplicate-key`, `too-large`, `invalid-utf8`, …
  package let code: String
  /// What is wrong, in one line.
  package let message: String
  /// Where.
  package let mark: TextMark
  /// What to write instead; nil when the message says it.
  package let fix: String?
  /// The other place that belongs to it (a duplicate key's first place), with a word why.
  package let related: (mark: TextMark, message: String)?

  /// Makes a problem.
  package init(
    _ code: String, _ message: String, at mark: TextMark, fix: String? = nil,
    related: (mark: TextMark, message: String)? = nil
  ) {
    self.code = code
    self.message = message
    self.mark = mark
    self.fix = fix
    self.related = related
  }

  /// Compares everything but the related place's words.
  package static func == (left: ReadingProblem, right: ReadingProblem) -> Bool {
    left.code == right.code && left.message == right.message && left.mark == right.mark
      && left.fix == right.fix && left.related?.mark == right.related?.mark
  }

  /// Hashes code and place.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(mark)
  }
}
