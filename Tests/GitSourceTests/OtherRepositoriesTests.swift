// A platform whose apps come from several repositories: what each is read from, and that one which
// cannot be taken holds its own apps alone.

import Effects
import FormationModel
import Foundation
import GitSource
import Testing

@Suite struct OtherRepositoriesTests {
  /// A platform with one app of its own and entries for others.
  private func platform(_ entries: String...) throws -> TestRepository {
    let platform = try TestRepository()
    try platform.write(
      "platform.yaml", "apps:\n  - apps/*\n" + entries.map { "  - \($0)\n" }.joined())
    try platform.commit("Name other repositories")
    return platform
  }

  /// A repository with one app at its root.
  private func single(_ text: String = "echo one") throws -> TestRepository {
    let repository = try TestRepository(empty: true)
    try repository.write("Procfile", "web: ./run\n")
    try repository.write("app.yaml", "stack: busybox\n")
    try repository.write("run", "#!/bin/sh\n\(text)\n")
    try repository.commit("One app")
    return repository
  }

  private func entry(_ address: String, _ name: String, ref: String? = nil) -> String {
    "{repository: '\(address)', name: \(name)\(ref.map { ", ref: \($0)" } ?? "")}"
  }

  @Test(arguments: [false, true])
  func `apps come from several repositories, each from one commit of it`(remote: Bool) async throws
  {
    let billing = try single()
    let address = remote ? "file://" + billing.path : billing.path
    let platform = try platform(entry(address, "billing"))
    let source = try platform.source()
    let read = try await source.read(inForce: nil).formation()
    #expect(read.names == ["billing", "shop"])
    let app = try #require(read.formation.apps.first)
    #expect(app.source == AppSource(repository: address, ref: nil))
    #expect(read.formation.revision(of: app.source)?.id == (try billing.head()))
    #expect(read.formation.revision?.id == (try platform.head()))
    let slug = try read.slug("billing")
    #expect(slug.repository == address)
    #expect(slug.revision == (try billing.head()))
    #expect(try read.slug("shop").repository == nil)
    let folder = platform.folder + "/slug"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try await source.write(slug, into: folder)
    #expect(try String(contentsOfFile: folder + "/run", encoding: .utf8).contains("echo one"))
    let commit = await source.newestCommit(
      touching: "app.yaml", of: app.source, in: try billing.head(), since: nil)
    #expect(commit?.id == (try billing.head()))
    #expect(try await source.read(inForce: nil).formation() == read)
  }

  @Test func `refs of one repository stand side by side, the platform's own as well`() async throws
  {
    let billing = try single("echo stable")
    let stable = try billing.head()
    try billing.git("branch", "stable")
    try billing.write("run", "#!/bin/sh\necho new\n")
    let new = try billing.commit("New")
    let platform = try platform(
      entry("file://" + billing.path, "billing", ref: "stable"),
      entry("file://" + billing.path, "billing-staging", ref: "main"),
      "{path: apps/shop, name: shop-production, ref: production}")
    try platform.git("branch", "production")
    try platform.app("shop", quantity: 3)
    try platform.commit("More of it")
    let read = try await platform.source().read(inForce: nil).formation()
    #expect(read.names == ["billing", "billing-staging", "shop", "shop-production"])
    #expect(try read.slug("billing").revision == stable)
    #expect(try read.slug("billing-staging").revision == new)
    #expect(read.formation.apps.map { $0.processes[0].quantity } == [1, 1, 3, 1])
    #expect(try read.slug("shop-production").revision == (try platform.head("production")))
  }

  @Test func `a repository that is gone keeps its apps back, and no other`() async throws {
    let billing = try single()
    let address = "file://" + billing.path
    let platform = try platform(entry(address, "billing", ref: "main"))
    let source = try platform.source()
    #expect(try await source.read(inForce: nil).formation().names == ["billing", "shop"])
    try FileManager.default.moveItem(atPath: billing.path, toPath: billing.path + "-away")
    try platform.app("cart")
    try platform.commit("An app more")
    let without = try await source.read(inForce: nil).formation()
    #expect(without.names == ["cart", "shop"])
    let standing = try #require(without.formation.sources.first)
    let failure = try #require(standing.failure)
    #expect(failure.code == "unreachable" && standing.apps.map(\.rawValue) == ["billing"])
    #expect(failure.message.contains("main of \(address)"))
    try FileManager.default.moveItem(atPath: billing.path + "-away", toPath: billing.path)
    #expect(try await source.read(inForce: nil).formation().names == ["billing", "cart", "shop"])
  }

