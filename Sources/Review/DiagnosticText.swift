// Diagnostics for people: where, what, the line itself, what to do, and the other places.

package import FormationModel

/// Renders diagnostics as text.
package struct DiagnosticText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// The texts of the manifests, by path, where they are at hand.
  package var sources: [String: String]

  /// Makes a renderer.
  package init(style: TextStyle = .plain, sources: [String: String] = [:]) {
    self.style = style
    self.sources = sources
  }

  /// All of them, an empty line between two, and a last line with the counts.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    guard !diagnostics.isEmpty else { return "" }
    let blocks = diagnostics.map { lines($0).joined(separator: "\n") }
    return blocks.joined(separator: "\n\n") + "\n\n" + Self.counts(diagnostics) + "\n"
  }

  /// `2 errors, 1 warning`; empty when there is none of any.
  package static func counts(_ diagnostics: [Diagnostic]) -> String {
    Diagnostic.Severity.allCases.compactMap { severity in
      let count = diagnostics.count { $0.severity == severity }
      return count > 0 ? Count.of(count, severity.rawValue) : nil
    }.joined(separator: ", ")
  }

  /// `file:line:column: error[code]: message`, then what belongs to it.
  package func lines(_ diagnostic: Diagnostic) -> [String] {
    let origin = diagnostic.origin.map { "\($0.escapingControls): " } ?? ""
    let place = diagnostic.mark.map { "\(origin)\($0.description.escapingControls): " } ?? ""
    let owner = diagnostic.mark == nil ? diagnostic.app.map { "\($0): " } ?? "" : ""
    let head = style("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", role(diagnostic))
    var lines = ["\(place)\(owner.escapingControls)\(head): \(diagnostic.message.escapingControls)"]
    // The texts at hand are those of one repository.
    let isHere = diagnostic.origin == nil
    lines += diagnostic.mark.map { isHere ? quote($0) : [] } ?? []
    if let fix = diagnostic.fix { lines.append("  fix: \(fix.escapingControls)") }
    for other in diagnostic.related {
      let place = other.mark.description.escapingControls
      lines.append("  \(place): \(other.message.escapingControls)")
      lines += isHere ? quote(other.mark) : []
    }
    return lines
  }

  private func role(_ diagnostic: Diagnostic) -> TextStyle.Role {
    switch diagnostic.severity {
    case .error: .bad
    case .warning: .changing
    case .note: .quiet
    }
  }

  private func quote(_ mark: SourceMark) -> [String] {
    guard let source = sources[mark.file],
      let quoted = QuotedLine(line: mark.line, column: mark.column, of: source, file: mark.file)
    else { return [] }
    let number = String(mark.line)
    let margin = String(repeating: " ", count: number.count)
    let before = quoted.text.prefix(quoted.caret).map { $0 == "\t" ? "\t" : " " }.joined()
    return [
      "  \(style("\(number) |", .quiet)) \(quoted.text)",
      "  \(style("\(margin) |", .quiet)) \(before)\(style("^", .bad))",
    ]
  }
}

extension Diagnostic {
  /// The message, with the place where that is in another repository.
  var placedMessage: String {
    guard let origin, let mark else { return message }
    return "\(origin): \(mark): \(message)"
  }
}
