// From sources to the commits that they stand at: one `ls-remote` for each repository, a fetch of
// what moved, all repositories at the same time, each within its own deadline.

import Effects
import FormationModel
import ManifestParsing

extension GitFormationSource {
  /// The commits that sources stand at now. One that cannot be had is that source's problem alone.
  func commits(of sources: Set<AppSource>) async -> SourceCommits {
    var commits = SourceCommits()
    var questions: [RemoteQuestion] = []
    let byRepository = Dictionary(grouping: sources.sorted()) { $0.repository }
    for (name, sources) in byRepository {
      do throws(SourceProblem) {
        let repository = try repository(name)
        if let transport = repository.transport {
          try refuseImpatience(repository)
          questions.append(RemoteQuestion(name: name, sources: sources, transport: transport))
        } else {
          let objects = try repository.open()
          for source in sources { commits[source] = resolve(source, in: objects) }
        }
      } catch {
        for source in sources { commits[source] = .failure(error) }
      }
    }
    if !questions.isEmpty { await ask(questions, &commits) }
    return commits
  }

  /// The repository of that address; nil: the platform's own.
  func repository(_ name: String?) throws(SourceProblem) -> GitRepository {
    guard let name else { return platform }
    if let known = repositories[name] { return known }
    let address = try GitAddress(name, relativeTo: "/")
    if case .remote = address, others == .inPlace {
      throw SourceProblem(
        .notLookedAt, "it is remote", fix: "--fetch reads other repositories as well")
    }
    // Others wait for the answer: less patience than with the platform itself.
    let repository = GitRepository(
      address, mirrors: mirrors, deadline: min(deadline, .seconds(20)), limits: limits, kept: kept)
    repositories[name] = repository
    return repository
  }

  private func refuseImpatience(_ repository: GitRepository) throws(SourceProblem) {
    guard let patience = repository.patience, !patience.isOver else { return }
    throw SourceProblem(
      .unreachable, "\(repository.address.description) did not answer in time",
      fix: "it is asked again within minutes; its last good commit stays in force")
  }

  private func resolve(
    _ source: AppSource, in objects: GitObjects
  ) -> Result<ObjectID, SourceProblem> {
    do throws(SourceProblem) {
      return .success(try objects.resolve(try source.gitRef))
    } catch {
      return .failure(error)
    }
  }

  // MARK: - Remote repositories

  private func ask(_ questions: [RemoteQuestion], _ commits: inout SourceCommits) async {
    let limit = limits.concurrentFetches
    let looks = await RemoteQuestion.ask(questions, atOnce: limit) { await $0.look() }
    var fetches: [RemoteQuestion] = []
    for var question in looks {
      note(question)
      question.moved = question.refs.values.filter { !isHere($0, question.name) }
      fetches.append(question)
    }
    let isMoved = { (question: RemoteQuestion) in !question.moved.isEmpty }
    let fetched = await RemoteQuestion.ask(fetches.filter(isMoved), atOnce: limit) {
      await $0.fetch()
    }
    for question in fetches.filter({ !isMoved($0) }) + fetched {
      for source in question.sources { commits[source] = commit(of: source, question) }
    }
  }

  /// A repository that did not answer in time is left alone for a while.
  private func note(_ question: RemoteQuestion) {
    guard let name = question.name, let repository = repositories[name] else { return }
    repository.patience = question.tookTooLong ? Patience(after: repository.patience) : nil
  }

  private func isHere(_ ref: GitTransport.RemoteRef, _ name: String?) -> Bool {
    (try? repository(name).open())?.target(of: ref.tracked) == ref.id
  }

