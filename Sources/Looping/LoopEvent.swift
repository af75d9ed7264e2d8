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
