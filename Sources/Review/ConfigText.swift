// The config vars that an app's current release has, as `heroku config` lists them. Values only
// where somebody asked to see them.

package import FormationModel

/// One config var of a release.
package struct ConfigListing: Hashable, Sendable {
  /// Its name.
  package let key: ConfigKey
  /// The secret behind it; nil for a value that stands in the manifest.
  package let secret: SecretSubject?
  /// The secret's version.
  package let version: Int?
  /// Where it is written; nil when that is not known.
  package let mark: SourceMark?
  /// Its value, when somebody asked to see it; nil else.
  package let shown: ConfigValue?

  /// Makes a listing.
  package init(
    _ key: ConfigKey, secret: SecretSubject?, version: Int?, mark: SourceMark?, shown: ConfigValue?
  ) {
    self.key = key
    self.secret = secret
    self.version = version
    self.mark = mark
    self.shown = shown
  }

  /// `app.yaml:4`, `generated v1`, `secret STRIPE_KEY v2`.
  package var source: String {
    let place = mark.map { "\($0.file):\($0.line)" } ?? "the manifest"
    guard let secret, let version else { return place }
    switch secret {
    case .generated: return "generated v\(version)"
    case .stored(let name, nil): return "secret \(name) v\(version) of the platform"
    case .stored(let name, _): return "secret \(name) v\(version)"
    }
  }
}

/// Renders config vars as text.
package struct ConfigText: Sendable {
  /// Colour or not.
  package var style: TextStyle

  /// Makes a renderer.
  package init(style: TextStyle = .plain) { self.style = style }

  /// Heroku's heading, then a line for each: its value where it is shown, and where it is from.
  package func render(_ app: AppName, release: Int?, _ vars: [ConfigListing]) -> String {
    guard let release else { return "⬢ \(app) has no release yet\n" }
    var table = TextTable()
    for item in vars {
      let value = item.shown.map { [TextTable.Cell($0.unredacted)] } ?? []
      table.add([.init("\(item.key):", .good)] + value + [.init(item.source, .quiet)])
    }
    let lines = vars.isEmpty ? ["no config vars"] : table.lines(style)
    return (["=== ⬢ \(app) Config Vars (v\(release))"] + lines).joined(separator: "\n") + "\n"
  }

  /// `KEY=value` for each that is shown, quoted so that a shell and `secrets import` take it.
  package static func shell(_ vars: [ConfigListing]) -> String {
    vars.compactMap { item in item.shown.map { "\(item.key)=\(quoted($0.unredacted))\n" } }
      .joined()
  }

  /// As `heroku config --shell` quotes, except that a backslash goes into double quotes, where a
  /// shell reads it in the same way.
  private static func quoted(_ value: String) -> String {
    let plain = value.utf8.allSatisfy {
      $0.isLetter || $0.isDigit || "_-./+%".utf8.contains($0)
    }
    if plain && !value.isEmpty { return value }
    guard value.contains(where: { "'\\\n".contains($0) }) else { return "'\(value)'" }
    var text = "\""
    for character in value.unicodeScalars {
      switch character {
      case "\"", "\\", "$", "`": text += "\\\(character)"
      default: text.unicodeScalars.append(character)
      }
    }
    return text + "\""
  }
}

/// Renders config vars as JSON.
package enum ConfigJSON {
  /// `{"format":1,"app":…,"release":…,"config":[…]}`; `value` is null where it is not shown.
  package static func document(
    _ app: AppName, release: Int?, _ vars: [ConfigListing]
  ) -> JSONValue {
    [
      "format": .number(1), "app": .string(app.rawValue), "release": .optional(release),
      "config": .array(vars.map(item)),
    ]
  }

  private static func item(_ item: ConfigListing) -> JSONValue {
    let origin =
      switch item.secret {
      case nil: "manifest"
      case .generated: "generated"
      case .stored: "secret"
      }
    return [
      "key": .string(item.key.rawValue), "source": .string(origin),
      "secret": .optional(item.secret?.name), "owner": .optional(item.secret?.app?.rawValue),
      "version": .optional(item.version), "file": .optional(item.mark?.file),
      "line": .optional(item.mark?.line), "value": .optional(item.shown?.unredacted),
    ]
  }
}
