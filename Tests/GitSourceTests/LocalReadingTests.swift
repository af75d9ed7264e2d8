// Reading a local repository in place.

import Effects
import FormationModel
import Foundation
import GitSource
import Testing

@Suite struct LocalReadingTests {
  @Test func `the branch that HEAD is on is read, with its author and subject`() async throws {
    let repository = try TestRepository()
    let sourced = try await repository.source().read(inForce: nil).formation()
    #expect(sourced.names == ["shop"])
    #expect(sourced.formation.rejected.isEmpty)
    let revision = try #require(sourced.formation.revision)
    #expect(try revision.id == repository.head())
    #expect(revision.author == "Ada")
    #expect(revision.subject == "First apps")
    #expect(revision.committedAt == LoopTime(milliseconds: 1_700_000_060_000))
  }

  @Test func `what is not committed is not read`() async throws {
    let repository = try TestRepository()
    try repository.app("other")
    let source = try repository.source()
    #expect(try await source.read(inForce: nil).formation().names == ["shop"])
    #expect(await source.uncommittedChanges() == ["apps/other/"])
  }

  @Test func `refs are taken by short name, full name, HEAD and commit id`() async throws {
    let repository = try TestRepository()
    try repository.git("branch", "feature/one")
    try repository.git("tag", "-m", "a tag", "v1")
    let first = try repository.head()
    try repository.app("other")
    try repository.commit("Second")
    for ref in ["feature/one", "refs/heads/feature/one", "v1", "refs/tags/v1", first.rawValue] {
      let sourced = try await repository.source(ref: ref).read(inForce: nil).formation()
      #expect(sourced.formation.revision?.id == first, "\(ref)")
    }
    try repository.git("checkout", "--quiet", "--detach", first.rawValue)
    let detached = try await repository.source(ref: "HEAD").read(inForce: nil).formation()
    #expect(detached.names == ["shop"])
  }

  @Test func `each ref that cannot be taken has its own kind of problem`() async throws {
    let repository = try TestRepository()
    try repository.git("branch", "both")
    try repository.git("tag", "both")
    try repository.git("tag", "blob", "HEAD:apps/shop/Procfile")
    func kind(_ ref: String?) async throws -> SourceProblem.Kind {
      try await repository.source(ref: ref).read(inForce: nil).problem().kind
    }
    #expect(try await kind("both") == .ambiguousRef)
    #expect(try await kind("gone") == .missingRef)
    #expect(try await kind("refs/heads/gone") == .missingRef)
    #expect(try await kind("blob") == .missingRef)
    #expect(try await kind(String(repeating: "a", count: 40)) == .missingRef)
    for refused in [
      "--upload-pack=touch x", "a..b", "a b", "x.lock", "a//b", "@{-1}", "é\u{202E}", "",
    ] {
      #expect(try await kind(refused) == .refusedAddress, "\(refused)")
    }
    try repository.git("checkout", "--quiet", "--detach")
    #expect(try await kind(nil) == .detachedHead)
    try repository.git("checkout", "--quiet", "--orphan", "new")
    #expect(try await kind(nil) == .missingRef)
  }

  @Test func `no repository, an empty one and one without apps are told apart`() async throws {
    let repository = try TestRepository(empty: true)
    func kind(_ path: String) async throws -> SourceProblem.Kind {
      try await repository.source(path).read(inForce: nil).problem().kind
    }
    #expect(try await kind(repository.path) == .emptyRepository)
    #expect(try await kind(repository.folder) == .noRepository)
    #expect(try await kind(repository.folder + "/nowhere") == .noRepository)
    try repository.write("README", "hello")
    try repository.commit("Nothing yet")
    #expect(try await kind(repository.path) == .noApps)
    try repository.write("platform.yaml", "default_size: [")
    try repository.app("shop")
    try repository.commit("Bad platform")
    let problem = try await repository.source().read(inForce: nil).problem()
    #expect(problem.kind == .invalidPlatform)
    #expect(problem.diagnostics.contains { $0.mark?.file == "platform.yaml" })
  }

  @Test func `a folder inside a repository names the root to use`() async throws {
    let repository = try TestRepository()
    let problem = try await repository.source(repository.path + "/apps").read(inForce: nil)
      .problem()
    #expect(problem.kind == .noRepository)
    #expect(problem.fix?.contains(repository.path) == true)
    #expect(
      GitFormationSource.enclosingRepository(of: repository.path + "/apps/shop") == repository.path)
  }

  @Test func `a commit whose apps are all invalid is a formation with rejected apps`() async throws
  {
    let repository = try TestRepository(empty: true)
    try repository.write("apps/shop/Procfile", "web: ./run\n")
    try repository.write("apps/shop/app.yaml", "formation: [")
    try repository.commit("Broken")
    let sourced = try await repository.source().read(inForce: nil).formation()
    #expect(sourced.names.isEmpty)
    #expect(sourced.formation.rejected.map(\.name.rawValue) == ["shop"])
  }

  @Test func `going back to an ancestor is rewound, another history is not`() async throws {
    let repository = try TestRepository()
    let first = try repository.head()
    try repository.app("other")
    let second = try repository.commit("Second")
    let source = try repository.source()
    _ = try await source.read(inForce: first).formation()
    _ = try await source.read(inForce: second).formation()
    try repository.git("reset", "--quiet", "--hard", first.rawValue)
    let problem = try await source.read(inForce: second).problem()
    #expect(problem.kind == .rewound)
    #expect(problem.revision == first)
    try repository.app("third")
    let other = try repository.commit("Another second")
    let sourced = try await source.read(inForce: second).formation()
    #expect(sourced.formation.revision?.id == other)
  }

  @Test func `trailers between the revision in force and the new one are consents`() async throws {
    let repository = try TestRepository()
    let first = try repository.commit("Start\n\nMuster-Confirm: too-old")
    try repository.commit("Middle\n\nMuster-Confirm: remove-shop\nmuster-confirm: second")
    let head = try repository.commit("Body says Muster-Confirm: not-this\n\nMuster-Confirm: last")
    let source = try repository.source()
    let sourced = try await source.read(inForce: first).formation()
    #expect(sourced.consents == [HoldID("remove-shop"), HoldID("second"), HoldID("last")])
    #expect(try await source.read(inForce: head).formation().consents == [HoldID("last")])
    #expect(try await source.read(inForce: nil).formation().consents == [HoldID("last")])
  }
}
