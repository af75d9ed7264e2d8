// What a simulation came to.

package import FormationModel

/// The result of one simulated run.
package struct SimulationReport: Sendable {
  /// The seed.
  package internal(set) var seed: UInt64
  /// Effects that Muster asked for and that change something.
  package internal(set) var effects = 0
  /// Plans that Muster reported.
  package internal(set) var passes = 0
  /// Plans that it took from the beginning of the calm until everything stood.
  package internal(set) var passesToConverge = 0
  /// From the beginning of the calm until everything stood; nil when it never did.
  package internal(set) var timeToConverge: Duration?
  /// Looks at the machine before the calm.
  package internal(set) var looks = 0
  /// Wake-ups before the calm: webhooks and the runtime's hints.
  package internal(set) var events = 0
  /// What happened altogether: effects, answers, timers, commits, orders, faults, visitors.
  package internal(set) var occurrences = 0
  /// How many times a fault happened.
  package internal(set) var faults = 0
  /// How many times each kind of fault happened.
  package internal(set) var strikes: [Fault: Int] = [:]
  /// Which history it was.
  package internal(set) var history = History.random
  /// How many times Muster was killed.
  package internal(set) var kills = 0
  /// How much time went by in the simulation.
  package internal(set) var virtualTime = Duration.zero
  /// What happened, line by line, when the log was kept.
  package internal(set) var log: [String] = []
  /// A hash of the log, when it was kept.
  package internal(set) var logDigest: UInt64 = 0
  /// What runs at the end.
  package internal(set) var formation: [RunningSlot] = []
  /// How each app came to stand, first to last.
  package internal(set) var standings: [AppName: [AppStanding]] = [:]
  /// What was violated; nil when nothing was.
  package internal(set) var failure: SimulationFailure?
}

/// A slot with what fills it, without anything that depends on how it came about.
package struct RunningSlot: Hashable, Comparable, Sendable {
  /// The slot.
  package let slot: SlotID
  /// What its instance was started with.
  package let form: InstanceForm

  /// By slot.
  package static func < (left: RunningSlot, right: RunningSlot) -> Bool { left.slot < right.slot }
}

/// An invariant that does not hold.
package struct SimulationFailure: Error, Hashable, Sendable {
  /// The seed that shows it.
  package let seed: UInt64
  /// The number of the effect after which it was seen.
  package let step: Int
  /// The invariant.
  package let invariant: Invariant
  /// What was seen.
  package let story: String
}

extension SimulationFailure: CustomStringConvertible {
  /// One line with what is needed to look closer.
  package var description: String {
    "seed \(seed), after effect \(step): \(invariant.rawValue): \(story)"
      + " (`muster simulate --seed \(seed)` shows every step)"
  }
}
