// Random manifests from a seed, for properties.

import FormationModel

@testable import ManifestParsing

/// SplitMix64: the same seed gives the same numbers.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
  init(_ seed: Int) { self.init(UInt64(seed)) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

enum RandomManifest {
  private static let mark = SourceMark(file: "app.yaml", line: 1, column: 1)
  private static let words = ["env", "formation", "web", "value", "secret", "size", "KEY"]

  /// A random mapping of mappings, lists and texts, without nulls.
  static func value(_ random: inout SeededRandom, depth: Int = 0) -> ManifestValue {
    let kind = depth == 0 ? 0 : Int.random(in: 0...(depth > 3 ? 1 : 3), using: &random)
    switch kind {
    case 0 where depth < 4, 3:
      let keys = words.filter { _ in Bool.random(using: &random) }.shuffled(using: &random)
      return ManifestValue(
        .mapping(keys.map { ManifestEntry($0, at: mark, value(&random, depth: depth + 1)) }),
        at: mark)
    case 1:
      return ManifestValue(
        .list([ManifestValue(text: "\(Int.random(in: 0...9, using: &random))", at: mark)]),
        at: mark)
    default:
      return ManifestValue(text: "t\(Int.random(in: 0...99, using: &random))", at: mark)
    }
  }

  private static let lines: [[String]] = [
    ["stack: busybox", "stack: nothing"],
    ["env: {A: x, B: y}", "env: {A: {generator: secret}}", "env: {A: [x]}"],
    ["formation: {web: {quantity: 2}, worker: {quantity: 1}}", "formation: {web: {quantity: x}}"],
    ["maintenance: true", "maintenance: on"],
    ["domains: [a.example.com]", "domains: 1"],
    ["rollout: {strategy: rolling, max_unavailable: 50%}", "rollout: {strategy: never}"],
    ["suspend: deploys"], ["deletion: retain"], ["unknown: 1"], ["x-note: 1"],
    ["addons: [heroku-postgresql]", "addons: [heroku-nothing]"],
    ["jobs: {nightly: {run: a, every: daily, at: \"03:00\"}}", "jobs: {nightly: {run: a}}"],
    ["environments: {staging: {formation: {web: {quantity: 1}}}}"],
  ]

  /// A random app.yaml, one key a line, mostly valid.
  static func text(_ random: inout SeededRandom) -> String {
    lines.compactMap { choices -> String? in
      guard Bool.random(using: &random) else { return nil }
      let isValid = Int.random(in: 0..<8, using: &random) > 0
      return isValid ? choices.first : choices.last
    }.joined(separator: "\n")
  }

  /// The same keys in another order.
  static func shuffled(_ text: String, _ random: inout SeededRandom) -> String {
    text.split(separator: "\n").shuffled(using: &random).joined(separator: "\n")
  }
}
