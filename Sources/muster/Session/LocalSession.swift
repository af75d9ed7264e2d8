// This process's standard streams, connected to a session in a dyno: begun, looked after when the
// terminal changes its size, and left with the terminal as it was.

import CLinux
import Effects
import FormationModel
import Foundation
import Glibc
import Server
import Synchronization

/// The one session of this process.
final class LocalSession: Sendable {
  /// How long the daemon may take to hand a session over once it has asked where to.
  private static let patience = Duration.seconds(30)
  private static let running = Mutex<LocalSession?>(nil)

  /// The session that was begun; nil before.
  static var current: LocalSession? { running.withLock { $0 } }

  private let ended = DispatchSemaphore(value: 0)
  private let held = Mutex<SessionEnds?>(nil)
  private let (ends, continuation) = AsyncStream.makeStream(of: Void.self)

  /// What the standard streams are.
  static var streams: CallerStreams {
    let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    let size = isTerminal ? SessionRelay.size(of: STDOUT_FILENO) : nil
    return CallerStreams(
      isTerminal: isTerminal, terminal: ProcessInfo.processInfo.environment["TERM"],
      rows: size?.rows, columns: size?.columns)
  }

  /// Connects the streams in a thread of its own; `ends` may take its time. `isDaemons`: the daemon
  /// follows the dyno, and waits for this process.
  @discardableResult
  static func begin(
    isDaemons: Bool, _ ends: @escaping @Sendable () -> SessionEnds?
  ) -> LocalSession {
    let session = LocalSession()
    running.withLock { $0 = session }
    Thread.detachNewThread {
      let ends = ends()
      // Held until this process ends: the dyno may have closed its streams and go on.
      session.held.withLock { $0 = ends }
      if let ends, !SessionRelay(ends).run() {
        // Nobody reads what the dyno writes: it is to end. The daemon sees that by this process.
        if isDaemons { Glibc.exit(128 + SIGPIPE) }
        ends.close()
      }
      session.ended.signal()
      session.continuation.finish()
    }
    return session
  }

  /// Gets ready to take a session over from the daemon; the name to hand it to.
  static func takeOver() throws -> Data {
    let socket = try SessionSocket(daemon: geteuid())
    begin(isDaemons: true) {
      let taken = socket.take(patience: patience).compactMap { name, descriptor in
        SessionEnds.Role(rawValue: name).map { ($0, descriptor) }
      }
      return taken.isEmpty ? nil : SessionEnds(Dictionary(taken) { first, _ in first })
    }
    return Data(socket.name.utf8)
  }

  /// Waits for its end, without a thread.
  func over() async { for await _ in ends {} }

  /// Waits for its end.
  func waitForEnd() {
    ended.wait()
    ended.signal()
  }
}
