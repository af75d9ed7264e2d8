// From what a user named to a commit, in a repository that is here. Remote refs are asked for in
// GitTransport.swift.

import CLibGit2
import Effects
import FormationModel

extension GitObjects {
  /// The commit behind a ref; nil names the branch that HEAD is on.
  func resolve(_ ref: GitRef?) throws(SourceProblem) -> ObjectID {
    switch ref {
    case nil: return try headBranch()
    case .head: return try head()
    case .commit(let id): return try known(id)
    case .full(let name):
      guard let id = try commit(named: name) else { throw missing(name) }
      return id
    case .short(let name): return try resolve(short: name)
    }
  }

  private func resolve(short name: String) throws(SourceProblem) -> ObjectID {
    let branch = try commit(named: "refs/heads/\(name)")
    let tag = try commit(named: "refs/tags/\(name)")
    if branch != nil, tag != nil { throw Self.ambiguous(name) }
    if let found = branch ?? tag { return found }
    guard let tracked = try commit(named: "refs/remotes/\(name)") else { throw missing(name) }
    return tracked
  }

  /// The problem of a name that a branch and a tag share.
  static func ambiguous(_ name: String) -> SourceProblem {
    SourceProblem(
      .ambiguousRef, "“\(name)” is both a branch and a tag",
      fix: "write refs/heads/\(name) or refs/tags/\(name)")
  }

  /// The branch that HEAD is on; refuses a detached HEAD.
  private func headBranch() throws(SourceProblem) -> ObjectID {
    guard let head = try reference("HEAD") else {
      throw SourceProblem(.corrupt, "\(path) has no HEAD")
    }
    if git_reference_type(head.pointer) == GIT_REFERENCE_DIRECT {
      let id = ObjectID(git_reference_target(head.pointer))
      throw SourceProblem(
        .detachedHead, "HEAD of \(path) is detached at \(id?.short ?? "a commit")",
        fix: "name a branch, or say --ref HEAD for the commit that is checked out",
        revision: id?.revision)
    }
    return try self.head()
  }

  /// The commit at HEAD, detached or not.
  func head() throws(SourceProblem) -> ObjectID {
    if let id = try commit(named: "HEAD") { return id }
    if try isEmpty() {
      throw SourceProblem(
        .emptyRepository, "the repository at \(path) has no commit",
        fix: "commit manifests, for example those of `muster init`")
    }
    throw SourceProblem(
      .missingRef, "HEAD names \(try headTarget() ?? "a branch"), which has no commit",
      fix: "name another branch with --ref")
  }

  /// The ref that HEAD names; nil when it is detached.
  private func headTarget() throws(SourceProblem) -> String? {
    guard let head = try reference("HEAD"),
      let target = git_reference_symbolic_target(head.pointer)
    else { return nil }
    return String(cString: target).printable
  }

  /// Whether it has no ref at all.
  private func isEmpty() throws(SourceProblem) -> Bool {
    var names = git_strarray()
    do {
      try succeed(git_reference_list(&names, repository.pointer))
    } catch {
      throw error.reading("the list of refs")
    }
    defer { git_strarray_dispose(&names) }
    return names.count == 0
  }

  /// The commit of that full id, when it is here.
  private func known(_ id: ObjectID) throws(SourceProblem) -> ObjectID {
    guard let peeled = try peel(id) else { throw missing(id.hex) }
    return peeled
  }

  /// The commit that a full ref name comes to; nil when there is no such ref.
  func commit(named name: String) throws(SourceProblem) -> ObjectID? {
    guard let reference = try reference(name) else { return nil }
    var resolved: ObjectID?
    do {
      let direct = try Owned(freeing: git_reference_free) { [from = reference.pointer] in
        git_reference_resolve(&$0, from)
      }
      resolved = ObjectID(git_reference_target(direct.pointer))
    } catch  where error.isMissing {
      return nil
    } catch {
      throw error.reading("ref \(name.printable)")
    }
    guard let resolved else { throw SourceProblem(.corrupt, "ref \(name.printable) has no target") }
    guard let commit = try peel(resolved) else {
      throw SourceProblem(
        .corrupt,
        "ref \(name.printable) points at \(resolved.short), which is not in the repository",
        fix: "`git fsck` tells more; fetching again usually repairs it")
    }
    return commit
  }

