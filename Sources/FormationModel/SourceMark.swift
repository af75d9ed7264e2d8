// Where in the repository something was written.

/// A place in a file: what an error, a plan and `why` point at.
package struct SourceMark: Hashable, Codable, Sendable, CustomStringConvertible {
  /// The file's path from the repository's root.
  package let file: String
  /// The line, from 1.
  package let line: Int
  /// The column in characters, from 1.
  package let column: Int

  /// Makes a mark; line and column count from 1.
  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`.
  package var description: String { "\(file):\(line):\(column)" }
}

/// A field of an app's manifest, as people write it: `formation.web.quantity`, `env.KEY`,
/// `processes.web.command`, `slug`, `stack`.
package struct FieldPath: TextValue, ExpressibleByStringLiteral {
  /// The dotted path.
  package let rawValue: String

  /// Wraps a dotted path.
  package init(rawValue: String) { self.rawValue = rawValue }
  /// Wraps a dotted path.
  package init(_ path: String) { rawValue = path }
  /// Wraps a dotted path.
  package init(stringLiteral path: String) { rawValue = path }
}

/// Where each field of an app was written. Two apps that differ in marks alone are the same app, so
/// marks take no part in equality.
package struct FieldMarks: Hashable, Codable, Sendable {
  /// Field → place.
  package var places: [FieldPath: SourceMark]

  /// Makes marks from places.
  package init(_ places: [FieldPath: SourceMark] = [:]) { self.places = places }

  /// The field's own place, or that of the nearest field around it; nil when neither was written.
  package subscript(_ field: FieldPath) -> SourceMark? {
    var path = field.rawValue
    while true {
      if let mark = places[FieldPath(path)] { return mark }
      guard let dot = path.lastIndex(of: ".") else { return nil }
      path = String(path[..<dot])
    }
  }

  /// Always true: marks take no part in equality.
  package static func == (left: FieldMarks, right: FieldMarks) -> Bool { true }

  /// Adds nothing: marks take no part in equality.
  package func hash(into hasher: inout Hasher) {}
}
