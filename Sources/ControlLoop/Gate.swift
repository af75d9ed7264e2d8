// How many steps are taken at once on this machine.

/// A counting gate: first come, first served. Long steps (a stack being built) pass it without
/// counting, so that they never keep dynos from starting.
actor Gate {
  private let limit: Int
  private var inside = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(limit: Int) { self.limit = limit }

  /// Waits for a place.
  func enter() async {
    if inside < limit {
      inside += 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Gives the place to whoever waits longest.
  func leave() {
    if waiting.isEmpty {
      inside -= 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}
