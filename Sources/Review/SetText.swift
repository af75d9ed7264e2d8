// What `muster set` has set, and where it stands now. Values of config vars are shown by nothing.

package import FormationModel
package import ManifestParsing

/// Renders edits of app.yaml as text.
package enum SetText {
  /// One line a field: `apps/shop/app.yaml:4: formation.web.quantity 2 → 3`.
  package static func render(_ manifest: EditedManifest) -> String {
    guard !manifest.fields.isEmpty else {
      return "\(manifest.file.escapingControls) says so already; nothing was written.\n"
    }
    return manifest.fields.map { field in
      let words = FieldChangeText.words(field.change).escapingControls
      return "\(manifest.file.escapingControls):\(field.line): \(words)\n"
    }.joined()
  }
}

/// Renders edits of app.yaml as JSON.
package enum SetJSON {
  /// `{"format":1,"app","file","changes":[{"field","from","to","line"}]}`.
  package static func document(_ app: AppName, _ manifest: EditedManifest) -> JSONValue {
    [
      "format": .number(1),
      "app": .string(app.rawValue),
      "file": .string(manifest.file),
      "changes": .array(
        manifest.fields.map { field in
          [
            "field": .string(field.change.field.rawValue),
            "from": field.change.from.isEmpty
              ? .null : .string(FieldChangeText.safe(field.change.from, of: field.change.field)),
            "to": .string(FieldChangeText.safe(field.change.to, of: field.change.field)),
            "line": .integer(field.line),
          ]
        }),
    ]
  }
}
