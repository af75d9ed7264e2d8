// What a release is made of. Two releases with the same digest are the same release.

/// A slug: the app's own files, by content and by where git has them.
package struct SlugReference: Hashable, Codable, Sendable {
  /// The digest of its files, without the root's app.yaml, app.json and heroku.yml.
  package let digest: ContentDigest
  /// The commit in which to find them.
  package let revision: RevisionID
  /// The folder in that commit; empty for the root.
  package let folder: String
  /// The repository of that commit; nil: the platform's own.
  package let repository: String?

  /// Makes a reference.
  package init(
    digest: ContentDigest, revision: RevisionID, folder: String, repository: String? = nil
  ) {
    self.repository = repository
    self.digest = digest
    self.revision = revision
    self.folder = folder
  }
}

/// A stack by name and content.
package struct StackReference: Hashable, Codable, Sendable {
  /// The definition, from the catalog that was in force.
  package let stack: Stack
  /// The digest of the definition (recipes) or of the files (folders and archives).
  package let digest: ContentDigest

  /// Makes a reference.
  package init(stack: Stack, digest: ContentDigest) {
    self.stack = stack
    self.digest = digest
  }
}

/// One config var of a release.
package struct ReleaseConfigEntry: Hashable, Codable, Sendable {
  /// Its name.
  package let key: ConfigKey
  /// Where its value comes from.
  package let source: ConfigSource
  /// A keyed hash of the value (literals) or of the secret's identity and version: tells that a
  /// value changed without telling the value.
  package let fingerprint: String
  /// The version of its secret; nil for literals, and for generated secrets of the time before
  /// there were versions.
  package let secret: SecretVersion?

  /// Makes an entry.
  package init(
    key: ConfigKey, source: ConfigSource, fingerprint: String, secret: SecretVersion? = nil
  ) {
    self.key = key
    self.source = source
    self.fingerprint = fingerprint
    self.secret = secret
  }

  /// The secret behind it, for a release of this app; nil for literals, and for a secret that was
  /// never looked up.
  package func secret(of app: AppName) -> (subject: SecretSubject, version: Int)? {
    switch source {
    case .literal: nil
    case .generated: (.generated(SecretID(app: app, key: key)), secret?.number ?? 1)
    case .secret(let name):
      secret.map { (.stored(name, app: $0.scope == .app ? app : nil), $0.number) }
    }
  }
}

/// The command of a process type.
package struct ReleaseCommand: Hashable, Codable, Sendable {
  /// The process type.
  package let type: ProcessType
  /// Its command.
  package let command: String

  /// Makes an entry.
  package init(type: ProcessType, command: String) {
    self.type = type
    self.command = command
  }
}

/// A release's content: slug + stack + commands + config by hand. Quantity, size and domains are
/// not in it, so changing them restarts nobody or only the type concerned.
package struct ReleaseContent: Hashable, Codable, Sendable {
  /// The digest of everything below.
  package let digest: ContentDigest
  /// The app's files.
  package let slug: SlugReference
  /// The root file system below them.
  package let stack: StackReference
  /// Commands, sorted by process type.
  package let commands: [ReleaseCommand]
  /// Config vars by hand, sorted by key.
  package let config: [ReleaseConfigEntry]

  /// Makes a content; the digest must be over the rest.
  package init(
    digest: ContentDigest, slug: SlugReference, stack: StackReference,
    commands: [ReleaseCommand], config: [ReleaseConfigEntry]
  ) {
    self.digest = digest
    self.slug = slug
    self.stack = stack
    self.commands = commands
    self.config = config
  }

  /// Two contents are the same when their digests are.
  package static func == (left: ReleaseContent, right: ReleaseContent) -> Bool {
    left.digest == right.digest
  }

  /// Hashes the digest.
  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// A numbered release of an app.
package struct Release: Hashable, Codable, Sendable {
  /// v1, v2, …; only ever grows.
  package let number: Int
  /// What it is made of.
  @Boxed package private(set) var content: ReleaseContent
  /// The revision that asked for it.
  package let revision: RevisionID
  /// When it was recorded.
  package let recordedAt: LoopTime
  /// What made it, in a few words: `slug, env.GREETING changed`.
  package let summary: String
  /// How far its command is; nil: it has none, or goes live without it.
  package var phase: ReleasePhase?

  /// Makes a release.
  package init(
    number: Int, content: ReleaseContent, revision: RevisionID, recordedAt: LoopTime,
    summary: String, phase: ReleasePhase? = nil
  ) {
    self.number = number
    self.content = content
    self.revision = revision
    self.recordedAt = recordedAt
    self.summary = summary
    self.phase = phase
  }
}
