// The caller's end as a command sees it that the daemon runs: somewhere to write to, somebody to
// ask.

package import Foundation
import NIOCore
import Synchronization

/// The caller of one command.
package final class CallConsole: Sendable {
  /// Text that a caller has not taken yet; beyond it, the caller is given up.
  static let pendingLimit = 16 << 20

  private let frames: AsyncStream<DaemonFrame>.Continuation
  private let pending = Mutex(0)
  private let answers: Answers
  private let caller: Caller

  init(
    _ frames: AsyncStream<DaemonFrame>.Continuation, _ answers: Answers, of caller: Caller
  ) {
    self.caller = caller
    self.frames = frames
    self.answers = answers
  }

  /// Writes text to the caller's standard output, or standard error. It never waits: a caller that
  /// does not read is cut off.
  package func write(_ text: String, isError: Bool) {
    let isTooMuch = pending.withLock { bytes in
      bytes += text.utf8.count
      return bytes > Self.pendingLimit
    }
    if isTooMuch { frames.finish() } else { frames.yield(.text(text, isError: isError)) }
  }

  /// Asks the caller; throws when it refuses, or is gone.
  package func ask(_ question: CallerQuestion) async throws -> Data {
    try await answers.next { frames.yield(.question(question)) }
  }

  /// Hands descriptors to the caller, and to nobody else, with the name of each.
  package func hand(_ descriptors: [(name: String, descriptor: Int32)]) async throws {
    let name = String(decoding: try await ask(.session), as: UTF8.self)
    try SessionSocket.hand(descriptors, to: name, of: caller)
  }

  func taken(_ frame: DaemonFrame) {
    guard case .text(let text, _) = frame else { return }
    pending.withLock { $0 -= text.utf8.count }
  }
}

/// Answers of a caller, in the order of the questions.
actor Answers {
  private var waiting: CheckedContinuation<Data, any Error>?
  private var isClosed = false

  /// The answer to a question. It is asked here once somebody waits: an answer that came earlier
  /// would be dropped.
  func next(asking: () -> Void) async throws -> Data {
    guard !isClosed else { throw Answers.gone }
    return try await withCheckedThrowingContinuation {
      waiting = $0
      asking()
    }
  }

  /// Takes an answer; one that nobody asked for is dropped.
  func take(_ answer: Result<Data, any Error>) {
    waiting?.resume(with: answer)
    waiting = nil
  }

  /// The caller is gone: nobody answers any more.
  func close() {
    isClosed = true
    take(.failure(Answers.gone))
  }

  private static let gone = ControlFailure("the caller has gone")
}
