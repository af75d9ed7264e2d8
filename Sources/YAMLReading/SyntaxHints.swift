// What was read just before a syntax error: often the beginning of the text that caused it.

/// The last value that was complete.
struct SyntaxHints {
  /// Where the last unquoted value, or the last `{…}` or `[…]`, starts; nil when the last value was
  /// another one.
  private(set) var value: TextMark?

  /// Notes a value that is complete; `isSuspect` when it may go on where YAML sees its end.
  mutating func note(valueAt mark: TextMark, isSuspect: Bool) {
    value = isSuspect ? mark : nil
  }
}
