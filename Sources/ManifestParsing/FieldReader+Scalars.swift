// Typed reading of scalars: text, booleans, numbers, durations, sizes, percents, choices.

import FormationModel

extension FieldReader {
  /// Text; nil, with an error, when it is something else or nothing.
  mutating func text(_ value: ManifestValue, _ field: @autoclosure () -> String) -> String? {
    if let text = value.text { return text }
    wrongType(value, field(), expected: "text")
    return nil
  }

  /// Text that is not empty and stands on one line.
  mutating func line(_ value: ManifestValue, _ field: @autoclosure () -> String) -> String? {
    guard let text = text(value, field()) else { return nil }
    guard isLine(text) else {
      wrongType(value, field(), expected: "text on one line")
      return nil
    }
    return text
  }

  /// Whether a text stands on one line; characters are looked at only where they are not ASCII.
  private func isLine(_ text: String) -> Bool {
    if text.isEmpty || text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return false }
    return text.utf8.allSatisfy { $0 < 0x80 } || !text.contains(where: \.isNewline)
  }

  /// `true` or `false`, and nothing else: what YAML 1.1 took for booleans is an error with the fix.
  mutating func boolean(_ value: ManifestValue, _ field: @autoclosure () -> String) -> Bool? {
    if case .scalar(let scalar) = value.content, !scalar.isQuoted {
      if scalar.text == "true" { return true }
      if scalar.text == "false" { return false }
    }
    let meant: String? =
      switch value.text?.lowercased() {
      case "true", "yes", "on", "y", "1": "true"
      case "false", "no", "off", "n", "0": "false"
      default: nil
      }
    wrongType(
      value, field(), expected: "true or false",
      fix: meant.map { "write `\(lastKey(field())): \($0)` without quotes" })
    return nil
  }

  /// A whole number in a range.
  mutating func integer(
    _ value: ManifestValue, _ field: @autoclosure () -> String, in range: ClosedRange<Int>
  ) -> Int? {
    guard case .scalar(let scalar) = value.content, let number = wholeNumber(scalar.text) else {
      wrongType(
        value, field(), expected: "a whole number",
        fix: "write a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    if scalar.isQuoted {
      wrongType(
        value, field(), expected: "a number, not text",
        fix: "write `\(lastKey(field())): \(number)` without quotes")
      return nil
    }
    guard range.contains(number) else {
      error(
        "out-of-range", at: value.mark,
        "\(field()) is \(number), but must be from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// A duration such as `500ms`, `60s`, `30m`, `1h`, `5d`.
  mutating func duration(
    _ value: ManifestValue, _ field: @autoclosure () -> String, in range: ClosedRange<Duration>
  ) -> Duration? {
    guard let text = value.text, let duration = Quantity.duration(text) else {
      let bare = value.text.flatMap(wholeNumber)
      wrongType(
        value, field(), expected: "a duration",
        fix: bare.map { "write the unit: `\(lastKey(field())): \($0)s`" }
          ?? "write a number with its unit: `500ms`, `60s`, `30m`, `1h` or `5d`")
      return nil
    }
    guard range.contains(duration) else {
      error(
        "out-of-range", at: value.mark,
        "\(field()) is \(text), but must be from \(Quantity.text(range.lowerBound)) to "
          + Quantity.text(range.upperBound))
      return nil
    }
    return duration
  }

  /// A percentage such as `25%`.
  mutating func percent(
    _ value: ManifestValue, _ field: @autoclosure () -> String, in range: ClosedRange<Int>
  ) -> Int? {
    guard let text = value.text, text.hasSuffix("%"),
      let number = wholeNumber(String(text.dropLast()))
    else {
      let bare = value.text.flatMap(wholeNumber)
      wrongType(
        value, field(), expected: "a percentage",
        fix: bare.map { "write `\($0)%`" } ?? "write a number with its sign: `25%`")
      return nil
    }
    guard range.contains(number) else {
      error(
        "out-of-range", at: value.mark,
        "\(field()) is \(text), but must be from \(range.lowerBound)% to \(range.upperBound)%")
      return nil
    }
    return number
  }

  /// An amount of bytes such as `50MB`.
  mutating func bytes(_ value: ManifestValue, _ field: @autoclosure () -> String) -> Int64? {
    guard let text = value.text, let bytes = Quantity.bytes(text), bytes > 0 else {
      wrongType(
        value, field(), expected: "an amount of bytes",
        fix: "write a number with its unit: `500kB`, `50MB`, `2GB`, `64MiB`")
      return nil
    }
    return bytes
  }

  /// One of a few words.
  mutating func choice<Word: RawRepresentable<String>>(
    _ value: ManifestValue, _ field: @autoclosure () -> String, of words: [Word]
  ) -> Word? {
    guard let text = text(value, field()) else { return nil }
    if let word = words.first(where: { $0.rawValue == text }) { return word }
    let all = words.map(\.rawValue)
    error(
      "unknown-value", at: value.mark,
      "\(field()) is \(quoted(text)), but must be one of \(all.joined(separator: ", "))",
      fix: Suggestion.nearest(to: text, among: all).map { "did you mean `\($0)`?" })
    return nil
  }
}

/// The last key of a field's path.
private func lastKey(_ field: String) -> String {
  field.split(separator: ".").last.map(String.init) ?? field
}

/// A whole number in plain decimal digits, `-` allowed; nil for everything else and beyond nine
/// digits, so that sums of several cannot overflow.
func wholeNumber(_ text: String) -> Int? {
  let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
  guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit),
    digits == "0" || !digits.hasPrefix("0")
  else { return nil }
  return Int(text)
}
