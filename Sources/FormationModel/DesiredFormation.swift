// What one revision asks for, as a whole.

/// Everything that one revision asks for.
package struct DesiredFormation: Hashable, Codable, Sendable {
  /// The revision it was read from; nil when it was read from a working tree.
  package var revision: Revision?
  /// The apps that are valid, sorted by name.
  package var apps: [DesiredApp]
  /// Apps whose manifests are not valid; their last good formation stays in force.
  package var rejected: [RejectedApp]
  /// Every other source that apps or slugs come from, sorted.
  package var sources: [SourceStanding] = []
  /// The platform's own settings.
  package var platform: Platform
  /// Every problem and note, ordered by file and line.
  package var diagnostics: [Diagnostic]

  /// Makes a formation.
  package init(
    revision: Revision?, apps: [DesiredApp], rejected: [RejectedApp] = [],
    platform: Platform, diagnostics: [Diagnostic] = []
  ) {
    self.revision = revision
    self.apps = apps
    self.rejected = rejected
    self.platform = platform
    self.diagnostics = diagnostics
  }

  /// The revision that a source stands at; nil names the platform's own commit.
  package func revision(of source: AppSource?) -> Revision? {
    guard let source else { return revision }
    return sources.first { $0.source == source }?.revision
  }

  /// Whether the platform itself could not be read: nothing of this revision is taken over.
  package var isRefused: Bool {
    diagnostics.contains { $0.severity == .error && $0.app == nil }
  }
}

/// An app whose manifests are not valid.
package struct RejectedApp: Hashable, Codable, Sendable {
  /// Its name: the manifest's when that can be told, else the folder's.
  package let name: AppName
  /// Its folder.
  package let folder: String
  /// Where its manifests come from; nil: the commit of the platform itself.
  package let source: AppSource?
  /// Why, the first error first.
  package let errors: [Diagnostic]

  /// Makes an entry.
  package init(name: AppName, folder: String, source: AppSource? = nil, errors: [Diagnostic]) {
    self.name = name
    self.folder = folder
    self.source = source
    self.errors = errors
  }
}

/// The settings of platform.yaml that planning and acting need.
package struct Platform: Hashable, Codable, Sendable {
  /// The catalog in force.
  package var catalog: Catalog
  /// How much one commit may remove without consent.
  package var deletionBudget = DeletionBudget()
  /// How long apps that left git can be brought back; nil: an hour.
  package var quarantine: Duration?
  /// How Heroku's commercial limits are taken.
  package var herokuTiers = RuleLevel.deny
  /// The size where nothing says otherwise.
  package var defaultSize: CatalogName?
  /// Log bytes kept per dyno.
  package var logBytesPerDyno: Int64 = 50 << 20
  /// Releases kept per app.
  package var releasesKept = 10
  /// What platform.yaml says of the router; nil when it says nothing.
  package var router: PlatformRouter?
  /// The runtime that platform.yaml names; nil when it names none.
  package var runtime: String?
  /// Percent of the machine's memory that dynos may be promised; nil: nothing limits it.
  package var capacityPercent: Int?
  /// Where each field was written; takes no part in equality.
  package var marks = FieldMarks()

  /// Makes a platform with the defaults.
  package init(catalog: Catalog) { self.catalog = catalog }
}

/// How much one commit may remove without consent.
package struct DeletionBudget: Hashable, Codable, Sendable {
  /// Apps that may vanish at once.
  package var apps = 1
  /// Running dynos that may go because their app or process type vanished, in percent.
  package var dynoPercent = 25

  /// Makes a budget with the defaults.
  package init() {}
}

/// How a rule is taken.
package enum RuleLevel: String, Codable, Sendable, CaseIterable {
  case deny, warn, off
}
