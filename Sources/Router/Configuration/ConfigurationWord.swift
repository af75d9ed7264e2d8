// What may stand in HAProxy's files. What a manifest says gets there only as a word of these sets,
// so that no name and no domain can ever be read as configuration.

import FormationModel

/// Checks words.
enum ConfigurationWord {
  /// The word as it is, of `[A-Za-z0-9_.-]`. Fails with `bad-router-word`.
  static func name(_ text: String, _ what: String) throws(EffectFailure) -> String {
    try check(text, what, limit: 255) { $0.isWordCharacter }
  }

  /// The same, of an absolute path: `[A-Za-z0-9_./-]`.
  static func path(_ text: String, _ what: String) throws(EffectFailure) -> String {
    let path = try check(text, what, limit: 1024) { $0.isWordCharacter || $0 == UInt8(ascii: "/") }
    guard path.hasPrefix("/") else { throw failure(text, what) }
    return path
  }

  /// The same, of an IP address, with brackets when it is one of IPv6.
  static func address(_ text: String, _ what: String) throws(EffectFailure) -> String {
    let address = try check(text, what, limit: 45) { byte in
      byte.isHexadecimal || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }
    return address.contains(":") ? "[\(address)]" : address
  }

  /// A port.
  static func port(_ number: Int, _ what: String) throws(EffectFailure) -> Int {
    guard (1...65535).contains(number) else { throw failure("\(number)", what) }
    return number
  }

  /// A host as a map has it: lower case, without the star of `*.example.com`.
  static func host(_ text: String) throws(EffectFailure) -> String {
    let host = text.hasPrefix("*.") ? String(text.dropFirst()) : text
    return try check(host.lowercased(), "host", limit: 255) { $0.isWordCharacter }
  }

  private static func check(
    _ text: String, _ what: String, limit: Int, _ allows: (UInt8) -> Bool
  ) throws(EffectFailure) -> String {
    guard (1...limit).contains(text.utf8.count), text.utf8.allSatisfy(allows) else {
      throw failure(text, what)
    }
    return text
  }

  private static func failure(_ text: String, _ what: String) -> EffectFailure {
    EffectFailure(
      "bad-router-word", "the \(what) \(text.printable.debugDescription) cannot be routed",
      fix: "use letters, digits, dots and hyphens only", retry: .withNewContent)
  }
}

extension UInt8 {
  fileprivate var isWordCharacter: Bool {
    isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: ".")
      || self == UInt8(ascii: "-")
  }

  fileprivate var isHexadecimal: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}

extension StringProtocol {
  /// The text with control characters replaced and its length bounded: safe to print.
  var printable: String {
    let scalars = unicodeScalars.prefix(300).map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: "\u{FFFD}"
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
