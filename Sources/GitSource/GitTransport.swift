// What is asked of a remote: which commit a ref is at, and its objects, into the mirror. Reading
// them is in GitObjects.swift.

import Crypto
import Effects
import FormationModel

/// A remote and its mirror.
struct GitTransport: Sendable {
  let url: String
  let mirror: GitMirror
  let git: GitChild
  /// What one question may take.
  let deadline: Duration
  /// What a fetch may take: objects take longer than an answer.
  var fetchDeadline: Duration = .seconds(600)

  /// A ref as the remote has it.
  struct RemoteRef: Hashable, Sendable {
    /// Its full name, or `HEAD`.
    let name: String
    /// The object it points at: a commit or an annotated tag.
    let id: ObjectID

    /// The mirror's ref for it. Flat, so that `a` and `a/b`, one after the other, do not collide.
    var tracked: String {
      "refs/muster/" + SHA256.hash(data: Array(name.utf8)).prefix(16).map { $0 }.hex
    }
  }

  /// What the remote has under a ref; nil names its default branch. One `ls-remote`.
  func look(for ref: GitRef?) async throws(SourceProblem) -> RemoteRef {
    switch try await look(for: [ref])[ref] {
    case .success(let found)?: return found
    case .failure(let problem)?: throw problem
    case nil: throw missing("HEAD")
    }
  }

  /// What the remote has under each ref; one `ls-remote` for all of them. A ref that it does not
  /// have is that ref's problem alone; throws when the remote does not answer.
  func look(
    for refs: [GitRef?]
  ) async throws(SourceProblem) -> [GitRef?: Result<RemoteRef, SourceProblem>] {
    try await mirror.prepare(with: git, deadline: deadline)
    let names = Set(refs.flatMap(Self.names)).sorted()
    let listing = names.isEmpty ? Listing() : try await list(names)
    var found: [GitRef?: Result<RemoteRef, SourceProblem>] = [:]
    for ref in refs {
      do throws(SourceProblem) {
        found[ref] = .success(try await find(ref, in: listing))
      } catch {
        found[ref] = .failure(error)
      }
    }
    return found
  }

  /// The names that a ref may have on the remote.
  private static func names(of ref: GitRef?) -> [String] {
    switch ref {
    case nil, .head: ["HEAD"]
    case .full(let name): [name]
    case .short(let name): ["refs/heads/\(name)", "refs/tags/\(name)"]
    case .commit: []
    }
  }

  private func find(
    _ ref: GitRef?, in found: Listing
  ) async throws(SourceProblem) -> RemoteRef {
    switch ref {
    case nil:
      guard let head = found.ids["HEAD"] else { throw try await nothing() }
      guard let branch = found.headBranch else {
        throw SourceProblem(
          .detachedHead, "HEAD of \(url) is detached at \(head.short)",
          fix: "name a branch with --ref", revision: head.revision)
      }
      return RemoteRef(name: branch, id: head)
    case .head:
      guard let head = found.ids["HEAD"] else { throw try await nothing() }
      return RemoteRef(name: "HEAD", id: head)
    case .full(let name):
      guard let id = found.ids[name] else { throw missing(name) }
      return RemoteRef(name: name, id: id)
    case .short(let name):
      let branch = "refs/heads/\(name)"
      let tag = "refs/tags/\(name)"
      if found.ids[branch] != nil, found.ids[tag] != nil { throw GitObjects.ambiguous(name) }
      if let id = found.ids[branch] { return RemoteRef(name: branch, id: id) }
      if let id = found.ids[tag] { return RemoteRef(name: tag, id: id) }
      throw missing(name)
    case .commit(let id): return RemoteRef(name: id.hex, id: id)
    }
  }

  /// Brings one ref and what it needs into the mirror, under its tracked name.
  func fetch(_ ref: RemoteRef) async throws(SourceProblem) { try await fetch([ref]) }

