// Random, mutated and truncated input: it ends in values or in one problem, always. The seeds are
// fixed, so that a failure comes back.

import Testing
import YAMLReading

/// A small generator that gives the same numbers everywhere (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct HostileInputTests {
  private static let yaml = """
    name: &n "shop\\u00e9"   # комментарий
    env: {A: 'it''s', B: [1, *n, {c: ~}], "D": !!str 7}
    run: |
      one: two
        three
    list:
      - - x
        - >-
          folded
      - ? k
        : v
    ---
    next: document
    ...
    """

  private static let json = """
    {"name": "shop\\u00e9\\ud83d\\ude00", "env": {"A": "x", "B": [1, -2.5e3, true, null, {}]},
    \t"list": [[], [[]], "\\"", "日本"]}
    """

  /// Reads, and checks what must hold of any result.
  private func check(_ bytes: [UInt8], _ seed: UInt64) {
    var budget = ReadingBudget()
    budget.nodes = 300
    budget.depth = 12
    do throws(ReadingProblem) {
      let nodes = try YAMLReader.read(bytes, budget: budget)
      #expect(nodes.reduce(0) { $0 + Self.count($1) } <= 300, "seed \(seed)")
      #expect(nodes.allSatisfy { Self.depth($0) <= 12 }, "seed \(seed)")
    } catch { Self.check(error, bytes, seed) }
    do throws(ReadingProblem) {
      let node = try JSONReader.read(bytes, budget: budget)
      #expect(Self.count(node) <= 300 && Self.depth(node) <= 12, "seed \(seed)")
    } catch { Self.check(error, bytes, seed) }
  }

  private static func check(_ problem: ReadingProblem, _ bytes: [UInt8], _ seed: UInt64) {
    let lines = bytes.split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }.count
    #expect(problem.mark.line >= 1 && problem.mark.column >= 1, "seed \(seed)")
    #expect(problem.mark.line <= lines + 1, "seed \(seed)")
    #expect(!problem.message.isEmpty && !problem.message.contains("\n"), "seed \(seed)")
    #expect(problem.fix?.contains("\n") != true, "seed \(seed)")
  }

  private static func count(_ node: YAMLNode) -> Int {
    switch node.content {
    case .scalar: 1
    case .sequence(let items): items.reduce(1) { $0 + count($1) }
    case .mapping(let pairs): pairs.reduce(1) { $0 + count($1.value) }
    }
  }

  private static func depth(_ node: YAMLNode) -> Int {
    switch node.content {
    case .scalar: 0
    case .sequence(let items): 1 + (items.map(depth).max() ?? 0)
    case .mapping(let pairs): 1 + (pairs.map { depth($0.value) }.max() ?? 0)
    }
  }

  @Test func `random bytes are read or refused`() {
    for seed in 0..<2_000 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let count = Int.random(in: 0...60, using: &random)
      check((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, seed)
    }
  }

  @Test func `random signs of the language are read or refused`() {
    let signs = Array("{}[]:,-?&*!|>'\"%@`#\\ \t\n\r  ab1~<.é\u{1F600}".unicodeScalars)
    for seed in 0..<5_000 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        text.append(signs[Int.random(in: 0..<signs.count, using: &random)])
      }
      check(Array(String(text).utf8), seed)
    }
  }

  @Test(arguments: [yaml, json])
  func `mutated files are read or refused`(text: String) {
    for seed in 0..<3_000 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var bytes = Array(text.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: index)
        default: bytes.insert(contentsOf: bytes[index...].prefix(12), at: index)
        }
      }
      check(bytes, seed)
    }
  }

  @Test(arguments: [yaml, json])
  func `truncated files are read or refused`(text: String) {
    let bytes = Array(text.utf8)
    for count in 0...bytes.count { check(Array(bytes.prefix(count)), UInt64(count)) }
  }

  @Test func `every truncation of a JSON text is refused`() {
    let bytes = Array(Self.json.utf8)
    for count in 0..<bytes.count {
      #expect(throws: ReadingProblem.self) {
        try JSONReader.read(Array(bytes.prefix(count)))
      }
    }
  }
}
