// What `validate --format json` prints: the apps with their process types, and every diagnostic.

package import FormationModel

/// Renders a validated formation as JSON.
package enum DiagnosticJSON {
  /// `{"format":1,"apps":[{"name","processes":[…]}],"diagnostics":[…]}`.
  package static func document(_ formation: DesiredFormation) -> JSONValue {
    [
      "format": .number(1),
      "apps": .array(formation.apps.map(app)),
      "diagnostics": .array(formation.diagnostics.map(diagnostic)),
    ]
  }

  private static func app(_ app: DesiredApp) -> JSONValue {
    ["name": .string(app.name.rawValue), "processes": .array(app.processes.map(process))]
  }

  private static func process(_ process: DesiredProcess) -> JSONValue {
    [
      "type": .string(process.type.rawValue),
      "command": .string(process.command),
      "quantity": .number(process.quantity),
      "size": .string(process.size.rawValue),
    ]
  }

  static func diagnostic(_ diagnostic: Diagnostic) -> JSONValue {
    [
      "severity": .string(diagnostic.severity.rawValue),
      "code": .string(diagnostic.code),
      "app": .optional(diagnostic.app),
      "source": .optional(diagnostic.origin),
      "file": .optional(diagnostic.mark?.file),
      "line": .optional(diagnostic.mark?.line),
      "column": .optional(diagnostic.mark?.column),
      "message": .string(diagnostic.message),
      "fix": .optional(diagnostic.fix),
      "related": .array(
        diagnostic.related.map { other in
          [
            "file": .string(other.mark.file), "line": .number(other.mark.line),
            "column": .number(other.mark.column), "message": .string(other.message),
          ]
        }),
    ]
  }
}
