// Commits as values. Walking from one to the next is in GitHistory.swift.

import CLibGit2
import Effects
import FormationModel

/// A commit.
struct GitCommit: Sendable {
  let id: ObjectID
  let tree: ObjectID
  let parents: [ObjectID]
  /// Seconds since 1970, as the committer wrote.
  let seconds: Int64
  let revision: Revision
  /// Values of the `Muster-Confirm:` trailers of its message.
  let consents: [HoldID]
}

extension GitObjects {
  /// Reads a commit. Throws `.corrupt` when it is missing or no commit.
  func commit(_ id: ObjectID) throws(SourceProblem) -> GitCommit {
    let bytes = try size(of: id, as: GIT_OBJECT_COMMIT, "commit \(id.short)")
    guard bytes <= limits.commitBytes else {
      throw SourceProblem(
        .tooLarge, "commit \(id.short) has \(bytes) bytes; the limit is \(limits.commitBytes)")
    }
    do {
      var oid = id.oid
      let commit = try Owned(freeing: git_commit_free) { [opened = repository.pointer] in
        git_commit_lookup(&$0, opened, &oid)
      }
      return try GitCommit(id: id, commit: commit)
    } catch {
      throw error.reading("commit \(id.short)")
    }
  }
}

extension GitCommit {
  fileprivate init(id: ObjectID, commit: borrowing Owned) throws(LibGit2Failure) {
    guard let tree = ObjectID(git_commit_tree_id(commit.pointer)) else {
      throw LibGit2Failure(GIT_ERROR.rawValue)
    }
    self.id = id
    self.tree = tree
    parents = (0..<git_commit_parentcount(commit.pointer)).compactMap { index in
      ObjectID(git_commit_parent_id(commit.pointer, index))
    }
    seconds = git_commit_time(commit.pointer)
    let author = git_commit_author(commit.pointer).flatMap { $0.pointee.name }
    let subject = git_commit_summary(commit.pointer)
    revision = Revision(
      id: id.revision,
      author: author.map { String(cString: $0).printable } ?? "",
      subject: subject.map { String(cString: $0).printable } ?? "",
      committedAt: LoopTime(
        milliseconds: seconds.multipliedReportingOverflow(by: 1000).partialValue))
    consents = Self.consents(git_commit_message(commit.pointer))
  }

  private static func consents(_ message: UnsafePointer<CChar>?) -> [HoldID] {
    var found = git_message_trailer_array()
    guard let message, git_message_trailers(&found, message) == 0 else { return [] }
    defer { git_message_trailer_array_free(&found) }
    return UnsafeBufferPointer(start: found.trailers, count: found.count).compactMap { trailer in
      guard let key = trailer.key, let value = trailer.value,
        String(cString: key).lowercased() == "muster-confirm"
      else { return nil }
      let hold = String(cString: value)
      guard !hold.isEmpty, hold == hold.printable else { return nil }
      return HoldID(hold)
    }
  }
}
