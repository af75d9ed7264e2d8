// The repository's Swift code against the rules of the house. Each rule is shown a sin first.

import Testing

@Suite struct CodeTests {
  @Test func `each target imports only what its layer may know`() {
    expectTidy(Repository.sources.flatMap(ImportTable.findings))
  }

  @Test func `an import of another layer is found`() {
    let bad = snippet("Sources/Planning/A.swift", "// A\npackage import Effects\nimport Foundation")
    #expect(ImportTable.findings(in: bad).map(\.line) == [2, 3])
    let kind = snippet("Sources/Looping/A.swift", "@preconcurrency import struct Foundation.Date")
    #expect(ImportTable.findings(in: kind).count == 1)
    #expect(ImportTable.findings(in: snippet("Sources/New/A.swift", "")).count == 1)
  }

  @Test func `every folder under Sources is a target with a row in the table`() {
    #expect(Set(Repository.names(in: "Sources")) == Set(ImportTable.allowed.keys))
  }

  @Test func `code has no word that its layer bans`() {
    expectTidy(BannedCalls.all.flatMap { ban in Repository.sources.flatMap(ban.findings) })
  }

  @Test(arguments: BannedCalls.all.indices)
  func `a banned word is found, and the same word in a comment or a string is not`(index: Int) {
    let ban = BannedCalls.all[index]
    for word in ban.words {
      let bad = snippet("Sources/Planning/A.swift", "let a = \(word) b")
      #expect(ban.findings(in: bad).count == 1, "\(word)")
      let quoted = snippet(
        "Sources/Planning/A.swift", "let a = \"\(word)\" // \(word)\n/// \(word)")
      #expect(ban.findings(in: quoted).isEmpty, "\(word)")
      let longer = snippet("Sources/Planning/A.swift", "let a = x\(word)x")
      if word.utf8.first?.continuesName == true { #expect(ban.findings(in: longer).isEmpty) }
    }
  }

  @Test func `exceptions to a ban are files that exist`() {
    let loops = BannedCalls.unorderedLoopExceptions.keys
    for path in BannedCalls.all.flatMap(\.exceptions.keys) + loops {
      #expect(Repository.exists(path), "\(path)")
    }
  }

  @Test func `tests sleep only on the way to a deadline`() {
    expectTidy(Repository.tests.flatMap(BannedCalls.sleeps))
  }

  @Test func `a bare sleep in a test is found`() {
    let bad = snippet("Tests/A/A.swift", "func a() async {\n  try await Task.sleep(for: .x)\n}")
    #expect(BannedCalls.sleeps(in: bad).map(\.line) == [2])
    let good = snippet("Tests/A/A.swift", "while now < deadline {\n  usleep(10)\n}")
    #expect(BannedCalls.sleeps(in: good).isEmpty)
  }

  @Test func `pure code never goes by a dictionary's order`() {
    expectTidy(Repository.sources.flatMap(BannedCalls.unorderedLoops))
  }

  @Test func `a loop over a dictionary's keys is found`() {
    let bad = snippet("Sources/Planning/A.swift", "for a in b.keys {}\nfor a in b.keys.sorted() {}")
    #expect(BannedCalls.unorderedLoops(in: bad).map(\.line) == [1])
  }

  @Test func `files, lines and functions are short`() {
    expectTidy((Repository.sources + Repository.tests).flatMap(Lengths.findings))
  }

  @Test func `a long file, line and function are found`() {
    let wide = snippet("Sources/A/A.swift", String(repeating: "a", count: 101))
    #expect(Lengths.findings(in: wide).count == 1)
    let tall = snippet("Sources/A/A.swift", String(repeating: "\n", count: 301))
    #expect(Lengths.findings(in: tall).count == 1)
    let body = String(repeating: "  a()\n", count: 41)
    let long = snippet("Sources/A/A.swift", "func f(\n  a: B\n) {\n\(body)}\n")
    #expect(Lengths.findings(in: long).map(\.line) == [1])
  }
}
