// The protocol behind every name of the model: text with a rule, compared and stored as text.

/// A value that is a piece of text with a rule of its own; ordered by its UTF-8 bytes, so that
/// lists come out the same on every machine.
package protocol TextValue: RawRepresentable<String>, Hashable, Comparable, Codable, Sendable,
  CustomStringConvertible, CodingKeyRepresentable
{}

extension TextValue {
  /// Orders by UTF-8 bytes, never by locale.
  package static func < (left: Self, right: Self) -> Bool {
    left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
  }

  /// The text itself.
  package var description: String { rawValue }
}
