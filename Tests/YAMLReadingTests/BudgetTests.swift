// The budget is held while reading: what would be too much is never built.

import Testing
import YAMLReading

@Suite struct BudgetTests {
  /// `levels` lists of nine aliases each, of the level below.
  private func bomb(levels: Int) -> String {
    var text = "l0: &l0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...levels {
      let aliases = repeatElement("*l\(level - 1)", count: 9).joined(separator: ", ")
      text += "l\(level): &l\(level) [\(aliases)]\n"
    }
    return text
  }

  @Test func `an alias bomb is refused before it goes off`() {
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(readYAML(bomb(levels: 9)).hasPrefix("too-many-values "))
    }
    // A bomb of nine levels has 3 billion values; this bound only says that none was built.
    #expect(time < .seconds(2))
  }

  @Test func `aliases are counted`() {
    let many = (0...100).map { "k\($0): *x\n" }.joined()
    #expect(readYAML("x: &x 1\n" + many) == "too-many-aliases 102:7")
  }

  @Test func `the text of aliases is counted`() {
    var budget = ReadingBudget()
    budget.bytes = 1_000
    let text = "a: &x \"\(String(repeating: "x", count: 400))\"\nb: *x\nc: *x\nd: *x"
    #expect(readYAML(text, budget: budget) == "too-large 4:4")
  }

  @Test(arguments: [65, 5_000, 100_000])
  func `depth is refused where it gets too deep`(depth: Int) {
    #expect(readYAML(String(repeating: "[", count: depth)) == "too-deep 1:65")
    #expect(readYAML(String(repeating: "- ", count: depth)) == "too-deep 1:129")
    #expect(readJSON(String(repeating: "[", count: depth)) == "too-deep 1:65")
    #expect(readJSON(String(repeating: "{\"a\":", count: depth)) == "too-deep 1:321")
  }

  @Test func `the deepest allowed nesting reads`() {
    let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(readYAML(text) == text)
    #expect(readJSON(text) == text)
  }

  @Test func `an alias cannot nest deeper than the budget`() {
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    let outer = String(repeating: "[", count: 30) + "*x" + String(repeating: "]", count: 30)
    #expect(readYAML("a: &x \(deep)\nb: \(outer)") == "too-deep 2:34")
  }

  @Test func `values and bytes are counted`() {
    var budget = ReadingBudget()
    budget.nodes = 4
    #expect(readYAML("[a, b, c]", budget: budget) == "[a, b, c]")
    #expect(readYAML("[a, b, c, d]", budget: budget) == "too-many-values 1:11")
    #expect(readJSON("[1, 2, 3, 4]", budget: budget) == "too-many-values 1:11")
    #expect(readYAML("[a]\n---\n[b]\n---\n[c]", budget: budget) == "too-many-values 5:1")
    budget.bytes = 8
    #expect(readYAML("a: 12345", budget: budget) == "{a: 12345}")
    #expect(readYAML("a: 123456", budget: budget) == "too-large 1:1")
  }
}
