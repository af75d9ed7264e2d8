// Which commit is behind a place in a manifest. Two repositories may hold files of one name, so a
// place is looked up by its app.

package import FormationModel

/// The newest commits that touched manifest files.
package struct Provenance: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private var own: [String: Revision] = [:]
  private var others: [AppName: [String: Revision]] = [:]

  /// Knows nothing.
  package init() {}

  /// Commits by files of the platform's own repository.
  package init(dictionaryLiteral elements: (String, Revision)...) {
    own = Dictionary(elements, uniquingKeysWith: { _, last in last })
  }

  /// The commit behind a file of the platform's own repository.
  package subscript(_ file: String) -> Revision? {
    get { own[file] }
    set { own[file] = newValue }
  }

  /// Notes the commit behind a file: of the app's own source, or, where that is nil, of the
  /// platform's repository.
  package mutating func note(
    _ revision: Revision, behind file: String, of app: AppName, _ source: AppSource?
  ) {
    if Self.isElsewhere(file, source) {
      others[app, default: [:]][file] = revision
    } else {
      own[file] = revision
    }
  }

  /// Whether a file that an app cites is in the app's source rather than in the platform's
  /// repository: platform.yaml is read from the latter alone.
  package static func isElsewhere(_ file: String, _ source: AppSource?) -> Bool {
    source != nil && file != "platform.yaml"
  }

  /// The commit behind a file that an app cites; nil when it is not known.
  package func commit(behind file: String, of app: AppName) -> Revision? {
    others[app].map { $0[file] } ?? own[file]
  }
}
