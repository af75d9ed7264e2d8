// Questions about history: what is an ancestor, which commits are new, which commit touched a file.
// Every walk has a bound, and ends quietly where a shallow clone was cut off.

import CLibGit2
import Effects
import FormationModel

extension GitObjects {
  /// Whether `ancestor` comes before `commit` in history. Where history is cut off, only what is
  /// here is looked at.
  func isStrictAncestor(_ ancestor: ObjectID, of commit: ObjectID) -> Bool {
    if ancestor == commit { return false }
    var descendant = commit.oid
    var base = ancestor.oid
    let answer = git_graph_descendant_of(repository.pointer, &descendant, &base)
    if answer >= 0 { return answer == 1 }
    return CommitRange(of: commit, without: nil, in: self).members.contains(ancestor)
  }

  /// The holds that commits consent to: those of `head` itself, and of every commit that it has and
  /// `inForce` has not.
  func consents(in head: GitCommit, since inForce: ObjectID?) -> Set<HoldID> {
    var consents = Set(head.consents)
    guard let inForce, inForce != head.id else { return consents }
    for id in CommitRange(of: head.id, without: inForce, in: self).members {
      consents.formUnion((try? commit(id))?.consents ?? [])
    }
    return consents
  }

  /// The newest commit that touched the file, among those `head` has and `since` has not.
  ///
  /// From `head` on, it follows a parent that has the same file, as `git log -- FILE` does: of a
  /// merge, the side that the file came from. A commit that differs from all its parents touched
  /// it.
  func newestCommit(
    touching file: String, in head: ObjectID, range: CommitRange?
  ) throws(SourceProblem) -> GitCommit? {
    var current = try commit(head)
    let wanted = try entry(at: file, in: current)
    for _ in 0..<limits.provenanceCommits {
      if let range, !range.members.contains(current.id) { return nil }
      var same: GitCommit?
      for parent in current.parents {
        guard let candidate = try? commit(parent) else {
          // Beyond the edge of a shallow clone nobody knows who touched it.
          return nil
        }
        if try entry(at: file, in: candidate) == wanted {
          same = candidate
          break
        }
      }
      guard let same else { return current.parents.isEmpty && wanted == nil ? nil : current }
      current = same
    }
    return nil
  }

  /// What is at a path of a commit; nil when there is nothing. Reads past the kept listings: old
  /// trees would push out those in use.
  private func entry(at path: String, in commit: GitCommit) throws(SourceProblem) -> FileState? {
    var oid = commit.tree.oid
    do {
      let tree = try Owned(freeing: git_tree_free) { [opened = repository.pointer] in
        git_tree_lookup(&$0, opened, &oid)
      }
      let entry = try Owned(freeing: git_tree_entry_free) { [root = tree.pointer] in
        git_tree_entry_bypath(&$0, root, path)
      }
      guard let id = ObjectID(git_tree_entry_id(entry.pointer)) else { return nil }
      return FileState(id: id, mode: git_tree_entry_filemode(entry.pointer).rawValue)
    } catch  where error.isMissing {
      return nil
    } catch {
      throw error.reading("\(path) of commit \(commit.id.short)")
    }
  }
}

/// What makes two versions of a file the same.
private struct FileState: Equatable {
  let id: ObjectID
  let mode: UInt32
}
