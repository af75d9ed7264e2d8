// What the loop wants done: imperative, values only. Effects that change something are numbered,
// and each number is a crash point (`MUSTER_CRASH_AT`).

package import FormationModel
package import Planning

/// The number of an effect that changes something, from 1, in the order in which they were asked
/// for.
package struct EffectNumber: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// The number.
  package let value: Int

  /// Wraps a number.
  package init(_ value: Int) { self.value = value }

  /// Smaller was asked for earlier.
  package static func < (left: EffectNumber, right: EffectNumber) -> Bool {
    left.value < right.value
  }

  /// The bare number.
  package var description: String { "\(value)" }
}

/// Something the loop wants done. Effects of one answer may be done at the same time: the loop asks
/// for what depends on another effect only after that has ended.
package enum LoopEffect: Hashable, Codable, Sendable {
  /// Read memory from the store; answer `.memoryRead` or `.memoryUnreadable`.
  case readMemory
  /// Read the repository and resolve what it refers to; answer `.sourceRead` or `.sourceFailed`.
  case readSource(inForce: RevisionsInForce)
  /// Ask the runtime what is there; answer `.observed`.
  case observe
  /// Write to memory in one transaction; answer `.effectEnded`.
  case write(EffectNumber, [MemoryChange])
  /// Take a step; answer `.effectEnded`.
  case perform(EffectNumber, Step)
  /// Check an instance once; answer `.probed`.
  case probe(ObservedInstance, Healthcheck)
  /// Send `.timerFired` at that time; replaces the timer asked for before.
  case wake(at: LoopTime)
  /// Tell whoever gave the order that it is durable, or why it was not taken.
  case answer(Order, Outcome)
  /// A pass ended with this plan.
  case report(Plan)
  /// Nothing can move any more, or everything has converged and a second pass proved it. Asked for
  /// only when the loop was told to run once.
  case finish(RunVerdict)
}

/// How a run that ends, ends.
package enum RunVerdict: String, Hashable, Codable, Sendable, CaseIterable {
  /// Converged, and a second pass found nothing to do.
  case converged
  /// Only holds are left.
  case held
  /// Something fails: an app is not valid, dynos crash, steps fail.
  case failed
  /// The runtime could not be asked.
  case unknown
}
