// An app's merged manifest, each value with the place it comes from.

import FormationModel
package import ManifestParsing

/// Renders merged manifests.
package enum ManifestText {
  /// One line per field: name, value, place. `(default)` where nobody wrote it.
  package static func render(_ fields: [ShownField]) -> String {
    var table = TextTable()
    for field in fields {
      table.add([
        .init(field.field.rawValue), .init(value(field)),
        .init(field.mark.map { "\($0.file):\($0.line)" } ?? "(default)"),
      ])
    }
    return table.lines(.plain).map { $0 + "\n" }.joined()
  }

  /// `{"format":1,"app","fields":[{"field","value","file","line"}]}`.
  package static func document(_ app: String, _ fields: [ShownField]) -> JSONValue {
    [
      "format": .number(1),
      "app": .string(app),
      "fields": .array(
        fields.map { field in
          [
            "field": .string(field.field.rawValue), "value": .string(value(field)),
            "file": .optional(field.mark?.file), "line": .optional(field.mark?.line),
          ]
        }),
    ]
  }

  /// The value, where none of a config var can stand: a misspelled `env` shows none either.
  private static func value(_ field: ShownField) -> String {
    let path = field.field.rawValue.split(separator: ".").map(String.init)
    // Config vars come without their values; commands are the Procfile's.
    let isSafe = path.first == "env" || path.first == "processes" || ValueFreeSections.contain(path)
    let hasCredentials = field.value.contains("://") && field.value.contains("@")
    return isSafe && !hasCredentials ? field.value : "(not shown)"
  }
}