  /// Brings several refs and what they need into the mirror, each under its tracked name.
  func fetch(_ refs: [RemoteRef]) async throws(SourceProblem) {
    try await fetch(refs.map { "+\($0.name):\($0.tracked)" })
  }

  /// Makes the mirror anew with these refs in it. The old one stays when that does not work.
  func renew(_ refs: [RemoteRef]) async throws(SourceProblem) {
    let fresh = GitTransport(url: url, mirror: mirror.replacement, git: git, deadline: deadline)
    fresh.mirror.remove()
    do {
      try await fresh.mirror.prepare(with: git, deadline: deadline)
      try await fresh.fetch(refs)
    } catch {
      fresh.mirror.remove()
      throw error
    }
    try mirror.replace(with: fresh.mirror)
  }

  /// Brings every branch and tag, and drops those that the remote no longer has.
  func fetchAll() async throws(SourceProblem) {
    try await mirror.prepare(with: git, deadline: deadline)
    try await fetch(["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"])
  }

  private func fetch(_ refspecs: [String]) async throws(SourceProblem) {
    let options = [
      "--git-dir=\(mirror.path)", "fetch", "--quiet", "--no-tags", "--prune", "--force",
      "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance", "--", url,
    ]
    // A transfer that stalls ends earlier, by git's own settings.
    switch await git.run(options + refspecs, deadline: fetchDeadline) {
    case .printed: return
    case .timedOut: throw tooSlow()
    case .failed(let words), .notRun(let words): throw refused("fetched from", words)
    }
  }

  private struct Listing {
    var ids: [String: ObjectID] = [:]
    var headBranch: String?
  }

  /// Asks for these refs; patterns match ends of names, so what was not asked for is dropped.
  private func list(_ names: [String]) async throws(SourceProblem) -> Listing {
    let command = ["--git-dir=\(mirror.path)", "ls-remote", "--quiet", "--symref", "--", url]
    let text: String
    switch await git.run(command + names, deadline: deadline) {
    case .printed(let printed): text = printed
    case .timedOut: throw tooSlow()
    case .failed(let words), .notRun(let words): throw refused("read", words)
    }
    var listing = Listing()
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", maxSplits: 1)
      guard fields.count == 2 else { continue }
      let name = String(fields[1])
      if fields[0].hasPrefix("ref: "), name == "HEAD" {
        listing.headBranch = String(fields[0].dropFirst(5))
      } else if let id = ObjectID(hex: String(fields[0])), names.isEmpty || names.contains(name) {
        listing.ids[name] = id
      }
    }
    return listing
  }

  /// The problem of a remote whose HEAD leads nowhere: it is empty, or HEAD names no branch of it.
  private func nothing() async throws(SourceProblem) -> SourceProblem {
    if try await list([]).ids.isEmpty {
      return SourceProblem(
        .emptyRepository, "the repository \(url) has no commit", fix: "push manifests to it")
    }
    return SourceProblem(
      .missingRef, "HEAD of \(url) names a branch that it does not have",
      fix: "name a branch with --ref")
  }

  private func missing(_ name: String) -> SourceProblem {
    SourceProblem(
      .missingRef, "“\(name.printable)” does not exist in \(url)",
      fix: "name a branch or tag that does with --ref")
  }

  private func tooSlow() -> SourceProblem {
    SourceProblem(
      .unreachable, "\(url) did not answer in time",
      fix: "it is asked again in the next pass; the last good commit stays in force")
  }

  private func refused(_ what: String, _ words: String) -> SourceProblem {
    // git has one exit code for everything; these words are the only sign that objects are bad.
    let signs = [
      "fsck error", "corrupt", "bad object", "bad tree", "necessary objects", "unable to read",
    ]
    let isCorrupt = signs.contains { words.contains($0) }
    return SourceProblem(
      isCorrupt ? .corrupt : .unreachable, "\(url) could not be \(what): \(words)",
      causes: ["git ended with a failure and wrote: \(words)"])
  }
}
