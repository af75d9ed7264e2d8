// Config vars: where a value comes from. A value itself is never printable.

/// A config var's value in clear. It has no description that shows it, on purpose.
package struct ConfigValue: Hashable, Codable, Sendable, CustomStringConvertible,
  CustomDebugStringConvertible, CustomReflectable
{
  /// The value, for the one place that hands it to a container.
  package let unredacted: String

  /// Wraps a value.
  package init(_ value: String) { unredacted = value }

  /// Encodes as a bare string (the state directory is readable by its owner alone).
  package init(from decoder: any Decoder) throws {
    unredacted = try decoder.singleValueContainer().decode(String.self)
  }

  /// Encodes as a bare string.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(unredacted)
  }

  /// Never the value.
  package var description: String { "***" }
  /// Never the value.
  package var debugDescription: String { "***" }
  /// Never the value.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a config var's value comes from.
package enum ConfigSource: Hashable, Codable, Sendable {
  /// Written in the manifest.
  case literal(ConfigValue)
  /// `{generator: secret}`: made once by Muster, kept, never shown.
  case generated
  /// `{secret: NAME}`: from the host's secret store.
  case secret(name: SecretName)

  /// Whether its value stands in no manifest.
  package var isSecret: Bool {
    switch self {
    case .literal: false
    case .generated, .secret: true
    }
  }
}

/// One config var of an app.
package struct ConfigEntry: Hashable, Codable, Sendable {
  /// Its name.
  package let key: ConfigKey
  /// Where its value comes from.
  package let source: ConfigSource

  /// Makes an entry.
  package init(key: ConfigKey, source: ConfigSource) {
    self.key = key
    self.source = source
  }
}

/// A generated secret, by what owns it.
package struct SecretID: Hashable, Comparable, Codable, Sendable {
  /// The app.
  package let app: AppName
  /// The config var.
  package let key: ConfigKey

  /// Makes an id.
  package init(app: AppName, key: ConfigKey) {
    self.app = app
    self.key = key
  }

  /// By app, then by key.
  package static func < (left: SecretID, right: SecretID) -> Bool {
    (left.app, left.key) < (right.app, right.key)
  }
}
