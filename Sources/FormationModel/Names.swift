// The names people write in manifests, each with its rule. A name that breaks its rule cannot
// exist.

/// An app's name: `^[a-z][a-z0-9-]{1,28}[a-z0-9]$` (Heroku's rule).
package struct AppName: TextValue {
  /// The name as written.
  package let rawValue: String

  /// Returns nil when the text breaks the rule.
  package init?(rawValue: String) {
    let bytes = rawValue.utf8
    guard (3...30).contains(bytes.count), bytes.first?.isLowerLetter == true,
      bytes.last != UInt8(ascii: "-"),
      bytes.allSatisfy({ $0.isLowerLetter || $0.isDigit || $0 == UInt8(ascii: "-") })
    else { return nil }
    self.rawValue = rawValue
  }

  /// The valid name nearest to any text: what reports call an app whose manifest gives it none.
  package init(nearestTo text: String) {
    let plain = text.lowercased().utf8.map { byte in
      byte.isLowerLetter || byte.isDigit ? byte : UInt8(ascii: "-")
    }
    let start = plain.drop { !$0.isLowerLetter }.prefix(30)
    let end = start.reversed().drop { $0 == UInt8(ascii: "-") }.reversed()
    let name = String(decoding: Array(end), as: UTF8.self)
    rawValue = name.utf8.count >= 3 ? name : name.isEmpty ? "app" : "app-\(name)"
  }
}

/// A process type of a Procfile: `[A-Za-z0-9_-]{1,128}`.
package struct ProcessType: TextValue {
  /// The name as written.
  package let rawValue: String

  /// Returns nil when the text breaks the rule.
  package init?(rawValue: String) {
    let bytes = rawValue.utf8
    guard (1...128).contains(bytes.count),
      bytes.allSatisfy({
        $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      })
    else { return nil }
    self.rawValue = rawValue
  }

  init(known: String) { rawValue = known }

  /// The one type that receives HTTP.
  package static let web = ProcessType(known: "web")
  /// The command that runs before a release goes live; never scaled.
  package static let release = ProcessType(known: "release")
  /// One-off dynos by command.
  package static let run = ProcessType(known: "run")
  /// Prefixes of one-off dynos; no Procfile may scale them.
  package static let reserved: [ProcessType] = [
    ProcessType(known: "release"), ProcessType(known: "run"), ProcessType(known: "scheduler"),
  ]
}

/// A config var's name: `[A-Za-z_][A-Za-z0-9_]*`, not starting with `__`.
package struct ConfigKey: TextValue {
  /// The name as written.
  package let rawValue: String

  /// Returns nil when the text breaks the rule.
  package init?(rawValue: String) {
    let bytes = rawValue.utf8
    guard let first = bytes.first, bytes.count <= 256,
      first.isLetter || first == UInt8(ascii: "_"),
      !rawValue.hasPrefix("__"),
      bytes.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
    else { return nil }
    self.rawValue = rawValue
  }
}

/// A catalog name in lower case: a dyno type, a stack, an add-on service or plan.
package struct CatalogName: TextValue {
  /// The name as written.
  package let rawValue: String

  /// Returns nil unless the text is 1 to 64 of `[a-z0-9.-]`, a letter or digit first.
  package init?(rawValue: String) {
    let bytes = rawValue.utf8
    guard let first = bytes.first, bytes.count <= 64, first.isLowerLetter || first.isDigit,
      bytes.allSatisfy({
        $0.isLowerLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      })
    else { return nil }
    self.rawValue = rawValue
  }

  private init(known: String) { rawValue = known }

  /// The stack of an app that names none.
  package static let defaultStack = CatalogName(known: "debian-12")
  /// The size where neither app nor platform names one.
  package static let standardSize = CatalogName(known: "standard-1x")
}

extension UInt8 {
  /// Whether the byte is an ASCII lower-case letter.
  package var isLowerLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
  /// Whether the byte is an ASCII letter.
  package var isLetter: Bool {
    isLowerLetter || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }
  /// Whether the byte is an ASCII digit.
  package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
