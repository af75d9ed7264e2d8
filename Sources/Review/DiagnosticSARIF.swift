// Diagnostics as SARIF 2.1.0, which code hosts and editors read.

package import FormationModel

/// Renders diagnostics as SARIF.
package enum DiagnosticSARIF {
  /// A log with one run; rules are the codes that occur, sorted.
  package static func document(_ diagnostics: [Diagnostic]) -> JSONValue {
    let codes = Set(diagnostics.map(\.code)).sorted { left, right in
      left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    let driver: JSONValue = [
      "name": .string("muster"),
      "rules": .array(codes.map { ["id": .string($0)] }),
    ]
    return [
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
      "version": .string("2.1.0"),
      "runs": [
        [
          "tool": ["driver": driver],
          "columnKind": .string("unicodeCodePoints"),
          "results": .array(diagnostics.map(result)),
        ]
      ],
    ]
  }

  private static func result(_ diagnostic: Diagnostic) -> JSONValue {
    let level: String =
      switch diagnostic.severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "note"
      }
    let mark = diagnostic.origin == nil ? diagnostic.mark : nil
    let text = [diagnostic.placedMessage, diagnostic.fix].compactMap { $0 }.joined(separator: "\n")
    var members: [JSONValue.Member] = [
      .init("ruleId", .string(diagnostic.code)),
      .init("level", .string(level)),
      .init("message", ["text": .string(text)]),
      .init("locations", .array(mark.map { [location($0)] } ?? [])),
    ]
    if !diagnostic.related.isEmpty, diagnostic.origin == nil {
      members.append(.init("relatedLocations", .array(diagnostic.related.map(related))))
    }
    return .object(members)
  }

  private static func location(_ mark: SourceMark) -> JSONValue {
    ["physicalLocation": physical(mark)]
  }

  private static func related(_ other: Diagnostic.Related) -> JSONValue {
    ["physicalLocation": physical(other.mark), "message": ["text": .string(other.message)]]
  }

  private static func physical(_ mark: SourceMark) -> JSONValue {
    [
      "artifactLocation": ["uri": .string(uri(mark.file)), "uriBaseId": .string("%SRCROOT%")],
      "region": ["startLine": .number(mark.line), "startColumn": .number(mark.column)],
    ]
  }

  /// The path as a relative URI reference: everything but unreserved characters and `/` encoded.
  private static func uri(_ path: String) -> String {
    path.utf8.map { byte in
      let isUnreserved =
        byte.isLetter || byte.isDigit || [0x2D, 0x2E, 0x2F, 0x5F, 0x7E].contains(byte)
      if isUnreserved { return String(UnicodeScalar(byte)) }
      let hexadecimal = String(byte, radix: 16, uppercase: true)
      return byte < 16 ? "%0\(hexadecimal)" : "%\(hexadecimal)"
    }.joined()
  }
}
