// A commit of a simulated repository: what its author wants, and what a source makes of it.

package import FormationModel
import Planning

/// An app as a simulated commit has it.
package struct SimulatedApp: Hashable, Sendable {
  /// What its manifest says.
  package var app: DesiredApp
  /// Which version of its files.
  package var slug = 1
  /// Whether its manifest is not valid.
  package var isBroken = false
  /// Whether its slug cannot be resolved.
  package var isUnresolvable = false

  /// Makes an app on the first stack, without a process.
  package init(_ name: AppName) {
    app = DesiredApp(name: name, folder: name.rawValue, stack: SimulatedCatalog.stacks[0])
  }
}

/// A commit of a simulated repository.
package struct SimulatedCommit: Hashable, Sendable {
  /// Its number, from 1.
  package let number: Int
  /// What it has, sorted by name.
  package let apps: [SimulatedApp]
  /// What its author did, in a few words.
  package let subject: String
  /// Holds that it consents to.
  package let consents: Set<HoldID>
  /// What a source makes of it.
  package let resolved: ResolvedFormation

  /// Makes a commit.
  package init(
    number: Int, apps: [AppName: SimulatedApp], subject: String, at: LoopTime,
    consents: Set<HoldID> = []
  ) {
    self.number = number
    self.apps = apps.values.sorted { $0.app.name < $1.app.name }
    self.subject = subject
    self.consents = consents
    let revision = Revision(
      id: Self.id(number), author: "Ada", subject: subject, committedAt: at)
    resolved = ResolvedFormation(
      revision: revision, platform: SimulatedCatalog.platform,
      apps: self.apps.filter { !$0.isBroken }.map { $0.resolved(in: revision.id) },
      rejected: self.apps.filter(\.isBroken).map(\.rejection), consents: consents)
  }

  /// The id of the commit with that number.
  package static func id(_ number: Int) -> RevisionID {
    let digits = String(number, radix: 16)
    return RevisionID(rawValue: digits + String(repeating: "0", count: 40 - digits.count))
  }

  /// Its id.
  package var id: RevisionID { Self.id(number) }

  /// The app of that name, valid or not; nil when the commit does not have it.
  package func app(_ name: AppName) -> SimulatedApp? { apps.first { $0.app.name == name } }
}

extension SimulatedApp {
  fileprivate var rejection: RejectedApp {
    RejectedApp(
      name: app.name, folder: app.folder,
      errors: [Diagnostic(.error, "unknown-field", at: nil, app: app.name.rawValue, "broken")])
  }

  fileprivate func resolved(in revision: RevisionID) -> ResolvedApp {
    guard !isUnresolvable else {
      return ResolvedApp(app: app, content: nil, problem: "the slug's folder is not there")
    }
    return ResolvedApp(app: app, content: content(in: revision))
  }

  /// What a release of it is made of.
  package func content(in revision: RevisionID) -> ReleaseContent? {
    guard let stack = SimulatedCatalog.platform.catalog.stacks[app.stack] else { return nil }
    let slug = SlugReference(
      digest: Self.digest("slug \(app.name) \(slug)"), revision: revision, folder: app.slugFolder)
    let commands = app.processes.map { ReleaseCommand(type: $0.type, command: $0.command) }
    let config = app.config.map { entry in
      ReleaseConfigEntry(
        key: entry.key, source: entry.source, fingerprint: Self.fingerprint(entry.source))
    }
    let parts =
      ["\(slug.digest)", "\(app.stack)"] + commands.map { "\($0.type): \($0.command)" }
      + config.map { "\($0.key)=\($0.fingerprint)" }
    return ReleaseContent(
      digest: Self.digest(parts.joined(separator: "\n")), slug: slug,
      stack: StackReference(stack: stack, digest: Self.digest("stack \(app.stack)")),
      commands: commands, config: config)
  }

  private static func fingerprint(_ source: ConfigSource) -> String {
    switch source {
    case .literal(let value): "literal \(value.unredacted)"
    case .generated: "generated"
    case .secret(let name): "secret \(name)"
    }
  }

  private static func digest(_ text: String) -> ContentDigest {
    let digits = String(StableHash.of(text), radix: 16)
    return ContentDigest(rawValue: String(repeating: "0", count: 16 - digits.count) + digits)
  }
}
