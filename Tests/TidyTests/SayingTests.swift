// What code and pages say about themselves, against the rules of the house. Each rule is shown a
// sin.

import Testing

@Suite struct SayingTests {
  @Test func `what other targets see is explained`() {
    expectTidy(Repository.sources.flatMap(Documentation.undocumented))
  }

  @Test func `an unexplained declaration is found`() {
    let bad = snippet("Sources/A/A.swift", "package struct B {\n  package var c = 1\n}")
    #expect(Documentation.undocumented(in: bad).map(\.line) == [1, 2])
    let good = snippet("Sources/A/A.swift", "/// B.\n@Attribute\npackage struct B {}")
    #expect(Documentation.undocumented(in: good).isEmpty)
  }

  @Test func `files open with what they own`() {
    expectTidy((Repository.sources + Repository.tests).flatMap(Documentation.unopened))
  }

  @Test func `a file that opens with code is found`() {
    #expect(Documentation.unopened(in: snippet("Sources/A/A.swift", "import B")).count == 1)
    #expect(Documentation.unopened(in: snippet("Sources/A/A.swift", "")).count == 1)
  }

  @Test func `no type is called as its module`() {
    expectTidy(Repository.sources.flatMap(Documentation.namesakes))
  }

  @Test func `a namesake is found`() {
    let bad = snippet("Sources/Loop/A.swift", "package struct Loop: Sendable {\nstruct Looper {}")
    #expect(Documentation.namesakes(in: bad).map(\.line) == [1])
  }

  @Test func `nothing is put off, and no path of one machine is written down`() {
    let code = Repository.sources + Repository.tests
    let texts =
      code.map(\.path)
      + ["docs", "examples", "manifests"].flatMap { Repository.files(in: $0) }
      + ["Package.swift", "README.md", "dev", ".ci/run"]
    expectTidy(
      texts.flatMap { Documentation.leftovers(path: $0, text: Repository.text(of: $0)) })
  }

  @Test func `what is put off is found`() {
    let text = "fine\nlet a = 1  // TO" + "DO: later\nsee /wo" + "rk/main"
    #expect(Documentation.leftovers(path: "a", text: text).map(\.line) == [2, 3])
  }
}
