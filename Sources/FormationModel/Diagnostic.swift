// Problems with manifests as data; one renderer per format words them.

/// One problem, or one note, about what a manifest says.
package struct Diagnostic: Hashable, Codable, Sendable {
  /// How bad it is.
  package enum Severity: String, Codable, Sendable, CaseIterable {
    /// The app it belongs to cannot be taken over.
    case error
    /// It works, but probably not as meant.
    case warning
    /// Something was read leniently or not used.
    case note
  }

  /// How bad it is.
  package let severity: Severity
  /// A stable name for programs and documentation, in kebab-case: `duplicate-key`.
  package let code: String
  /// Where; nil when the problem has no place (a missing file).
  package let mark: SourceMark?
  /// The app it concerns; nil for the platform.
  package let app: String?
  /// What is wrong, in one line, without a full stop.
  package let message: String
  /// What to do, in one line; nil when the message says it.
  package let fix: String?
  /// Other places that belong to it, each with a word why ("first defined here").
  package let related: [Related]
  /// The repository and commit that the place is in; nil: the ones that were asked about.
  package var origin: String?

  /// Another place that belongs to a problem.
  package struct Related: Hashable, Codable, Sendable {
    /// The place.
    package let mark: SourceMark
    /// Why it belongs.
    package let message: String

    /// Makes a related place.
    package init(mark: SourceMark, message: String) {
      self.mark = mark
      self.message = message
    }
  }

  /// Makes a diagnostic.
  package init(
    _ severity: Severity, _ code: String, at mark: SourceMark?, app: String? = nil,
    _ message: String, fix: String? = nil, related: [Related] = []
  ) {
    self.severity = severity
    self.code = code
    self.mark = mark
    self.app = app
    self.message = message
    self.fix = fix
    self.related = related
  }
}
