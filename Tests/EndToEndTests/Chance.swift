// Chance that can be had again: by a seed, which is printed.

import Foundation

/// SplitMix64.
struct Chance: RandomNumberGenerator {
  private var state: UInt64
  /// What began it.
  let seed: UInt64

  /// By MUSTER_SEED, or by a seed of its own; prints it.
  init(for what: String) {
    let given = ProcessInfo.processInfo.environment["MUSTER_SEED"].flatMap { UInt64($0) }
    seed = given ?? UInt64.random(in: 1...999_999)
    state = seed
    print("\(what): MUSTER_SEED=\(seed)")
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
