// Everything in a simulation that looks like chance comes from here, and so from the seed.

/// A stream of numbers from a seed (SplitMix64).
package struct Chance: Sendable {
  private var state: UInt64

  /// Makes the stream of that name: streams of one seed do not disturb one another.
  package init(seed: UInt64, stream: UInt64 = 0) {
    state = seed &+ stream &* 0xd134_2543_de82_ef95
    _ = next()
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state = state &+ 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// A number of the range.
  package mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// A span of that many milliseconds.
  package mutating func span(_ milliseconds: ClosedRange<Int>) -> Duration {
    .milliseconds(number(milliseconds))
  }

  /// True that many times out of a thousand.
  package mutating func happens(perMille: Int) -> Bool {
    perMille > 0 && Int(next() % 1000) < perMille
  }

  /// One of the elements; nil when there is none.
  package mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[number(0...(elements.count - 1))]
  }
}
