// The pages of this repository: links that lead somewhere, and nothing that cannot be found.

import Testing

@Suite struct PageTests {
  @Test func `every link leads somewhere`() {
    expectTidy(
      Repository.pages.flatMap {
        Links.dead(in: $0, exists: Repository.exists, text: Repository.text)
      })
  }

  @Test func `a dead link is found, and a heading that is not there`() {
    let page = Page(
      path: "docs/a/b.md",
      text: "[a](../c.md) [b](gone.md)\n[c](../c.md#no-such)\n```\n[d](code.md)\n```\n[e](#here)")
    let findings = Links.dead(
      in: page, exists: { $0 == "docs/c.md" || $0 == "docs/a/b.md" },
      text: { $0 == "docs/c.md" ? "# Such a one" : "## Here" })
    #expect(findings.map(\.line) == [1, 2])
  }

  @Test func `every page of docs is reached from its map`() {
    let docs = Repository.pages.filter { $0.path.hasPrefix("docs/") }
    expectTidy(Links.unreached(from: "docs/README.md", among: docs))
  }

  @Test func `a page that nothing links to is found`() {
    let pages = [
      Page(path: "docs/README.md", text: "[a](a.md)"), Page(path: "docs/a.md", text: "[b](b.md)"),
      Page(path: "docs/b.md", text: ""), Page(path: "docs/lost.md", text: ""),
    ]
    #expect(Links.unreached(from: "docs/README.md", among: pages).map(\.file) == ["docs/lost.md"])
  }

  @Test func `decisions are numbered without a gap, and each says where it stands`() {
    let pages = Repository.pages.filter {
      $0.path.hasPrefix("docs/decisions/") && !$0.path.hasSuffix("README.md")
    }
    for (index, page) in pages.enumerated() {
      let number = String(10_001 + index).dropFirst()
      #expect(page.path.hasPrefix("docs/decisions/\(number)-"), "\(page.path)")
      #expect(page.text.contains("\nStatus: "), "\(page.path)")
    }
    #expect(!pages.isEmpty)
  }

  @Test func `continuous integration runs the test command of the README, many seeds, then lint`() {
    let commands = Repository.text(of: ".ci/run").split(separator: "\n").filter {
      $0.hasPrefix("./")
    }
    #expect(commands == ["./dev test", "./dev seeds", "./dev lint"])
    #expect(Repository.text(of: "README.md").contains("\n./dev test"))
  }
}
