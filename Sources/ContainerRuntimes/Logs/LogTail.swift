// A follower that may be handed from thread to thread.

import Effects
import FormationModel
import Synchronization

/// A `LogFollower` behind a lock.
final class LogTail: Sendable {
  private let follower: Mutex<LogFollower>

  init(_ follower: sending LogFollower) { self.follower = Mutex(follower) }

  /// Lines that were written since the last call.
  func next() -> Result<[LogLine], EffectFailure> {
    follower.withLock { follower in
      Result { () throws(EffectFailure) in try follower.next() }
    }
  }
}
