// One repository as a source reads it: opened anew for each reading, in place or through its
// mirror. Confined to the queue of the actor that owns it; which refs are read is decided there.

import Effects
import FormationModel

/// A repository, with what is kept between two readings of it.
final class GitRepository {
  let address: GitAddress
  let transport: GitTransport?
  /// What a damaged mirror was made anew for; not tried again for the same.
  var renewedInVain: Set<ObjectID>?
  /// When it is asked again after it did not answer in time; nil: at once.
  var patience: Patience?
  private let limits: Limits
  private let kept: GitKept
  private var opened: GitObjects?
  private var ranges: [RangeKey: CommitRange] = [:]

  struct RangeKey: Hashable {
    let head: ObjectID
    let since: ObjectID
  }

  /// Makes a repository; nothing is opened yet. `mirrors` is the folder of mirrors; nil: a remote
  /// one cannot be read.
  init(
    _ address: GitAddress, mirrors: String?, deadline: Duration, limits: Limits, kept: GitKept
  ) {
    self.address = address
    self.limits = limits
    self.kept = kept
    if case .remote(let url) = address, let mirrors {
      let mirror = GitMirror(of: url, in: mirrors)
      let git = GitChild(configuration: mirror.configuration, outputLimit: limits.gitOutputBytes)
      transport = GitTransport(url: url, mirror: mirror, git: git, deadline: deadline)
    } else {
      transport = nil
    }
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

  /// Throws `.rewound` when the ref went back to an ancestor of what was taken over.
  func refuseRewound(
    _ head: GitCommit, from earlier: ObjectID?, ref: String?, in objects: GitObjects
  ) throws(SourceProblem) {
    guard let earlier, objects.isStrictAncestor(head.id, of: earlier) else { return }
    throw SourceProblem(
      .rewound,
      "\(ref ?? "the branch") of \(address.description) went back from \(earlier.short) to "
        + "\(head.id.short), an earlier commit",
      fix: "push \(earlier.short) again, or undo it with `git revert`, which makes a new commit",
      revision: head.revision.id)
  }
}

/// How long a repository that did not answer in time is left alone: it must not hold up every
/// reading of the others.
struct Patience {
  private(set) var until: ContinuousClock.Instant
  private let step: Duration

  /// The next time after another one was over: one minute, then twice as long, at most ten minutes.
  init(after earlier: Patience?) {
    step = min(earlier.map { $0.step * 2 } ?? .seconds(60), .seconds(600))
    until = .now + step
  }

  /// Whether it is over.
  var isOver: Bool { .now >= until }
}
