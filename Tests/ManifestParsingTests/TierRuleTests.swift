// Heroku's commercial rules, one row each: what is just allowed, and what is just not.

import FormationModel
import Testing

@Suite struct TierRuleTests {
  /// A rule with an app on either side of it; `worker` and further types come from the Procfile.
  struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    let allowed: String
    let refused: String
    let code: String
    let words: String
    var testDescription: String { name }

    init(
      _ name: String, allows allowed: String, not refused: String, code: String = "heroku-tiers",
      _ words: String
    ) {
      self.name = name
      self.allowed = allowed
      self.refused = refused
      self.code = code
      self.words = words
    }
  }

  /// The process types of a formation, each on its line.
  private func procfile(_ formation: String) -> String {
    formation.split(separator: ":").flatMap { $0.split(whereSeparator: { " {,".contains($0) }) }
      .filter { $0.hasPrefix("type") || ["web", "worker"].contains($0) }
      .map { "\($0): run\n" }.joined()
  }

  private func problems(_ formation: String, _ rest: String = "") throws -> [String] {
    try MemoryTree([
      "platform.yaml": "spaces: {acme: {}}\n",
      "apps/shop/app.yaml": "formation: {\(formation)}\n\(rest)",
      "apps/shop/Procfile": procfile(formation),
    ]).formation().mistakes.filter { $0.contains(": error: ") }
  }

  @Test(arguments: Rule.all) func `it holds`(_ rule: Rule) throws {
    let allowed = rule.allowed.split(separator: "|", maxSplits: 1).map(String.init)
    let fine = try problems(allowed[0], allowed.count > 1 ? allowed[1] : "")
    #expect(fine == [])
    let refused = rule.refused.split(separator: "|", maxSplits: 1).map(String.init)
    let told = try problems(refused[0], refused.count > 1 ? refused[1] : "")
    #expect(told.contains { $0.contains("[\(rule.code)] \(rule.words)") }, "\(told)")
  }
}

extension TierRuleTests.Rule {
  private static func types(_ count: Int, _ size: String) -> String {
    (["web", "worker"] + (3...11).map { "type\($0)" }).prefix(count)
      .map { "\($0): {size: \(size), quantity: 1}" }.joined(separator: ", ")
  }

  fileprivate static let all = [
    Self(
      "100 dynos per app", allows: "web: {quantity: 60}, worker: {quantity: 40}",
      not: "web: {quantity: 60}, worker: {quantity: 41}", code: "too-many-dynos",
      "the app asks for 101 dynos; 100 are allowed"),
    Self(
      "eco: one dyno per type", allows: "web: {size: eco}", not: "web: {size: eco, quantity: 2}",
      "web: 2 dynos of eco; eco allows 1 per process type"),
    Self(
      "eco: two dynos per app", allows: types(2, "eco"), not: types(3, "eco"),
      "the app asks for 3 eco dynos; 2 are allowed"),
    Self(
      "basic: one dyno per type", allows: "web: {size: basic}",
      not: "web: {size: basic, quantity: 2}",
      "web: 2 dynos of basic; basic allows 1 per process type"),
    Self(
      "basic: ten types", allows: types(10, "basic"), not: types(11, "basic"),
      "the app has 11 process types of basic dynos; 10 are allowed"),
    Self(
      "performance: ten dynos per type", allows: "web: {size: performance-m, quantity: 10}",
      not: "web: {size: performance-m, quantity: 11}",
      "web: 11 dynos of performance-m; performance allows 10 per process type"),
    Self(
      "private: ten dynos per type",
      allows: "web: {size: private-s, quantity: 10}|space: acme",
      not: "web: {size: private-s, quantity: 11}|space: acme",
      "web: 11 dynos of private-s; private allows 10 per process type"),
    Self(
      "eco mixes with nothing", allows: types(2, "eco"),
      not: "web: {size: eco}, worker: {size: standard-1x, quantity: 1}",
      "eco mixes with nothing else: web is eco, worker is standard-1x"),
    Self(
      "basic mixes with nothing", allows: types(2, "basic"),
      not: "web: {size: basic}, worker: {size: eco, quantity: 1}",
      "basic mixes with nothing else: web is basic, worker is eco"),
    Self(
      "standard and performance mix",
      allows: "web: {size: performance-m}, worker: {size: standard-2x, quantity: 1}",
      not: "web: {size: performance-m}, worker: {size: basic, quantity: 1}",
      "basic mixes with nothing else: worker is basic, web is performance-m"),
    Self(
      "private sizes need a space", allows: "web: {size: private-s}|space: acme",
      not: "web: {size: private-s}", "web: private-s needs a space"),
    Self(
      "preboot is for standard and performance",
      allows: "web: {size: performance-m}|rollout: {strategy: preboot}",
      not: "web: {size: basic}|rollout: {strategy: preboot}",
      "preboot is for standard and performance dynos; web is basic"),
    Self(
      "preboot is not for private dynos",
      allows: "web: {size: private-s}|space: acme\nrollout: {strategy: rolling}",
      not: "web: {size: private-s}|space: acme\nrollout: {strategy: preboot}",
      "preboot is for standard and performance dynos; web is private-s"),
    Self(
      "performance dynos autoscale",
      allows: "web: {size: performance-m, quantity: {min: 1, max: 4}}",
      not: "web: {size: standard-1x, quantity: {min: 1, max: 4}}",
      "web: only performance and private dynos autoscale, standard-1x does not"),
  ]
}
