// Ends this process at a numbered effect, as a power cut would: the tests that prove crash safety
// on real containers ask for it by MUSTER_CRASH_AT=n:before|after|unrecorded.

import Glibc
package import Looping

/// A moment at which the process ends itself without any warning.
package struct CrashPoint: Hashable, Sendable {
  /// When, relative to the effect.
  package enum Moment: String, Sendable, CaseIterable {
    /// Before it is performed.
    case before
    /// After it was performed, before anybody took note.
    case unrecorded
    /// After the loop has taken note.
    case after
  }

  /// The effect.
  package let number: EffectNumber
  /// When.
  package let moment: Moment

  /// Reads `n:before|after|unrecorded`; nil when the text says something else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), number > 0,
      let moment = Moment(rawValue: String(parts[1]))
    else { return nil }
    self.number = EffectNumber(number)
    self.moment = moment
  }

  /// Ends the process here if this is the moment.
  func pass(_ number: EffectNumber, _ moment: Moment) {
    if number == self.number && moment == self.moment { kill(getpid(), SIGKILL) }
  }
}
