// The seam to the repository of manifests.

package import FormationModel

/// Reads the formation that the repository asks for.
package protocol FormationSource: SlugWriting {
  /// Fetches what moved, resolves the refs, reads every manifest of a repository from one commit.
  /// `inForce` holds the revisions taken over last: an ancestor of one is refused as rewound. What
  /// cannot be taken of another repository than the platform's own is a failure in the formation's
  /// `sources`, and holds the apps of that source alone.
  func read(inForce: RevisionsInForce) async -> SourceReading

  /// The newest commit that touched the file of a source (nil: of the platform's own repository),
  /// among those that `revision` has and `since` has not (all, when nil); nil when there is none
  /// within the limit of commits.
  func newestCommit(
    touching file: String, of source: AppSource?, in revision: RevisionID, since: RevisionID?
  ) async -> Revision?
}

extension FormationSource {
  /// Reads with nothing but a platform's revision in force; nil: with nothing.
  package func read(inForce revision: RevisionID?) async -> SourceReading {
    await read(inForce: RevisionsInForce(platform: revision))
  }
}

/// What reading the repository came to.
package enum SourceReading: Hashable, Sendable {
  /// A formation, with what the apps' slugs resolve to.
  case formation(SourcedFormation)
  /// The last good commit stays in force, for this reason.
  case problem(SourceProblem)
}

/// A formation as the repository gives it.
package struct SourcedFormation: Hashable, Sendable {
  /// What the commit asks for.
  package var formation: DesiredFormation
  /// The slug of each valid app, or why there is none.
  package var slugs: [AppName: SlugResolution]
  /// Holds that the commit consents to by trailer.
  package var consents: Set<HoldID>

  /// Makes a sourced formation.
  package init(
    formation: DesiredFormation, slugs: [AppName: SlugResolution], consents: Set<HoldID> = []
  ) {
    self.formation = formation
    self.slugs = slugs
    self.consents = consents
  }
}

/// An app's slug, or why there is none.
package enum SlugResolution: Hashable, Sendable {
  /// The slug.
  case found(SlugReference)
  /// Why it cannot be used, worded for people.
  case refused(String)
}

/// Why the repository could not be taken as it is now.
package struct SourceProblem: Hashable, Sendable, Error {
  /// The kinds of problems.
  package enum Kind: String, Sendable, CaseIterable {
    /// There is no git repository at the place given.
    case noRepository = "no-repository"
    /// It has no commit.
    case emptyRepository = "empty-repository"
    /// The commit holds no app.
    case noApps = "no-apps"
    /// The ref does not exist, or no longer.
    case missingRef = "missing-ref"
    /// A branch and a tag share the name.
    case ambiguousRef = "ambiguous-ref"
    /// HEAD is detached and no ref was named.
    case detachedHead = "detached-head"
    /// The ref went back to an ancestor of the revision in force.
    case rewound
    /// The remote did not answer, or not in time.
    case unreachable
    /// An object is missing, truncated or corrupt.
    case corrupt
    /// A URL or a ref that Muster does not take.
    case refusedAddress = "refused-address"
    /// More or larger files than the limits allow.
    case tooLarge = "too-large"
    /// platform.yaml is not valid.
    case invalidPlatform = "invalid-platform"
    /// It was left out on purpose: a review that needs no network.
    case notLookedAt = "not-looked-at"
  }

  /// The kind.
  package let kind: Kind
  /// What is wrong, for people.
  package let message: String
  /// What to do; nil when the message says it.
  package let fix: String?
  /// The commit it is about, when there is one.
  package let revision: RevisionID?
  /// Diagnostics of an invalid platform.yaml.
  package let diagnostics: [Diagnostic]
  /// What lies behind it, the nearest first: what git or libgit2 said. Shown with `-v`.
  package let causes: [String]

  /// Makes a problem.
  package init(
    _ kind: Kind, _ message: String, fix: String? = nil, revision: RevisionID? = nil,
    diagnostics: [Diagnostic] = [], causes: [String] = []
  ) {
    self.kind = kind
    self.message = message
    self.fix = fix
    self.revision = revision
    self.diagnostics = diagnostics
    self.causes = causes
  }
}
