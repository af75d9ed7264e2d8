// A value of a manifest with the file, line and column it was written at. What merging works on;
// what the values mean is up to the decoders.

package import FormationModel
import YAMLReading

/// One value of a manifest, with its place.
package struct ManifestValue: Hashable, Sendable {
  /// What a value can be.
  package enum Content: Hashable, Sendable {
    /// Text, a number, a boolean: its meaning is up to the field.
    case scalar(ManifestScalar)
    /// A list.
    case list([ManifestValue])
    /// A mapping in the order written; keys are unique.
    case mapping([ManifestEntry])
  }

  /// What the value is.
  package var content: Content
  /// Where it starts.
  package var mark: SourceMark

  /// Makes a value.
  package init(_ content: Content, at mark: SourceMark) {
    self.content = content
    self.mark = mark
  }
}

/// A scalar as written.
package struct ManifestScalar: Hashable, Sendable {
  /// Its text after unescaping.
  package var text: String
  /// Whether it was quoted, so that its text is meant as text.
  package var isQuoted: Bool

  /// Makes a scalar.
  package init(_ text: String, isQuoted: Bool) {
    self.text = text
    self.isQuoted = isQuoted
  }
}

/// A key with its value.
package struct ManifestEntry: Hashable, Sendable {
  /// The key's text.
  package var key: String
  /// Where the key is.
  package var keyMark: SourceMark
  /// The value.
  package var value: ManifestValue

  /// Makes an entry.
  package init(_ key: String, at keyMark: SourceMark, _ value: ManifestValue) {
    self.key = key
    self.keyMark = keyMark
    self.value = value
  }
}

extension ManifestValue {
  /// The node as it stands in the file.
  init(_ node: YAMLNode, file: String) {
    mark = SourceMark(node.mark, file: file)
    content =
      switch node.content {
      case .scalar(let scalar):
        .scalar(ManifestScalar(scalar.text, isQuoted: scalar.isQuoted))
      case .sequence(let items): .list(items.map { ManifestValue($0, file: file) })
      case .mapping(let pairs):
        .mapping(
          pairs.map {
            ManifestEntry(
              $0.key, at: SourceMark($0.keyMark, file: file), ManifestValue($0.value, file: file))
          })
      }
  }

  /// Text that a reader makes up in place of what the file says there.
  init(text: String, at mark: SourceMark) {
    self.init(.scalar(ManifestScalar(text, isQuoted: true)), at: mark)
  }

  /// Whether it says that there is no value: nothing, `~` or `null`, not quoted.
  var isNull: Bool {
    guard case .scalar(let scalar) = content, !scalar.isQuoted else { return false }
    return switch scalar.text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  /// Its entries; nil when it is not a mapping.
  var entries: [ManifestEntry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The text of a scalar that says something; nil for everything else.
  var text: String? {
    if case .scalar(let scalar) = content, !isNull { scalar.text } else { nil }
  }

  /// The value of a key that says something; nil when there is none.
  subscript(_ key: String) -> ManifestValue? {
    entries?.first { $0.key == key && !$0.value.isNull }?.value
  }
}

extension SourceMark {
  /// The reader's mark in a file.
  init(_ mark: TextMark, file: String) {
    self.init(file: file, line: mark.line, column: mark.column)
  }
}
