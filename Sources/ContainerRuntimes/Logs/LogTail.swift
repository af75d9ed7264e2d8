// Following as a stream: what is kept, then what comes. Whoever iterates sets the pace; nothing is
// read ahead.

import ChildProcesses
import Effects
import FormationModel
import Synchronization

/// Hands out batches of lines, one at a time.
actor LogTail {
  private static let pause = Duration.milliseconds(200)

  private let reader: LogReader
  private let query: LogQuery
  private let lanes: BlockingLanes
  private var follower: LogFollowing?

  init(_ reader: LogReader, _ query: LogQuery, lanes: BlockingLanes) {
    self.reader = reader
    self.query = query
    self.lanes = lanes
  }

  /// The next batch, in order of time; an empty one when nothing came for a moment; nil when the
  /// task was cancelled.
  func next() async throws -> [LogLine]? {
    guard let follower else { return try await begin() }
    let lines = try await lanes.run { follower.next() }.get()
    if !lines.isEmpty { return lines }
    do { try await Task.sleep(for: LogTail.pause) } catch { return nil }
    return []
  }

  private func begin() async throws -> [LogLine] {
    let (reader, query) = (reader, query)
    let first = await lanes.run {
      Result { () throws(EffectFailure) in
        let answer = try reader.read(query)
        let follower = try LogFollower(reader, query, from: answer.ends)
        return (answer.lines, LogFollowing(follower))
      }
    }
    let (lines, following) = try first.get()
    follower = following
    return lines
  }
}

/// A `LogFollower` that may be handed from thread to thread.
final class LogFollowing: Sendable {
  private let follower: Mutex<LogFollower>

  init(_ follower: sending LogFollower) { self.follower = Mutex(follower) }

  /// Lines that were written since the last call.
  func next() -> Result<[LogLine], EffectFailure> {
    follower.withLock { follower in
      Result { () throws(EffectFailure) in try follower.next() }
    }
  }
}
