// Blocking work beside the cooperative threads: at most so many pieces at once, the rest waits its
// turn without holding a thread.

import Dispatch
import Synchronization

/// Runs blocking closures on threads of their own, a limited number at once.
package final class BlockingLanes: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let queue: DispatchQueue

  /// Makes lanes, `width` of them.
  package init(_ label: String, width: Int) {
    state = Mutex(State(free: max(1, width)))
    queue = DispatchQueue(label: "muster.\(label)", attributes: .concurrent)
  }

  /// Runs the work when a lane is free and returns what it returns.
  package func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await enter()
    return await withCheckedContinuation { continuation in
      queue.async {
        let value = work()
        self.leave()
        continuation.resume(returning: value)
      }
    }
  }

  private func enter() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let now = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if now { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
