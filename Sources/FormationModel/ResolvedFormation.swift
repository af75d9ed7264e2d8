// A desired formation with everything it refers to looked up: digests come in as values here.

/// What the planner works towards.
package struct ResolvedFormation: Hashable, Codable, Sendable {
  /// The revision; nil for a working tree.
  package var revision: Revision?
  /// The platform's settings at the revision.
  package var platform: Platform
  /// Valid apps, sorted by name.
  package var apps: [ResolvedApp]
  /// Apps whose manifests are not valid.
  package var rejected: [RejectedApp]
  /// Every other source that apps or slugs come from, sorted.
  package var sources: [SourceStanding]
  /// Holds that the commit itself consents to, by its `Muster-Confirm:` trailers.
  package var consents: Set<HoldID>
  /// When the deploy windows of its apps, and of those in force, have their times.
  package var calendar = WindowCalendar()

  /// Makes a resolved formation.
  package init(
    revision: Revision?, platform: Platform, apps: [ResolvedApp], rejected: [RejectedApp] = [],
    sources: [SourceStanding] = [], consents: Set<HoldID> = []
  ) {
    self.revision = revision
    self.sources = sources
    self.platform = platform
    self.apps = apps
    self.rejected = rejected
    self.consents = consents
  }

  /// The apps that it has, valid or not.
  package var names: Set<AppName> {
    var names = Set(rejected.map(\.name))
    for resolved in apps { names.insert(resolved.name) }
    return names
  }

  /// The revision that a source stands at; nil names the platform's own commit.
  package func revision(of source: AppSource?) -> RevisionID? {
    guard let source else { return revision?.id }
    return sources.first { $0.source == source }?.revision?.id
  }
}

/// A valid app with the content of the release it asks for.
package struct ResolvedApp: Hashable, Codable, Sendable {
  /// What the revision asks for.
  @Boxed package var app: DesiredApp
  /// What its release is made of; nil when it could not be resolved.
  package var content: ReleaseContent?
  /// Why it could not be resolved, worded for people; nil when it was.
  package var problem: String?
  /// Secrets that could not be looked up, sorted by config var; then there is no content.
  package var secretProblems: [SecretProblem]
  /// What stands in for content that is held, with its secrets as they are now; nil when nothing
  /// is held, or they could not be looked up.
  package var standIn: ReleaseContent?

  /// Makes an entry.
  package init(
    app: DesiredApp, content: ReleaseContent?, problem: String? = nil,
    secretProblems: [SecretProblem] = []
  ) {
    self.app = app
    self.content = content
    self.problem = problem
    self.secretProblems = secretProblems
  }

  /// The app's name: asked for all the time, and read without a copy of the app.
  package var name: AppName { _app.wrappedValue.name }

  /// The names that it had before, in the same way.
  package var formerNames: [AppName] { _app.wrappedValue.formerNames }
}
