// Secrets as the model knows them: whose they are, what they are called, which version. Their
// values are in no type of this file.

/// A secret's name in the host's store: 1 to 128 of `[A-Za-z0-9_.-]`, a letter, digit or `_` first.
package struct SecretName: TextValue {
  /// The name as written.
  package let rawValue: String

  /// Returns nil when the text breaks the rule.
  package init?(rawValue: String) {
    let bytes = Array(rawValue.utf8)
    let underscore = UInt8(ascii: "_")
    guard let first = bytes.first, bytes.count <= 128,
      first.isLetter || first.isDigit || first == underscore,
      bytes.allSatisfy({
        $0.isLetter || $0.isDigit || $0 == underscore || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: ".")
      })
    else { return nil }
    self.rawValue = rawValue
  }
}

/// A secret of this machine, by what owns it.
package enum SecretSubject: Hashable, Comparable, Codable, Sendable {
  /// Made by Muster for one config var.
  case generated(SecretID)
  /// Put into the store by a person: for one app, or, without one, for the whole platform.
  case stored(SecretName, app: AppName?)

  /// The app that owns it; nil for the platform.
  package var app: AppName? {
    switch self {
    case .generated(let secret): secret.app
    case .stored(_, let app): app
    }
  }

  /// What people call it: the config var's name, or the secret's.
  package var name: String {
    switch self {
    case .generated(let secret): secret.key.rawValue
    case .stored(let name, _): name.rawValue
    }
  }

  /// By owner (the platform first), then by name, generated ones first.
  package static func < (left: SecretSubject, right: SecretSubject) -> Bool {
    left.order.lexicographicallyPrecedes(right.order)
  }

  private var order: [String] {
    switch self {
    case .generated: [app?.rawValue ?? "", name, "generated"]
    case .stored: [app?.rawValue ?? "", name, "stored"]
    }
  }
}

/// For whom a secret is.
package enum SecretScope: String, Codable, Sendable, CaseIterable {
  /// For one app.
  case app
  /// For every app that has none of that name itself.
  case platform
}

/// What a release keeps in place of a secret's value. The app is the release's own.
package struct SecretVersion: Hashable, Codable, Sendable {
  /// For whom the secret is.
  package let scope: SecretScope
  /// 1, 2, …; only ever grows.
  package let number: Int

  /// Makes a version.
  package init(_ scope: SecretScope, _ number: Int) {
    self.scope = scope
    self.number = number
  }
}

/// What the store has of a secret.
package enum SecretStanding: Hashable, Sendable {
  /// It was never there, or it is lost.
  case absent
  /// Somebody removed it.
  case removed
  /// Its newest version.
  case version(Int)
}

/// Why a config var's secret could not be looked up.
package struct SecretProblem: Hashable, Codable, Sendable {
  /// The kinds of problems.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// It is not in the store.
    case absent
    /// Somebody removed it.
    case removed
    /// Its file is not as it was written.
    case damaged
  }

  /// The config var.
  package let key: ConfigKey
  /// The secret of the store; nil for a generated one.
  package let name: SecretName?
  /// What is wrong with it.
  package let kind: Kind

  /// Makes a problem.
  package init(_ key: ConfigKey, _ name: SecretName?, _ kind: Kind) {
    self.key = key
    self.name = name
    self.kind = kind
  }
}
