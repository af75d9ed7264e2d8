// Where an app's files come from when it is not the commit of the platform itself, and how each
// such source stands at a reading.

/// Another repository than the platform's, or another ref of it.
package struct AppSource: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
  /// The repository: an absolute path, or a URL without credentials; nil: the platform's own.
  package let repository: String?
  /// A branch, a tag, a full ref name or a full commit id; nil: the repository's default branch.
  package let ref: String?

  /// Makes a source.
  package init(repository: String?, ref: String?) {
    self.repository = repository
    self.ref = ref
  }

  /// Orders by repository, then by ref, the platform's own repository first.
  package static func < (left: AppSource, right: AppSource) -> Bool {
    (left.repository ?? "", left.ref ?? "") < (right.repository ?? "", right.ref ?? "")
  }

  /// `production of https://git.example/acme/billing`, `production of this repository`.
  package var description: String {
    "\(ref ?? "the default branch") of \(repository ?? "this repository")"
  }

  /// What ids call it, `billing@production`: the last part of the repository's name, and the ref.
  package var label: String {
    let last = repository?.split(separator: "/").last.map(String.init) ?? "platform"
    let name = last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    return ref.map { "\(name)@\($0)" } ?? name
  }
}

/// How a source stood when a formation was read.
package struct SourceStanding: Hashable, Codable, Sendable {
  /// The source.
  package let source: AppSource
  /// Its commit; nil when it could not be taken.
  package var revision: Revision?
  /// Why it could not be taken; nil when it could. Its apps stay as they were.
  package var failure: SourceFailure?
  /// Apps known to need it without reading it, sorted: named in platform.yaml, or with their slug
  /// in it.
  package var apps: [AppName]
  /// Where platform.yaml names it first; nil when only slugs do.
  package var mark: SourceMark?

  /// Makes a standing.
  package init(
    _ source: AppSource, revision: Revision? = nil, failure: SourceFailure? = nil,
    apps: [AppName] = [], mark: SourceMark? = nil
  ) {
    self.source = source
    self.revision = revision
    self.failure = failure
    self.apps = apps
    self.mark = mark
  }
}

/// Why a repository could not be taken, as planning needs it.
package struct SourceFailure: Hashable, Codable, Sendable, Error {
  /// The kind of problem, `rewound`.
  package let code: String
  /// What is wrong, for people.
  package let message: String
  /// What to do; nil when the message says it.
  package let fix: String?
  /// The commit concerned; nil when there is none.
  package let revision: RevisionID?

  /// Makes a failure.
  package init(code: String, message: String, fix: String?, revision: RevisionID?) {
    self.code = code
    self.message = message
    self.fix = fix
    self.revision = revision
  }

  /// The code of a source that was left out on purpose: only reviews do that.
  package static let notLookedAt = "not-looked-at"

  /// The name of the hold that this failure is: `source-rewound-4e8d2a7` for the platform's own
  /// repository, `source-rewound/billing@production-4e8d2a7` for another source.
  package func holdID(_ source: AppSource?) -> HoldID {
    let name = source.map { "/\($0.label)" } ?? ""
    let suffix = revision.map { "-\($0.short)" } ?? ""
    return HoldID("source-\(code)\(name)\(suffix)")
  }
}

/// What is in force when a formation is read: what may not go back, and consent to let it.
package struct RevisionsInForce: Hashable, Codable, Sendable {
  /// The platform's revision that was taken over last; nil: none, or it may go back.
  package var platform: RevisionID?
  /// The same for each other source.
  package var sources: [AppSource: RevisionID]
  /// Holds that somebody confirmed: a source may go back when its hold is among them.
  package var confirmed: Set<HoldID>
  /// What stands in for content that is held; its secrets are looked up with the rest.
  package var standIns: [AppName: ReleaseContent]
  /// The deploy windows in force.
  package var windows: Set<DeployWindow>

  /// Gathers revisions.
  package init(
    platform: RevisionID? = nil, sources: [AppSource: RevisionID] = [:],
    confirmed: Set<HoldID> = [], standIns: [AppName: ReleaseContent] = [:],
    windows: Set<DeployWindow> = []
  ) {
    self.platform = platform
    self.sources = sources
    self.confirmed = confirmed
    self.standIns = standIns
    self.windows = windows
  }
}
