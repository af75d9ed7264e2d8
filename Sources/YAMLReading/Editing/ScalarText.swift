// Writes text as a scalar: plain where it reads back as just that text, in quotes where it must be.

/// What a value is meant as.
package enum ScalarMeaning: Hashable, Sendable {
  /// Text whatever it looks like: a config var.
  case text
  /// Up to the field: a number, true, null, or text.
  case value
}

/// Text as YAML writes it.
enum ScalarText {
  /// Returns text as one scalar on one line. `style` is how the value before it was written: its
  /// quotes are kept where they do no harm. `isFlow`: inside `{…}` or `[…]`.
  static func written(
    _ text: String, as meaning: ScalarMeaning, keeping style: YAMLEvent.ScalarStyle? = nil,
    isFlow: Bool
  ) -> String {
    let isWord = meaning == .value && (isNumber(text) || ["true", "false", "null"].contains(text))
    switch style {
    case .singleQuoted where !isWord && !needsEscapes(text):
      return "'" + text.replacing("'", with: "''") + "'"
    case .doubleQuoted where !isWord: return doubleQuoted(text)
    default: break
    }
    let isPlain =
      isPlainText(text, isFlow: isFlow) && (meaning == .value || !isReadOtherwise(text))
    return isPlain ? text : quoted(text)
  }

  /// In quotes: double ones, unless that would need escapes and single ones do not.
  private static func quoted(_ text: String) -> String {
    if needsEscapes(text) || !text.contains(where: { $0 == "\"" || $0 == "\\" }) {
      return doubleQuoted(text)
    }
    return "'" + text.replacing("'", with: "''") + "'"
  }

  private static func doubleQuoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where isSpecial(character):
        let digits = String(character.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      default: result.unicodeScalars.append(character)
      }
    }
    return result + "\""
  }

  private static func needsEscapes(_ text: String) -> Bool {
    text.unicodeScalars.contains(where: isSpecial)
  }

  /// Characters that do not stand for themselves in a line of YAML.
  private static func isSpecial(_ character: Unicode.Scalar) -> Bool {
    switch character.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  /// Whether text reads back as itself without quotes.
  private static func isPlainText(_ text: String, isFlow: Bool) -> Bool {
    let characters = Array(text.unicodeScalars)
    guard let first = characters.first, let last = characters.last, first != " ", last != " ",
      last != ":", !needsEscapes(text), text != "<<"
    else { return false }
    if "?:,[]{}#&*!|>'\"%@`=~".unicodeScalars.contains(first) { return false }
    if first == "-", characters.count < 2 || !isWordPart(characters[1]) { return false }
    if text.hasPrefix("...") { return false }
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      if character == ":", next == " " || (isFlow && ",[]{}".unicodeScalars.contains(next)) {
        return false
      }
      if character == " ", next == "#" { return false }
      if isFlow, ",[]{}".unicodeScalars.contains(character) { return false }
    }
    return true
  }

  private static func isWordPart(_ character: Unicode.Scalar) -> Bool {
    character.properties.isAlphabetic || ("0"..."9").contains(character)
  }

  /// Whether other readers of YAML would take plain text for something else: `no`, `0777`, `1e3`,
  /// `12:30`, `null`. Muster reads config vars as text anyway; people are not sure.
  private static func isReadOtherwise(_ text: String) -> Bool {
    let words = [
      "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf", ".nan",
    ]
    if words.contains(text.lowercased()) { return true }
    guard let first = text.utf8.first, first.isDigit || [0x2B, 0x2D, 0x2E].contains(first) else {
      return false
    }
    let signs = "+-.:_eExoabcdfABCDF".utf8
    return !isNumber(text) && text.utf8.contains(where: \.isDigit)
      && text.utf8.allSatisfy { $0.isDigit || signs.contains($0) }
  }

  /// Whether text is a whole number in plain decimal digits.
  private static func isNumber(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.utf8.allSatisfy(\.isDigit)
      && (digits == "0" || !digits.hasPrefix("0"))
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
