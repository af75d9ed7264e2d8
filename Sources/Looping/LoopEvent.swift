// What happens to the loop: past tense, values only. Events wake; they never decide.

package import FormationModel

/// Something that happened outside the loop.
package enum LoopEvent: Hashable, Codable, Sendable {
  /// Somebody asks to read the repository and to pass: the start, a poll, a webhook, an order.
  case woken
  /// The runtime hinted that something happened to an instance.
  case runtimeChanged
  /// A time that the loop asked for has come.
  case timerFired
  /// The repository was read and resolved.
  case sourceRead(ResolvedFormation)
  /// The repository could not be taken; the last good commit stays in force.
  case sourceFailed(SourceFailure)
  /// The store told what it holds.
  case memoryRead(Memory)
  /// The store could not be read.
  case memoryUnreadable(EffectFailure)
  /// The runtime answered.
  case observed(Observation)
  /// An effect with this number ended.
  case effectEnded(EffectNumber, Outcome)
  /// A health check ended.
  case probed(InstanceID, ProbeResult)
  /// Somebody asked for something by hand.
  case ordered(Order)
}

/// Why the repository could not be taken, as the loop needs it.
package struct SourceFailure: Hashable, Codable, Sendable {
  /// The kind of problem, `rewound`.
  package let code: String
  /// What is wrong, for people.
  package let message: String
  /// What to do; nil when the message says it.
  package let fix: String?
  /// The commit concerned; nil when there is none.
  package let revision: RevisionID?

  /// Makes a failure.
  package init(code: String, message: String, fix: String?, revision: RevisionID?) {
    self.code = code
    self.message = message
    self.fix = fix
    self.revision = revision
  }
}
