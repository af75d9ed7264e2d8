// One Muster acts on a state directory at a time. The kernel's lock decides; what is written in the
// file only tells others who holds it.

import FormationModel
import Foundation
import Glibc
import Synchronization

/// The state directory's lock, held until `release` or the end of the process, however it ends.
package final class StateLock: Sendable {
  private let descriptor: Mutex<Int32?>

  private init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

  deinit { release() }

  /// Lets others take it. Again: nothing happens.
  package func release() {
    descriptor.withLock {
      guard let open = $0 else { return }
      $0 = nil
      ftruncate(open, 0)
      // Closing alone would leave it to a child that was forked and has not exec'd yet.
      flock(open, LOCK_UN)
      close(open)
    }
  }

  /// Whether it is still held.
  package var isHeld: Bool { descriptor.withLock { $0 != nil } }

  /// How long who holds it has to say so: it takes the lock first, and writes its name then.
  private static let patience = Duration.seconds(1)

  static func take(
    _ path: String, command: String, at time: LoopTime
  ) throws(EffectFailure) -> StateLock {
    // O_CLOEXEC: a container's monitor that inherited the descriptor would hold the lock for ever.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemFailure("open the lock file", path).effect }
    let deadline = ContinuousClock.now + patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let failure = SystemFailure("lock", path)
      if failure.number == EWOULDBLOCK, holder(path) == nil, ContinuousClock.now < deadline {
        usleep(5_000)
        continue
      }
      close(descriptor)
      throw failure.number == EWOULDBLOCK ? held(path) : failure.effect
    }
    write(Holder(command: command, pid: getpid(), since: time), to: descriptor)
    return StateLock(descriptor)
  }

  /// Who holds the lock of the state directory; nil when it cannot be told. No proof that it is
  /// held.
  static func holder(_ path: String) -> Holder? {
    guard let bytes = try? DurableFiles.read(path, limit: 1 << 16) else { return nil }
    return try? JSONDecoder().decode(Holder.self, from: Data(bytes))
  }

  // Failures are of no interest: the lock works without, and must work on a full disk.
  private static func write(_ holder: Holder, to descriptor: Int32) {
    ftruncate(descriptor, 0)
    guard let bytes = try? JSONEncoder.stored.encode(holder) else { return }
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  private static func held(_ path: String) -> EffectFailure {
    let who =
      holder(path).map {
        "\"\($0.command)\" (process \($0.pid), since \(UTCText.of($0.since)))"
      } ?? "another process"
    return EffectFailure(
      "state-locked", "\(who) is at work on \(DurableFiles.parent(of: path))",
      fix: "wait until it has ended, or stop it", retry: .later)
  }
}

extension StateLock {
  /// Who holds a lock.
  struct Holder: Hashable, Codable, Sendable {
    /// The command, without its arguments' values.
    let command: String
    /// The process.
    let pid: Int32
    /// Since when.
    let since: LoopTime
  }
}
