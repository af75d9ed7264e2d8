// The formation behind its seam: the platform's repository and every other one that apps or slugs
// come from. Which commits they stand at is found in GitFormationSource+Commits.swift; parsing is
// ManifestParsing's business, deciding the planner's.

package import Effects
package import FormationModel
import ManifestParsing

/// Which other repositories a source reads.
package enum OtherRepositories: Sendable {
  /// All; remote ones through their mirrors.
  case all
  /// Those on this machine that are read in place: nothing is asked of a network, nothing written.
  case inPlace
}

/// Reads the formation of one ref of one repository, and what it names of others. Everything that
/// blocks runs on a queue of its own; local repositories are read in place and nothing is written
/// there.
package actor GitFormationSource: FormationSource {
  private let executor = QueueExecutor(label: "muster.git")
  let address: GitAddress
  let ref: String?
  let limits: Limits
  let mirrors: String?
  let deadline: Duration
  let others: OtherRepositories
  let kept: GitKept
  let platform: GitRepository
  /// Other repositories, by what their addresses say.
  var repositories: [String: GitRepository] = [:]
  /// The sources that the last reading needed: asked together with the platform's own.
  var needs: Set<AppSource> = []
  private var reader: FormationReader
  private var slugs: SlugCache
  /// The commits that were read last, and what they came to: they ask for the same for ever.
  private var last: (commit: ObjectID, states: [AppSource: SourceState], sourced: SourcedFormation)?

  /// Makes a source. `ref` is a branch, a tag, a full ref name or a full commit id; nil: the branch
  /// that HEAD is on (a remote's default branch). `mirrorFolder` is the folder of mirrors, for
  /// remote repositories; it is made when it is not there. `deadline` is what one question to a
  /// remote may take.
  package init(
    address: GitAddress, ref: String?, environment: String?, mirrorFolder: String?,
    catalog: Catalog, others: OtherRepositories = .all, deadline: Duration = .seconds(60),
    limits: Limits = Limits()
  ) {
    self.address = address
    self.ref = ref
    self.limits = limits
    self.others = others
    self.deadline = deadline
    mirrors = mirrorFolder
    var options = ReadingOptions(environment: environment, rootName: address.name)
    options.limits = limits
    reader = FormationReader(catalog: catalog, options: options, spreading: AllCores())
    kept = GitKept(limits: limits)
    slugs = SlugCache(limit: 2 * limits.apps)
    platform = GitRepository(
      address, mirrors: mirrorFolder, deadline: deadline, limits: limits, kept: kept)
  }

  /// The queue that everything of this actor runs on.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// The root of the repository around a folder; nil when it is in none.
  package static func enclosingRepository(of folder: String) -> String? {
    GitObjects.enclosingRepository(of: folder)
  }

  /// The platform's own repository and ref, as a source.
  var own: AppSource { AppSource(repository: nil, ref: ref) }

  /// Fetches what moved, resolves the refs, and reads every manifest of a repository from one
  /// commit of it. What cannot be taken of another repository holds its own apps alone.
  package func read(inForce: RevisionsInForce) async -> SourceReading {
    do throws(SourceProblem) {
      var commits = await commits(of: needs.union([own]))
      do throws(SourceProblem) {
        let sourced = try await take(&commits, inForce)
        let damaged = sourced.formation.sources.filter { $0.failure?.code == "corrupt" }
        if await renew(damaged.map(\.source), &commits) {
          return .formation(try await take(&commits, inForce))
        }
        if damaged.isEmpty { forgetRenewals() }
        return .formation(sourced)
      } catch {
        guard error.kind == .corrupt, await renew([own], &commits) else { throw error }
        return .formation(try await take(&commits, inForce))
      }
    } catch {
      return .problem(error)
    }
  }

  /// Reads the commits as what is to be taken over next.
  private func take(
    _ commits: inout SourceCommits, _ inForce: RevisionsInForce
  ) async throws(SourceProblem) -> SourcedFormation {
    let id = try commits.commit(of: own)
    let head = try platform.current().commit(id)
    let earlier = inForce.platform.flatMap { ObjectID(hex: $0.rawValue) }
    try platform.refuseRewound(head, from: earlier, ref: ref, in: platform.current())
    var sourced = try await formation(of: head, &commits, inForce)
    let formation = sourced.formation
    // Where apps are in force, that all of them go is a removal: it waits for consent.
    if earlier == nil, formation.apps.isEmpty, formation.rejected.isEmpty,
      formation.sources.isEmpty
    {
      throw SourceProblem(
        .noApps, "commit \(head.id.short) of \(address.description) holds no app",
        fix: "an app is a folder under apps/ with a Procfile, app.yaml or app.json",
        revision: head.revision.id, diagnostics: formation.diagnostics)
    }
    sourced.consents = try platform.current().consents(in: head, since: earlier)
    return sourced
  }

  /// The formation of one commit with its slugs. It may hold no app. Other sources are read at
  /// `commits`; those that nobody asked for yet are asked for.
  func formation(
    of commit: GitCommit, _ commits: inout SourceCommits, _ inForce: RevisionsInForce
  ) async throws(SourceProblem) -> SourcedFormation {
    if let last, last.commit == commit.id,
      last.states == states(of: Set(last.states.keys), commits, inForce)
    {
      return last.sourced
    }
    let tree = GitTree(try platform.current(), root: commit.tree)
    var round = try await read(tree, revision: commit.revision, &commits, inForce)
    var found: [AppName: SlugResolution] = [:]
    for app in round.formation.apps where app.slugOrigin == nil {
      found[app.name] = try slugs.slug(
        of: app.slugFolder, at: commit.revision.id, in: tree, limits: limits)
    }
    addForeignSlugs(&found, &round)
    let sourced = SourcedFormation(formation: round.formation, slugs: found)
    // Other states are kept only when every source is known: the next reading compares them.
    last = (commit.id, round.states, sourced)
    return sourced
  }

  /// A formation while it is read, with how its other sources stand and their files.
  struct Round {
    var formation: DesiredFormation
    var states: [AppSource: SourceState] = [:]
    var trees: [AppSource: GitTree] = [:]
  }

  /// Parses a tree and whatever it names of other sources. Throws when the tree cannot be read, or
  /// when platform.yaml is not valid.
  func read(
    _ tree: some SourceTree, revision: Revision?, _ commits: inout SourceCommits,
    _ inForce: RevisionsInForce
  ) async throws(SourceProblem) -> Round {
    var round = Round(formation: try parse(tree, revision: revision, [:]))
    // The platform names sources, their apps name sources of slugs: two rounds know all.
    for _ in 0..<3 {
      let wanted = Set(round.formation.sources.map(\.source))
      if wanted.isSubset(of: Set(round.states.keys)) { break }
      let unknown = wanted.filter { !commits.knows($0) }
      if !unknown.isEmpty { commits.add(await self.commits(of: unknown)) }
      round.states = states(of: wanted, commits, inForce)
      round.trees = trees(of: round.states)
      round.formation = try parse(tree, revision: revision, answers(round))
    }
    for standing in round.formation.sources where standing.failure?.code == "corrupt" {
      round.trees[standing.source] = nil
    }
    needs = Set(round.states.keys)
    return round
  }

  private func parse(
    _ tree: some SourceTree, revision: Revision?, _ answers: [AppSource: SourceAnswer]
  ) throws(SourceProblem) -> DesiredFormation {
    let formation: DesiredFormation
    do {
      formation = try reader.read(tree, revision: revision, sources: answers)
    } catch {
      throw tree.problem
        ?? SourceProblem(.corrupt, "\(error.path): \(error.message)", revision: revision?.id)
    }
    guard formation.isRefused else { return formation }
    throw SourceProblem(
      .invalidPlatform, "the platform's own settings are not valid", fix: nil,
      revision: revision?.id, diagnostics: formation.diagnostics)
  }

  /// The slugs of apps that come from other sources. One that cannot be read holds the apps of its
  /// source.
  func addForeignSlugs(_ found: inout [AppName: SlugResolution], _ round: inout Round) {
    for app in round.formation.apps {
      guard let source = app.slugOrigin else { continue }
      guard let tree = round.trees[source], let state = round.states[source]?.commit else {
        found[app.name] = .refused("\(source) could not be taken")
        continue
      }
      do throws(SourceProblem) {
        found[app.name] = try slugs.slug(
          of: app.slugFolder, at: state.revision, in: tree, repository: source.repository,
          limits: limits)
      } catch {
        found[app.name] = .refused(error.message)
        guard let index = round.formation.sources.firstIndex(where: { $0.source == source })
        else { continue }
        round.formation.sources[index].failure = SourceFailure(error, of: source)
        round.formation.sources[index].apps.append(app.name)
      }
    }
  }
}
