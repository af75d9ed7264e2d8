// Faults that happen at a number, beyond the first of their kind, and what a scripted history asks
// of people: the exhaustive modes go through them one by one.

/// Faults at exact places of a scripted run.
package struct ExactFaults: Sendable {
  /// Where Muster is killed a second time.
  package var laterCrash: SimulationOptions.CrashPoint?
  /// How many wake-ups after the lost one get lost, too.
  package var lostEventsAfter = 0
  /// Whether whoever is asked for consent gives it within 90 s, faults or not.
  package var consentsAtOnce = false
  /// The number of the push, from 0, at which all slugs and stacks get lost.
  package var losesContentAtPush: Int?
  /// Whether what stands when the next commit comes is compared with what the last one says.
  package var checksArrivals = false

  /// Whether nothing of it interferes with what Muster does.
  var leavesNothingOut: Bool { laterCrash == nil && lostEventsAfter == 0 }
}

extension SimulationOptions {
  /// Where Muster is killed at the effect with that number; nil: it is not.
  func crash(at effect: Int) -> CrashPoint? {
    [crash, exactly.laterCrash].compactMap { $0 }.first { $0.effect == effect }
  }

  /// Whether the wake-up with that number gets lost.
  func loses(wakeUp number: Int) -> Bool {
    guard let first = lostEvent else { return false }
    return (first...(first + exactly.lostEventsAfter)).contains(number)
  }
}
