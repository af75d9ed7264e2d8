// What a Procfile says: process types and their commands. How a line is read is in ProcfileLine;
// which types an app may scale is not decided here.

package import FormationModel

/// A Procfile as Heroku reads it, with every line that somebody should look at.
package struct Procfile: Hashable, Sendable {
  /// Process types with their commands, in the order written; of a type written twice the last.
  package let entries: [ProcfileEntry]
  /// What is wrong or odd. An error means that the app cannot be taken over.
  package let diagnostics: [Diagnostic]

  /// Returns what a Procfile says. Any bytes are read: what is no Procfile gives an error. `file`
  /// is its path for the places, `app` the app that the diagnostics are about.
  package static func read(_ bytes: [UInt8], file: String, app: String? = nil) -> Procfile {
    var reader = ProcfileReader(file: file, app: app)
    reader.read(bytes)
    return Procfile(entries: reader.winners, diagnostics: reader.diagnostics)
  }
}

/// One process type of a Procfile.
package struct ProcfileEntry: Hashable, Sendable {
  /// The process type.
  package let type: ProcessType
  /// Its command as written; the stack's shell runs it.
  package let command: String
  /// Where the type is written.
  package let mark: SourceMark
}