  private func commit(
    of source: AppSource, _ question: RemoteQuestion
  ) -> Result<ObjectID, SourceProblem> {
    if let problem = question.problems[source] { return .failure(problem) }
    guard let ref = question.refs[source] else {
      return .failure(SourceProblem(.unreachable, "\(source) has no answer"))
    }
    do throws(SourceProblem) {
      let objects = try repository(question.name).open()
      guard let id = try objects.commit(named: ref.tracked) else {
        throw SourceProblem(
          .unreachable,
          "\(ref.name.printable) of \(question.transport.url) was not fetched")
      }
      return .success(id)
    } catch {
      return .failure(error)
    }
  }

  /// Makes damaged mirrors of these sources anew, each once for a commit; false when there was
  /// nothing that could help.
  func renew(_ sources: [AppSource], _ commits: inout SourceCommits) async -> Bool {
    var isRenewed = false
    for (name, sources) in Dictionary(grouping: sources, by: { $0.repository }) {
      guard let repository = try? repository(name), let transport = repository.transport
      else { continue }
      let inUse = needs.union([own]).filter { $0.repository == name }.union(sources)
      let question = await RemoteQuestion(
        name: name, sources: inUse.sorted(), transport: transport
      ).look()
      let refs = Set(question.refs.values.map(\.id))
      guard !refs.isEmpty, repository.renewedInVain != refs else { continue }
      repository.renewedInVain = refs
      repository.close()
      guard (try? await transport.renew(Array(Set(question.refs.values)))) != nil else { continue }
      for source in question.sources { commits[source] = commit(of: source, question) }
      isRenewed = true
    }
    return isRenewed
  }

  /// A mirror that reads well may be made anew again, should it be damaged another time.
  func forgetRenewals() {
    platform.renewedInVain = nil
    for repository in repositories.values { repository.renewedInVain = nil }
  }

  // MARK: - States

  /// What each source is for this reading: its commit, unless it went back or cannot be read.
  func states(
    of sources: Set<AppSource>, _ commits: SourceCommits, _ inForce: RevisionsInForce
  ) -> [AppSource: SourceState] {
    var states: [AppSource: SourceState] = [:]
    for source in sources {
      do throws(SourceProblem) {
        let id = try commits.commit(of: source)
        let repository = try repository(source.repository)
        let objects = try repository.current()
        let earlier = inForce.sources[source].flatMap { ObjectID(hex: $0.rawValue) }
        try repository.refuseRewound(
          objects.commit(id), from: earlier, ref: source.ref, in: objects)
        states[source] = .at(id)
      } catch {
        let failure = SourceFailure(error, of: source)
        let isConfirmed =
          error.kind == .rewound && inForce.confirmed.contains(failure.holdID(source))
        states[source] =
          isConfirmed ? (try? commits.commit(of: source)).map(SourceState.at) : .failed(failure)
      }
    }
    return states
  }

  /// The files of each source that could be taken.
  func trees(of states: [AppSource: SourceState]) -> [AppSource: GitTree] {
    var trees: [AppSource: GitTree] = [:]
    for (source, state) in states {
      guard let id = state.commit, let objects = try? repository(source.repository).current(),
        let commit = try? objects.commit(id)
      else { continue }
      trees[source] = GitTree(objects, root: commit.tree)
    }
    return trees
  }

  /// What the reader is told of each source.
  func answers(_ round: Round) -> [AppSource: SourceAnswer] {
    var answers: [AppSource: SourceAnswer] = [:]
    for (source, state) in round.states {
      switch state {
      case .failed(let failure): answers[source] = .failed(failure)
      case .at(let id):
        let objects = try? repository(source.repository).current()
        guard let tree = round.trees[source], let commit = try? objects?.commit(id) else {
          answers[source] = .failed(
            SourceFailure(
              SourceProblem(.corrupt, "commit \(id.short) cannot be read"), of: source))
          continue
        }
        answers[source] = .tree(tree, commit.revision)
      }
    }
    return answers
  }
}

extension AppSource {
  /// The ref as git takes it; nil: the default branch.
  var gitRef: GitRef? {
    get throws(SourceProblem) {
      guard let ref else { return nil }
      return try GitRef(ref)
    }
  }
}
