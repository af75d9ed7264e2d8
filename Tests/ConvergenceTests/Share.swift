// How much of the exhaustive modes a run goes through: all of it, or, while one works on the code
// (`./dev test core`), every fourth seed, crash point, old list and lost wake-up.

import Foundation
import Testing

enum Share {
  /// Of so many cases one is run: `MUSTER_EVERY`; 1 where it is not set.
  static let every = max(
    1, ProcessInfo.processInfo.environment["MUSTER_EVERY"].flatMap(Int.init) ?? 1)

  /// The cases of 1 to `count` that are run, beginning with the first.
  static func ofCases(_ count: Int) -> StrideTo<Int> {
    stride(from: 1, to: max(1, count) + 1, by: every)
  }

  /// Of so many pairs one is run: they are tens of thousands. `MUSTER_PAIRS=1` runs them all.
  static let everyPair = max(
    1, ProcessInfo.processInfo.environment["MUSTER_PAIRS"].flatMap(Int.init) ?? 7)

  /// The pairs of 1 to `count` that are run, beginning with the first.
  static func ofPairs(_ count: Int) -> StrideTo<Int> {
    stride(from: 1, to: max(1, count) + 1, by: every * everyPair)
  }

  /// Says once what is left out.
  static func tell(_ what: String, _ count: Int) {
    guard every > 1 else { return }
    print("simulation: one of \(every) of \(count) \(what); `./dev test` runs them all")
  }
}