  /// The object that a direct ref names; nil when there is none or it cannot be read.
  func target(of name: String) -> ObjectID? {
    var id = git_oid()
    return git_reference_name_to_id(&id, repository.pointer, name) == 0 ? ObjectID(id) : nil
  }

  private func reference(_ name: String) throws(SourceProblem) -> Owned? {
    do {
      return try Owned(freeing: git_reference_free) { [opened = repository.pointer] in
        git_reference_lookup(&$0, opened, name)
      }
    } catch  where error.isMissing || error.code == GIT_EINVALIDSPEC.rawValue {
      return nil
    } catch {
      throw error.reading("ref \(name.printable)")
    }
  }

  /// The commit that an object is or, for an annotated tag, leads to; nil when the object is not
  /// here.
  func peel(_ id: ObjectID) throws(SourceProblem) -> ObjectID? {
    var oid = id.oid
    do {
      let object = try Owned(freeing: git_object_free) { [opened = repository.pointer] in
        git_object_lookup(&$0, opened, &oid, GIT_OBJECT_ANY)
      }
      let commit = try Owned(freeing: git_object_free) { [from = object.pointer] in
        git_object_peel(&$0, from, GIT_OBJECT_COMMIT)
      }
      return ObjectID(git_object_id(commit.pointer))
    } catch  where error.isMissing {
      return nil
    } catch  where error.code == GIT_EINVALIDSPEC.rawValue || error.code == GIT_EPEEL.rawValue {
      throw SourceProblem(.missingRef, "\(id.short) is not a commit")
    } catch {
      throw error.reading("object \(id.short)")
    }
  }

  /// The problem of a ref or commit that is not here; it names what usually helps.
  func missing(_ name: String) -> SourceProblem {
    let shown = name.printable
    if isShallow {
      return SourceProblem(
        .missingRef, "“\(shown)” is not in this repository, which is a shallow clone",
        fix: "fetch all history: `git fetch --unshallow`, or `fetch-depth: 0` where CI checks out")
    }
    if (try? commit(named: "refs/remotes/origin/\(name)")) != nil {
      return SourceProblem(
        .missingRef, "there is no branch “\(shown)” here", fix: "write origin/\(shown)")
    }
    return SourceProblem(
      .missingRef, "“\(shown)” does not exist in this repository",
      fix: "`git branch --all` lists what there is; `git fetch` brings what is new")
  }

  /// The commit of what people write to name one: a branch, a tag, an id or its start, `HEAD~1`.
  /// `head` is what HEAD and `@` stand for.
  func resolve(revision spec: String, head: String = "HEAD") throws(SourceProblem) -> ObjectID {
    let named = spec.prefix { $0 != "~" && $0 != "^" }
    let steps = spec[named.endIndex...]
    let base = named == "@" || named == "HEAD" ? head : String(named)
    let isPlain = RefName.flaw(in: base) == nil
    guard isPlain, spec.utf8.count <= 1_024,
      steps.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "^") })
    else {
      throw SourceProblem(
        .refusedAddress, "“\(spec.printable)” does not name a commit",
        fix: "name a branch, a tag, a commit id, or one of these with ~1")
    }
    if try commit(named: "refs/heads/\(base)") != nil, try commit(named: "refs/tags/\(base)") != nil
    {
      throw Self.ambiguous(base)
    }
    do {
      let found = try Owned(freeing: git_object_free) { [opened = repository.pointer] in
        git_revparse_single(&$0, opened, base + steps)
      }
      guard let id = try ObjectID(git_object_id(found.pointer)).flatMap(peel) else {
        throw missing(spec)
      }
      return id
    } catch let failure as LibGit2Failure {
      if failure.isMissing || failure.code == GIT_EINVALIDSPEC.rawValue { throw missing(spec) }
      throw failure.reading("“\(spec.printable)”")
    } catch let problem as SourceProblem {
      throw problem
    } catch {
      throw missing(spec)
    }
  }
}
