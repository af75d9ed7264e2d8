// The commits that one commit has and another has not, newest first, up to a bound.

import Effects
import FormationModel

/// The commits that `head` has and `excluded` has not.
struct CommitRange {
  /// Their ids.
  let members: Set<ObjectID>

  /// Walks from both ends by commit time, as git does, until only shared history is left. Commits
  /// that cannot be read end their line. Stops at the limit of commits.
  init(of head: ObjectID, without excluded: ObjectID?, in objects: GitObjects) {
    var walk = Walk(objects: objects)
    walk.reach(head, as: .wanted)
    if let excluded { walk.reach(excluded, as: .excluded) }
    walk.run(limit: objects.limits.provenanceCommits)
    members = Set(walk.marks.filter { $0.value == .wanted }.keys)
  }

  private enum Mark {
    case wanted, excluded
  }

  /// One commit that waits to be walked on from.
  private struct Stop: Comparable {
    let commit: GitCommit
    let order: Int

    static func < (left: Stop, right: Stop) -> Bool {
      (left.commit.seconds, right.order) < (right.commit.seconds, left.order)
    }
    static func == (left: Stop, right: Stop) -> Bool { left.order == right.order }
  }

  private struct Walk {
    let objects: GitObjects
    var marks: [ObjectID: Mark] = [:]
    /// Sorted, the newest last.
    var waiting: [Stop] = []
    var reached = 0

    /// Notes that a commit was reached. Excluded wins over wanted, and is passed on again.
    mutating func reach(_ id: ObjectID, as mark: Mark) {
      if let known = marks[id], known == mark || known == .excluded { return }
      guard let commit = try? objects.commit(id) else { return }
      marks[id] = mark
      reached += 1
      let stop = Stop(commit: commit, order: reached)
      waiting.insert(stop, at: place(of: stop))
    }

    private func place(of stop: Stop) -> Int {
      var low = 0
      var high = waiting.count
      while low < high {
        let middle = (low + high) / 2
        if waiting[middle] < stop { low = middle + 1 } else { high = middle }
      }
      return low
    }

    mutating func run(limit: Int) {
      while reached < limit, waiting.contains(where: { marks[$0.commit.id] == .wanted }),
        let next = waiting.popLast()
      {
        guard let mark = marks[next.commit.id] else { continue }
        for parent in next.commit.parents { reach(parent, as: mark) }
      }
    }
  }
}
