// At which commits sources stand in one reading, and what became of each.

import Effects
import FormationModel

/// The commits that sources stand at, as far as they were asked for.
struct SourceCommits: Sendable {
  private var found: [AppSource: Result<ObjectID, SourceProblem>] = [:]

  /// The commit of a source, or why there is none; nil when it was not asked for.
  subscript(_ source: AppSource) -> Result<ObjectID, SourceProblem>? {
    get { found[source] }
    set { found[source] = newValue }
  }

  /// Whether a source was asked for.
  func knows(_ source: AppSource) -> Bool { found[source] != nil }

  /// The commit of a source; throws why there is none.
  func commit(of source: AppSource) throws(SourceProblem) -> ObjectID {
    switch found[source] {
    case .success(let id)?: return id
    case .failure(let problem)?: throw problem
    case nil: throw SourceProblem(.unreachable, "\(source) was not asked for")
    }
  }

  /// Takes over what was found later.
  mutating func add(_ more: SourceCommits) { found.merge(more.found) { _, new in new } }
}

/// What a source is for one reading.
enum SourceState: Hashable {
  case at(ObjectID)
  case failed(SourceFailure)

  /// The commit; nil when it could not be taken.
  var commit: ObjectID? {
    switch self {
    case .at(let id): id
    case .failed: nil
    }
  }
}

extension SourceFailure {
  /// A problem of another source, which its message names, with a fix that fits manifests.
  init(_ problem: SourceProblem, of source: AppSource) {
    let fix: String? =
      switch problem.kind {
      case .missingRef: "push it again, or name another `ref` where this source is named"
      case .detachedHead: "name a branch by `ref` where this source is named"
      case .noRepository, .emptyRepository: "mend the repository, or the address that names it"
      case .noApps, .ambiguousRef, .rewound, .unreachable, .corrupt, .refusedAddress, .tooLarge,
        .invalidPlatform, .notLookedAt:
        problem.fix
      }
    let verb = problem.kind == .notLookedAt ? "is not looked at" : "could not be taken"
    self.init(
      code: problem.kind.rawValue, message: "\(source) \(verb): \(problem.message)",
      fix: fix, revision: problem.revision)
  }
}
