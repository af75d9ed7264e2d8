// Provenance, and commits by any of their names.

import Effects
import FormationModel
import Foundation
import GitSource
import Testing

@Suite struct HistoryTests {
  private static let file = "apps/shop/app.yaml"

  @Test func `the newest commit that touched a file is found behind others`() async throws {
    let repository = try TestRepository()
    let first = try repository.head()
    try repository.app("shop", quantity: 2)
    let scaled = try repository.commit("Scale\n\nBecause.")
    try repository.app("other")
    let head = try repository.commit("Other")
    let source = try repository.source()
    let found = await source.newestCommit(touching: Self.file, of: nil, in: head, since: first)
    #expect(found?.id == scaled)
    #expect(found?.subject == "Scale")
    #expect(found?.author == "Ada")
    #expect(await source.newestCommit(touching: Self.file, of: nil, in: head, since: scaled) == nil)
    #expect(
      await source.newestCommit(touching: Self.file, of: nil, in: head, since: nil)?.id == scaled)
    #expect(
      await source.newestCommit(touching: "apps/shop/run", of: nil, in: head, since: nil)?.id
        == first)
    #expect(await source.newestCommit(touching: "nowhere", of: nil, in: head, since: nil) == nil)
    let unknown = RevisionID(rawValue: String(repeating: "1", count: 40))
    #expect(
      await source.newestCommit(touching: Self.file, of: nil, in: head, since: unknown)?.id
        == scaled)
    #expect(await source.newestCommit(touching: Self.file, of: nil, in: unknown, since: nil) == nil)
  }

  @Test func `of a merge, the side that the file came from is followed`() async throws {
    let repository = try TestRepository()
    let base = try repository.head()
    try repository.git("checkout", "--quiet", "-b", "side")
    try repository.app("shop", quantity: 2)
    let side = try repository.commit("Side")
    try repository.git("checkout", "--quiet", "main")
    try repository.app("other")
    try repository.commit("Main")
    try repository.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    let merge = try repository.head()
    let source = try repository.source()
    #expect(
      await source.newestCommit(touching: Self.file, of: nil, in: merge, since: base)?.id == side)
    // A side whose change the merge did not take touched nothing.
    try repository.git("checkout", "--quiet", "-b", "lost", base.rawValue)
    try repository.app("shop", quantity: 9)
    try repository.commit("Lost")
    try repository.git("checkout", "--quiet", "main")
    try repository.git("merge", "--quiet", "--no-ff", "-s", "ours", "-m", "Ours", "lost")
    let ours = try repository.head()
    #expect(
      await source.newestCommit(touching: Self.file, of: nil, in: ours, since: base)?.id == side)
    #expect(await source.newestCommit(touching: Self.file, of: nil, in: ours, since: merge) == nil)
  }

  @Test func `a removal is a touch, and a merge that differs from both sides too`() async throws {
    let repository = try TestRepository()
    let base = try repository.head()
    try repository.git("checkout", "--quiet", "-b", "side")
    try repository.app("shop", quantity: 2)
    try repository.commit("Side")
    try repository.git("checkout", "--quiet", "main")
    try repository.app("shop", quantity: 3)
    try repository.commit("Main")
    try repository.git("merge", "--quiet", "-s", "ours", "--no-commit", "side")
    try repository.app("shop", quantity: 5)
    let merge = try repository.commit("Evil merge")
    let source = try repository.source()
    #expect(
      await source.newestCommit(touching: Self.file, of: nil, in: merge, since: base)?.id == merge)
    try repository.git("rm", "--quiet", Self.file)
    let removal = try repository.commit("Remove")
    #expect(
      await source.newestCommit(touching: Self.file, of: nil, in: removal, since: base)?.id
        == removal)
  }

  @Test func `walks end at the limit of commits`() async throws {
    let repository = try TestRepository()
    for number in 0..<8 { try repository.commit("Empty \(number)") }
    var limits = Limits()
    limits.provenanceCommits = 4
    let head = try repository.head()
    let bounded = try repository.source(limits: limits)
    #expect(await bounded.newestCommit(touching: Self.file, of: nil, in: head, since: nil) == nil)
    #expect(
      try await repository.source().newestCommit(touching: Self.file, of: nil, in: head, since: nil)
        != nil)
  }

  @Test func `commits are read by all their names`() async throws {
    let repository = try TestRepository()
    let first = try repository.head()
    try repository.git("tag", "-m", "one", "v1")
    try repository.app("other")
    try repository.commit("Second")
    let source = try repository.source()
    for name in ["HEAD~1", "main~", "v1", "@^", String(first.rawValue.prefix(9)), "main^1"] {
      let sourced = try await source.formation(at: name).formation()
      #expect(sourced.formation.revision?.id == first, "\(name)")
    }
    for refused in ["-x", "main:apps", ":/Second", "HEAD@{1}", "main^{/x}", "a..b", "x y", ""] {
      #expect(
        try await source.formation(at: refused).problem().kind == .refusedAddress, "\(refused)")
    }
    #expect(try await source.formation(at: "gone").problem().kind == .missingRef)
    #expect(try await source.formation(at: "HEAD~9").problem().kind == .missingRef)
    let remote = try repository.source("file://" + repository.path)
    #expect(try await remote.formation(at: "v1").formation().formation.revision?.id == first)
    #expect(try await remote.formation(at: "main~1").formation().names == ["shop"])
    #expect(try await remote.formation(at: "HEAD~1").formation().names == ["shop"])
  }

  @Test func `a commit without apps is a formation without apps`() async throws {
    let repository = try TestRepository(empty: true)
    try repository.write("README", "hello")
    try repository.commit("Nothing")
    #expect(try await repository.source().formation(at: "HEAD").formation().names.isEmpty)
  }

  @Test func `a shallow clone reads, and names the option when a commit is missing`() async throws {
    let repository = try TestRepository()
    let first = try repository.head()
    try repository.app("other")
    let head = try repository.commit("Second")
    let clone = repository.folder + "/clone"
    try repository.git(
      "clone", "--quiet", "--depth=1", "file://" + repository.path, clone, in: repository.folder)
    let source = try repository.source(clone)
    #expect(try await source.read(inForce: first).formation().names == ["other", "shop"])
    let problem = try await source.formation(at: first.rawValue).problem()
    #expect(problem.kind == .missingRef)
    #expect(problem.fix?.contains("fetch-depth: 0") == true)
    #expect(try await source.formation(at: "HEAD~1").problem().kind == .missingRef)
    #expect(await source.newestCommit(touching: Self.file, of: nil, in: head, since: nil) == nil)
  }

  @Test func `a branch that is only on the remote is named by its long name`() async throws {
    let repository = try TestRepository()
    try repository.git("branch", "base")
    let clone = repository.folder + "/clone"
    try repository.git("clone", "--quiet", repository.path, clone, in: repository.folder)
    let source = try repository.source(clone)
    let problem = try await source.formation(at: "base").problem()
    #expect(problem.fix == "write origin/base")
    _ = try await source.formation(at: "origin/base").formation()
  }
}
