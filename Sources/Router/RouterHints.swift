// Hints that the router is to be looked at: it ended, or a draining server has nothing left to do.

import Synchronization

/// Tells everybody who listens.
final class RouterHints: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  /// A stream of hints; ends with the task that iterates it. Hints that nobody took yet are one.
  func stream() -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let number = state.withLock { state in
        state.next += 1
        state.listeners[state.next] = continuation
        return state.next
      }
      continuation.onTermination = { _ in
        self.state.withLock { $0.listeners[number] = nil }
      }
    }
  }

  func tell() {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
  }
}
