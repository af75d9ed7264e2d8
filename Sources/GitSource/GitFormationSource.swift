// The repository of manifests behind its seam: fetch when something moved, resolve the ref, read
// one commit, look up slugs. Parsing is ManifestParsing's business, deciding the planner's.

package import Effects
package import FormationModel
import ManifestParsing

/// Reads the formation of one ref of one repository. Everything that blocks runs on a queue of its
/// own; local repositories are read in place and nothing is written there.
package actor GitFormationSource: FormationSource {
  private let executor = QueueExecutor(label: "muster.git")
  let address: GitAddress
  let ref: String?
  let limits: Limits
  let transport: GitTransport?
  private let kept: GitKept
  private var reader: FormationReader
  private var slugs: SlugCache
  private var opened: GitObjects?
  private var ranges: [RangeKey: CommitRange] = [:]
  /// The commit that was read last, and what it came to: a commit asks for the same for ever.
  private var last: (commit: ObjectID, sourced: SourcedFormation)?
  /// The commit for which a damaged mirror was made anew in vain; not tried again for the same.
  var renewedInVain: ObjectID?

  struct RangeKey: Hashable {
    let head: ObjectID
    let since: ObjectID
  }

  /// Makes a source. `ref` is a branch, a tag, a full ref name or a full commit id; nil: the branch
  /// that HEAD is on (a remote's default branch). `mirrorFolder` is the folder of mirrors, for
  /// remote repositories; it is made when it is not there. `deadline` is what one question to a
  /// remote may take.
  package init(
    address: GitAddress, ref: String?, environment: String?, mirrorFolder: String?,
    catalog: Catalog, deadline: Duration = .seconds(60), limits: Limits = Limits()
  ) {
    self.address = address
    self.ref = ref
    self.limits = limits
    var options = ReadingOptions(environment: environment, rootName: address.name)
    options.limits = limits
    reader = FormationReader(catalog: catalog, options: options, spreading: AllCores())
    kept = GitKept(limits: limits)
    slugs = SlugCache(limit: 2 * limits.apps)
    if case .remote(let url) = address, let mirrorFolder {
      let mirror = GitMirror(of: url, in: mirrorFolder)
      let git = GitChild(configuration: mirror.configuration, outputLimit: limits.gitOutputBytes)
      transport = GitTransport(url: url, mirror: mirror, git: git, deadline: deadline)
    } else {
      transport = nil
    }
  }

  /// The queue that everything of this actor runs on.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// The root of the repository around a folder; nil when it is in none.
  package static func enclosingRepository(of folder: String) -> String? {
    GitObjects.enclosingRepository(of: folder)
  }

  /// Fetches if the remote's ref moved, resolves the ref, and reads every manifest from that
  /// commit.
  package func read(inForce: RevisionID?) async -> SourceReading {
    do {
      let ref = try ref.map { (text) throws(SourceProblem) in try GitRef(text) }
      if let transport { return .formation(try await readRemote(ref, by: transport, inForce)) }
      let objects = try open()
      return .formation(try read(objects.resolve(ref), in: objects, inForce))
    } catch {
      return .problem(error)
    }
  }

  /// Reads one commit as what is to be taken over next.
  func read(
    _ id: ObjectID, in objects: GitObjects, _ inForce: RevisionID?
  ) throws(SourceProblem) -> SourcedFormation {
    let head = try objects.commit(id)
    let earlier = inForce.flatMap { ObjectID(hex: $0.rawValue) }
    if let earlier, objects.isStrictAncestor(head.id, of: earlier) {
      throw rewound(to: head.id, from: earlier)
    }
    var sourced = try formation(of: head, in: objects)
    if sourced.formation.apps.isEmpty, sourced.formation.rejected.isEmpty {
      throw SourceProblem(
        .noApps, "commit \(head.id.short) of \(address.description) holds no app",
        fix: "an app is a folder under apps/ with a Procfile, app.yaml or app.json",
        revision: head.revision.id, diagnostics: sourced.formation.diagnostics)
    }
    sourced.consents = objects.consents(in: head, since: earlier)
    return sourced
  }

  private func rewound(to head: ObjectID, from earlier: ObjectID) -> SourceProblem {
    SourceProblem(
      .rewound,
      "\(ref ?? "the branch") of \(address.description) went back from \(earlier.short) to "
        + "\(head.short), an earlier commit",
      fix: "push \(earlier.short) again, or undo it with `git revert`, which makes a new commit",
      revision: head.revision)
  }

  /// The formation of one commit with its slugs. It may hold no app.
  func formation(
    of commit: GitCommit, in objects: GitObjects
  ) throws(SourceProblem) -> SourcedFormation {
    if let last, last.commit == commit.id { return last.sourced }
    let tree = GitTree(objects, root: commit.tree)
    let formation = try read(tree, revision: commit.revision)
    var found: [AppName: SlugResolution] = [:]
    for app in formation.apps {
      found[app.name] = try slugs.slug(
        of: app.slugFolder, at: commit.revision.id, in: tree, limits: limits)
    }
    let sourced = SourcedFormation(formation: formation, slugs: found)
    last = (commit.id, sourced)
    return sourced
  }

  /// Parses a tree. Throws when it cannot be read, or when platform.yaml is not valid.
  func read(
    _ tree: some SourceTree, revision: Revision?
  ) throws(SourceProblem) -> DesiredFormation {
    let formation: DesiredFormation
    do {
      formation = try reader.read(tree, revision: revision)
    } catch {
      throw tree.problem
        ?? SourceProblem(.corrupt, "\(error.path): \(error.message)", revision: revision?.id)
    }
    guard formation.isRefused else { return formation }
    throw SourceProblem(
      .invalidPlatform, "the platform's own settings are not valid", fix: nil,
      revision: revision?.id, diagnostics: formation.diagnostics)
  }

  /// Opens the repository or the mirror anew: packs may have come and gone since the last time.
  func open() throws(SourceProblem) -> GitObjects {
    let path: String
    switch (address, transport) {
    case (.local(let local), _): path = local
    case (.remote, let transport?): path = transport.mirror.path
    case (.remote(let url), nil):
      throw SourceProblem(
        .refusedAddress, "\(url) needs a folder for its mirror", fix: "name one with --state")
    }
    close()
    let objects = try GitObjects(path: path, limits: limits, kept: kept)
    opened = objects
    return objects
  }

  /// Lets go of the repository. libgit2 shares open packs by their path, so what is opened next
  /// sees a repaired or replaced pack only when nothing holds the old one.
  func close() {
    ranges.removeAll()
    opened = nil
  }

  /// The repository as it was opened last.
  func current() throws(SourceProblem) -> GitObjects {
    if let opened { return opened }
    return try open()
  }

  /// The commits between two, kept until the repository is opened anew.
  func range(_ key: RangeKey, in objects: GitObjects) -> CommitRange {
    if let kept = ranges[key] { return kept }
    let range = CommitRange(of: key.head, without: key.since, in: objects)
    ranges[key] = range
    return range
  }
}
