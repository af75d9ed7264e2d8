// The texts under which releases and instances carry secrets: name, version and a keyed hash. They
// travel with instances, so an old text keeps its meaning for good.

/// A config var's fingerprint where its value is a secret: `generated`,
/// `generated v2 HASH`, `secret NAME v3 HASH`, `platform-secret NAME v3 HASH`.
package struct SecretFingerprint: Hashable, Sendable {
  /// The secret's name; nil for a generated one.
  package let name: SecretName?
  /// Which version of it.
  package let version: SecretVersion

  /// Makes a fingerprint of a generated secret (no name) or of one in the store.
  package init(_ name: SecretName?, _ version: SecretVersion) {
    self.name = name
    self.version = version
  }

  /// Reads a fingerprint; nil for those of literals.
  package init?(_ text: String) {
    // Most config vars are literals.
    guard Self.nouns.contains(where: text.hasPrefix) else { return nil }
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    if words == ["generated"] {
      self.init(nil, SecretVersion(.app, 1))
    } else if words.count == 3, words[0] == "generated", let number = Self.number(words[1]) {
      self.init(nil, SecretVersion(.app, number))
    } else if words.count == 4, let scope = Self.scope(words[0]),
      let name = SecretName(rawValue: words[1]), let number = Self.number(words[2])
    {
      self.init(name, SecretVersion(scope, number))
    } else {
      return nil
    }
  }

  /// The text, with a keyed hash of the value: a number that was used twice, because files got lost
  /// in between, is told by it.
  package func text(hash: String) -> String {
    guard let name else {
      // Version 1 has the text of the time before there were versions: it restarts nobody.
      return version.number == 1 ? "generated" : "generated v\(version.number) \(hash)"
    }
    let noun = version.scope == .app ? "secret" : "platform-secret"
    return "\(noun) \(name) v\(version.number) \(hash)"
  }

  private static let nouns = ["generated", "secret", "platform-secret"]

  private static func scope(_ noun: String) -> SecretScope? {
    switch noun {
    case "secret": .app
    case "platform-secret": .platform
    default: nil
    }
  }

  private static func number(_ text: String) -> Int? {
    guard text.first == "v", let number = Int(text.dropFirst()), number > 0 else { return nil }
    return number
  }
}

/// A secret that has another version than before: who changed it is a command, not the manifest.
package struct SecretChange: Hashable, Codable, Sendable {
  /// The secret's name; a generated one has the config var's.
  package let name: String
  /// The version that was.
  package let from: SecretVersion
  /// The version that is to be.
  package let to: SecretVersion

  /// Reads the change out of two fingerprints of one config var; nil when they are not of the same
  /// secret.
  package init?(_ key: ConfigKey, from old: String?, to new: String?) {
    guard let old = old.flatMap(SecretFingerprint.init),
      let new = new.flatMap(SecretFingerprint.init), old.name == new.name
    else { return nil }
    name = old.name?.rawValue ?? key.rawValue
    from = old.version
    to = new.version
  }
}