  @Test(arguments: [false, true])
  func `refs that went back, vanished or are two`(remote: Bool) async throws {
    let billing = try single()
    let first = try billing.head()
    let second = try billing.commit("Second")
    let address = remote ? "file://" + billing.path : billing.path
    let platform = try platform(entry(address, "billing", ref: "main"))
    let main = AppSource(repository: address, ref: "main")
    let source = try platform.source()
    var inForce = RevisionsInForce(platform: try platform.head(), sources: [main: second])
    func failure() async throws -> SourceFailure? {
      try await source.read(inForce: inForce).formation().formation.sources.first?.failure
    }
    #expect(try await failure() == nil)
    try billing.git("reset", "--quiet", "--hard", first.rawValue)
    let rewound = try #require(try await failure())
    #expect(rewound.code == "rewound")
    let hold = rewound.holdID(main)
    #expect(hold.rawValue == "source-rewound/repository@main-\(first.short)")
    inForce.confirmed = [hold]
    #expect(try await failure() == nil)
    inForce.confirmed = []
    try billing.commit("Forced, and no ancestor")
    #expect(try await failure() == nil)
    try billing.git("tag", "main")
    #expect(try await failure()?.code == "ambiguous-ref")
    try billing.git("tag", "-d", "main")
    try billing.git("branch", "--quiet", "-m", "main", "other")
    #expect(try await failure()?.code == "missing-ref")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a repository that never answers delays once, then is left alone`() async throws {
    let listener = try SilentListener()
    let address = "https://127.0.0.1:\(listener.port)/quiet-\(UUID().uuidString).git"
    let platform = try platform(entry(address, "quiet"))
    let source = try platform.source(platform.path, deadline: .seconds(1))
    let read = try await source.read(inForce: nil).formation()
    #expect(read.names == ["shop"])
    #expect(read.formation.sources.first?.failure?.code == "unreachable")
    #expect(await eventually { processes(mentioning: address).isEmpty })
    let began = ContinuousClock.now
    #expect(try await source.read(inForce: nil).formation().names == ["shop"])
    #expect(.now - began < .milliseconds(900))
  }

  @Test func `a source without apps any more is a problem, never a removal`() async throws {
    let billing = try TestRepository()
    let platform = try platform("{repository: \(billing.path), path: apps/*}", "apps/shop")
    try platform.write("apps/shop/app.yaml", "name: front\nstack: busybox\n")
    try platform.commit("Another name")
    let source = try platform.source()
    #expect(try await source.read(inForce: nil).formation().names == ["front", "shop"])
    try billing.git("rm", "-rq", "apps")
    try billing.commit("Nothing left")
    let empty = try await source.read(inForce: nil).formation()
    #expect(empty.names == ["front"])
    #expect(empty.formation.sources.first?.failure?.code == "no-apps")
    let named = try self.platform("{repository: \(billing.path), path: apps/shop, name: back}")
    let rejected = try await named.source().read(inForce: nil).formation().formation.rejected
    #expect(rejected.map(\.name.rawValue) == ["back"])
  }

  @Test func `a slug comes from another repository than its manifests`() async throws {
    let code = try single("echo code")
    let platform = try TestRepository()
    try platform.write(
      "apps/shop/app.yaml",
      "stack: busybox\nslug: {repository: 'file://\(code.path)', ref: main}\n")
    try platform.commit("Code from elsewhere")
    let source = try platform.source()
    let slug = try await source.read(inForce: nil).formation().slug("shop")
    #expect(slug.repository == "file://" + code.path)
    #expect(slug.revision == (try code.head()))
    try code.git("branch", "--quiet", "-m", "main", "gone")
    let standing = try await source.read(inForce: nil).formation().formation.sources.first
    #expect(standing?.failure?.code == "missing-ref")
    #expect(standing?.apps.map(\.rawValue) == ["shop"])
  }

  @Test func `a damaged mirror of another repository is made anew`() async throws {
    let billing = try single()
    let platform = try platform(entry("file://" + billing.path, "billing"))
    _ = try await platform.source().read(inForce: nil).formation()
    let mirrors = platform.folder + "/state/mirrors"
    var damaged = 0
    for name in FileManager.default.enumerator(atPath: mirrors)?.compactMap({ $0 as? String }) ?? []
    {
      guard name.contains("/objects/"), let last = name.split(separator: "/").last,
        last.count == 38 || last.hasSuffix(".pack")
      else { continue }
      try FileManager.default.removeItem(atPath: mirrors + "/" + name)
      try Data("nonsense".utf8).write(to: URL(filePath: mirrors + "/" + name))
      damaged += 1
    }
    #expect(damaged > 0)
    #expect(
      try await platform.source().read(inForce: nil).formation().names == ["billing", "shop"])
  }

  @Test func `a damaged repository on this machine holds its own apps`() async throws {
    let billing = try single()
    let platform = try platform(entry(billing.path, "billing"))
    let id = try billing.git("rev-parse", "HEAD:app.yaml")
    let object = "\(billing.path)/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    try FileManager.default.removeItem(atPath: object)
    let read = try await platform.source().read(inForce: nil).formation()
    #expect(read.names == ["shop"])
    #expect(read.formation.sources.first?.failure?.code == "corrupt")
  }

  @Test func `a review in place looks at local repositories alone`() async throws {
    let billing = try single()
    let platform = try platform(
      entry(billing.path, "billing"), entry("file://" + billing.path, "fetched"))
    let source = GitFormationSource(
      address: .local(path: platform.path), ref: nil, environment: nil, mirrorFolder: nil,
      catalog: TestRepository.catalog, others: .inPlace)
    let read = try await source.worktreeFormation().formation()
    #expect(read.names == ["billing", "shop"])
    #expect(read.formation.sources.compactMap(\.failure?.code) == ["not-looked-at"])
  }
}
