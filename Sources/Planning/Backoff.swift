// When a slot whose dyno died may be started again. Pure: the jitter comes from the seed.

package import FormationModel

/// Crash backoff: the first restart is immediate, then the delay doubles up to a cap.
package enum Backoff {
  /// The delay after the second early death in a row.
  package static let firstDelay: Duration = .seconds(10)
  /// The longest delay. Heroku waits up to 320 min; its users asked for less.
  package static let cap: Duration = .seconds(300)

  /// The delay before the start that follows `count` early deaths in a row: 0 for the first, then
  /// 10 s, 20 s, 40 s … up to 5 min, each ±25 % by the seed.
  package static func delay(count: Int, of id: InstanceID, seed: UInt64) -> Duration {
    guard count >= 2 else { return .zero }
    let doublings = min(count - 2, 10)
    let base = min(firstDelay.inMilliseconds << Int64(doublings), cap.inMilliseconds)
    let share = Int64(StableHash.of(id.description, seed: seed) % 501)
    return .milliseconds(min(base * (750 + share) / 1000, cap.inMilliseconds))
  }
}

/// A hash that is the same on every machine and in every run (FNV-1a, 64 bits). Not for secrets.
package enum StableHash {
  /// The hash of the text, mixed with the seed.
  package static func of(_ text: String, seed: UInt64 = 0) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for byte in text.utf8 {
      hash ^= UInt64(byte)
      hash = hash &* 0x0000_0100_0000_01b3
    }
    return hash ^ (hash >> 32)
  }

  /// Six hexadecimal characters of the hash, for names that people type.
  package static func name(of text: String) -> String {
    let digits = String(of(text) & 0xff_ffff, radix: 16)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }
}
