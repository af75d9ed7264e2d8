// Diagnostics as workflow commands: GitHub shows them at the lines of a pull request.

package import FormationModel

/// Renders diagnostics as GitHub annotations.
package enum DiagnosticGitHub {
  /// One `::error file=…,line=…,col=…,title=…::message` per diagnostic, errors first: GitHub shows
  /// ten of each kind per step.
  package static func render(_ diagnostics: [Diagnostic]) -> String {
    let ordered = Diagnostic.Severity.allCases.flatMap { severity in
      diagnostics.filter { $0.severity == severity }
    }
    return ordered.map { annotation($0) + "\n" }.joined()
  }

  private static func annotation(_ diagnostic: Diagnostic) -> String {
    let command =
      switch diagnostic.severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "notice"
      }
    var properties: [String] = []
    // A place in another repository is no place that GitHub could show.
    if let mark = diagnostic.mark, diagnostic.origin == nil {
      properties.append("file=\(property(mark.file))")
      properties += ["line=\(mark.line)", "col=\(mark.column)"]
    }
    properties.append("title=\(property(diagnostic.code))")
    let message = [diagnostic.placedMessage, diagnostic.fix].compactMap { $0 }.joined(
      separator: "\n")
    return "::\(command) \(properties.joined(separator: ","))::\(data(message))"
  }

  private static func data(_ text: String) -> String {
    replacing(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  private static func property(_ text: String) -> String {
    replacing(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
  }

  private static func replacing(_ text: String, _ table: [Unicode.Scalar: String]) -> String {
    text.unicodeScalars.map { table[$0] ?? String($0) }.joined()
  }
}
