// An opened repository: commits, trees and blobs by id, each within its limit and checked against
// its hash by libgit2. Never writes. Confined to the queue of the actor that owns it.

import CLibGit2
import Effects
import FormationModel

/// A repository's objects.
final class GitObjects {
  /// Where it is.
  let path: String
  let limits: Limits
  let repository: Owned
  private let database: Owned
  private let kept: GitKept

  /// Opens the repository at exactly that folder: a bare one, or a working tree with its `.git`.
  init(path: String, limits: Limits, kept: GitKept) throws(SourceProblem) {
    guard LibGit2.started >= 0 else {
      throw SourceProblem(.noRepository, "libgit2 could not be started")
    }
    self.path = path
    self.limits = limits
    self.kept = kept
    do {
      let noSearch = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
      repository = try Owned(freeing: git_repository_free) {
        git_repository_open_ext(&$0, path, noSearch, nil)
      }
    } catch {
      throw Self.opening(path, error)
    }
    database = try ObjectDatabase.attach(to: repository, limits: limits, kept: kept)
  }

  private static func opening(_ path: String, _ failure: LibGit2Failure) -> SourceProblem {
    guard failure.isMissing else { return failure.reading("the repository at \(path)") }
    if let enclosing = enclosingRepository(of: path), enclosing != path {
      return SourceProblem(
        .noRepository, "\(path) is a folder of a repository, not its root",
        fix: "name its root: \(enclosing)")
    }
    return SourceProblem(
      .noRepository, "there is no git repository at \(path)",
      fix: "name one with --repo, or make one with `muster init`", causes: failure.causes)
  }

  /// The root of the repository around a folder: of its working tree, or of itself when it is bare.
  static func enclosingRepository(of folder: String) -> String? {
    guard LibGit2.started >= 0 else { return nil }
    var found = git_buf()
    defer { git_buf_dispose(&found) }
    guard git_repository_discover(&found, folder, 0, nil) == 0, let text = found.ptr else {
      return nil
    }
    var path = Substring(String(cString: text))
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path.hasSuffix("/.git") ? path.dropLast(5) : path)
  }

  /// Whether history ends where a shallow clone was cut off.
  var isShallow: Bool { git_repository_is_shallow(repository.pointer) == 1 }

  /// Whether it has no working tree.
  var isBare: Bool { git_repository_is_bare(repository.pointer) == 1 }

  /// An object's size in bytes, without reading it. `what` names it in errors.
  func size(
    of id: ObjectID, as kind: git_object_t, _ what: @autoclosure () -> String
  ) throws(SourceProblem) -> Int {
    var bytes = 0
    var found = GIT_OBJECT_INVALID
    var oid = id.oid
    do {
      try succeed(git_odb_read_header(&bytes, &found, database.pointer, &oid))
    } catch {
      throw error.reading(what())
    }
    guard found == kind else {
      throw SourceProblem(.corrupt, "\(what()) is of another kind than the tree says")
    }
    return bytes
  }

  /// Gives a blob's bytes to `body`; they are valid only inside it. Refuses more than `limit`.
  func withBlob<Result>(
    _ id: ObjectID, limit: Int, _ what: @autoclosure () -> String,
    _ body: (UnsafeRawBufferPointer) throws(SourceProblem) -> Result
  ) throws(SourceProblem) -> Result {
    let bytes = try size(of: id, as: GIT_OBJECT_BLOB, what())
    guard bytes <= limit else {
      throw SourceProblem(.tooLarge, "\(what()) has \(bytes) bytes; the limit is \(limit)")
    }
    var oid = id.oid
    let object: Owned
    do {
      object = try Owned(freeing: git_odb_object_free) { [database = database.pointer] in
        git_odb_read(&$0, database, &oid)
      }
    } catch {
      throw error.reading(what())
    }
    return try body(
      UnsafeRawBufferPointer(
        start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer)))
  }

  /// A tree's entries.
  func listing(of id: ObjectID) throws(SourceProblem) -> GitListing {
    if let known = kept.listings[id] { return known }
    let bytes = try size(of: id, as: GIT_OBJECT_TREE, "tree \(id.short)")
    guard bytes <= limits.treeBytes else {
      throw SourceProblem(
        .tooLarge, "tree \(id.short) has \(bytes) bytes; the limit is \(limits.treeBytes)")
    }
    let listing: GitListing
    do {
      var oid = id.oid
      let tree = try Owned(freeing: git_tree_free) { [opened = repository.pointer] in
        git_tree_lookup(&$0, opened, &oid)
      }
      listing = try GitListing(tree: tree)
    } catch let failure as LibGit2Failure {
      throw failure.reading("tree \(id.short)")
    } catch let flaw as GitListingFlaw {
      throw SourceProblem(.corrupt, "tree \(id.short) was not made by git: \(flaw.message)")
    } catch {
      throw SourceProblem(.corrupt, "tree \(id.short) cannot be read")
    }
    kept.listings.keep(listing, for: id)
    return listing
  }
}
