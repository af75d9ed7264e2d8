// Colour, and what is made harmless before a terminal sees it. Whether there is a terminal is the
// shell's knowledge; this file only takes the answer.

/// How text is dressed: with colour for a terminal, without for everything else.
package struct TextStyle: Hashable, Sendable {
  /// What a piece of text means; each has its colour.
  package enum Role: CaseIterable, Sendable {
    /// Something begins, or is well.
    case good
    /// Something ends, or is wrong.
    case bad
    /// Something changes, or waits.
    case changing
    /// Something is less important.
    case quiet
    /// A heading.
    case strong
  }

  /// Whether escape sequences for colour are written.
  package let coloured: Bool

  /// No colour: for pipes, files and tests.
  package static let plain = TextStyle(coloured: false)
  /// With colour: for terminals.
  package static let coloured = TextStyle(coloured: true)

  /// The text in the colour of its role; the text itself when colour is off.
  package func callAsFunction(_ text: String, _ role: Role) -> String {
    guard coloured, !text.isEmpty else { return text }
    let code =
      switch role {
      case .good: "32"
      case .bad: "31"
      case .changing: "33"
      case .quiet: "2"
      case .strong: "1"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

extension String {
  /// The text with control characters written out (`\x1b`), so that what others wrote — log lines,
  /// commands, authors' names — cannot steer a terminal. Tabs stay; bidirectional controls go too.
  package var escapingControls: String {
    guard unicodeScalars.contains(where: \.steersTerminals) else { return self }
    var escaped = ""
    for scalar in unicodeScalars {
      if scalar.steersTerminals {
        let hexadecimal = String(scalar.value, radix: 16)
        escaped +=
          scalar.value < 0x100
          ? "\\x" + String(repeating: "0", count: 2 - hexadecimal.count) + hexadecimal
          : "\\u{" + hexadecimal + "}"
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Unicode.Scalar {
  fileprivate var steersTerminals: Bool {
    switch value {
    case 0x09: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
