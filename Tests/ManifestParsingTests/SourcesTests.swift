// `apps` entries with a repository or a ref: what is taken, what is refused, and that a source
// neither takes names of other apps nor holds them.

import FormationModel
import ManifestParsing
import Testing

@Suite struct SourcesTests {
  private static let far = AppSource(repository: "https://git.example/acme/billing", ref: "main")

  private func read(
    _ entries: String, answers: [AppSource: SourceAnswer] = [:], app: String = ""
  ) throws -> DesiredFormation {
    let tree = MemoryTree.app(
      app, procfile: "web: serve", more: ["platform.yaml": "apps:\n- apps/*\n\(entries)\n"])
    var reader = FormationReader(catalog: .test)
    return try reader.read(tree, revision: nil, sources: answers)
  }

  private func files(_ files: [String: String]) -> SourceAnswer { .tree(MemoryTree(files), nil) }

  private static let entry =
    "- {repository: 'https://git.example/acme/billing', ref: main, name: billing}"

  @Test func `an app of another repository knows where it comes from`() throws {
    let found = try read(
      Self.entry, answers: [Self.far: files(["Procfile": "web: bill", "app.yaml": "name: x"])])
    #expect(found.errorCodes == [], "\(found.lines)")
    let app = try #require(found.app("billing"))
    #expect(app.source == Self.far && app.folder.isEmpty && app.slugFolder.isEmpty)
    #expect(found.app("shop")?.source == nil)
  }

  @Test func `its problems say which repository they are in`() throws {
    let found = try read(
      Self.entry, answers: [Self.far: files(["Procfile": "web: x", "app.yaml": "formatoin: {}"])])
    #expect(found.rejected.map(\.name.rawValue) == ["billing"])
    #expect(found.rejected.first?.source == Self.far)
    let problem = try #require(found.diagnostics.first { $0.severity == .error })
    #expect(problem.origin == "main of https://git.example/acme/billing")
    #expect(problem.mark?.file == "app.yaml" && problem.app == "billing")
  }

  @Test func `one folder is several apps, by name, environment and ref`() throws {
    let found = try read(
      """
      - {path: apps/shop, name: shop-staging, environment: staging}
      - {path: apps/shop, name: shop-old, ref: v1}
      """,
      answers: [
        AppSource(repository: nil, ref: "v1"): files(["apps/shop/Procfile": "web: old"])
      ],
      app:
        """
        formation: {web: {quantity: 4}}
        environments: {staging: {formation: {web: {quantity: 1}}}}
        """
    )
    #expect(found.errorCodes == [], "\(found.lines)")
    #expect(
      found.apps.map { "\($0.name)=\($0.processes[0].quantity)" } == [
        "shop=4", "shop-old=1", "shop-staging=1",
      ])
    #expect(found.app("shop-old")?.processes.first?.command == "old")
  }

  @Test func `an environment that the app does not have is told`() throws {
    let found = try read(
      "- {path: apps/shop, name: shop-staging, environment: stagin}",
      app: "environments: {staging: {maintenance: true}}")
    let warning = found.diagnostics.first { $0.code == "unknown-environment" }
    #expect(warning?.fix == "did you mean `staging`?" && warning?.mark?.file == "platform.yaml")
  }

  @Test func `a source without an answer, and one that failed, take nothing with them`() throws {
    let asked = try read(Self.entry, app: "depends_on: [billing]")
    #expect(asked.apps.map(\.name.rawValue) == ["shop"], "\(asked.lines)")
    #expect(asked.sources.map(\.source) == [Self.far] && asked.sources[0].failure == nil)
    let gone = SourceFailure(code: "unreachable", message: "gone", fix: nil, revision: nil)
    for entry in [Self.entry, Self.entry.replacing("name: billing", with: "path: apps/*")] {
      let failed = try read(
        entry, answers: [Self.far: .failed(gone)], app: "depends_on: [billing]")
      #expect(failed.apps.map(\.name.rawValue) == ["shop"], "\(failed.lines)")
      #expect(failed.sources.first?.failure == gone)
    }
  }

  @Test func `an app of another repository takes no name away`() throws {
    let found = try read(
      "- {repository: 'https://git.example/acme/billing', ref: main}",
      answers: [Self.far: files(["Procfile": "web: x", "app.yaml": "name: shop"])])
    #expect(found.apps.map(\.name.rawValue) == ["shop"])
    #expect(found.app("shop")?.source == nil && !found.isRefused)
    #expect(found.rejected.map(\.name.rawValue) == ["billing-shop"])
    #expect(found.errorCodes == ["duplicate-name"])
  }

  @Test func `manifests from elsewhere name no place on this machine`() throws {
    for address in ["/srv/private", "file:///srv/private"] {
      let manifest = "slug: {repository: '\(address)'}"
      let found = try read(
        Self.entry, answers: [Self.far: files(["Procfile": "web: x", "app.yaml": manifest])])
      #expect(found.errorCodes == ["invalid-address"])
      #expect(try read("", app: manifest).errorCodes == [])
    }
  }

  @Test(arguments: [
    "ext::sh -c touch% marker", "fd::17", "-u", "--upload-pack=touch x", "git://example.com/x",
    "http://example.com/x", "ssh://-oProxyCommand=x/y", "ssh://user@-oProxyCommand=x/y",
    "https://user:hunter2@example.com/x", "https:///x", "https://host:99999/x", "file://host/x",
    "file://", "https://h/x?y", "host:path", "user@host:path/x.git", "../billing", "billing", ".",
    "./x", "apps/../../x", "/srv/../etc/x", "transport::https://host/x", "https://host/%0ay",
  ])
  func `a hostile repository refuses the revision, in apps and in slugs`(_ address: String) throws {
    let found = try read("- {repository: '\(address)', name: billing}")
    #expect(found.isRefused && found.errorCodes == ["invalid-address"], "\(found.lines)")
    #expect(!found.lines.joined().contains("hunter2"))
    let slug = try read("", app: "slug: {repository: '\(address)'}")
    #expect(slug.errorCodes == ["invalid-address"] && !slug.isRefused, "\(slug.lines)")
    #expect(!slug.lines.joined().contains("hunter2"))
  }

  @Test func `whatever a repository is called, what passes is one of four kinds`() throws {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "https://", "ssh://", "file://", "ext::", "-u", "--", "git@", "host", ":", "/", "..", "a.git",
      "%0a", "@", "x y", "|", "$(id)", ";", "\\", "::", "fd", "~",
    ]
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
      guard let address = try? RepositoryAddress(checking: text, relativeTo: nil) else { continue }
      switch address {
      case .local(let path):
        #expect(path.hasPrefix("/") && !path.split(separator: "/").contains(".."), "\(text)")
      case .remote(let url):
        let isKnown = ["https://", "ssh://", "file:///"].contains { url.hasPrefix($0) }
        // What git or ssh could take for an option is a host or a user, never a path behind them.
        let host = url.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" }
        #expect(isKnown && !host.hasPrefix("-") && !host.contains("@-"), "\(text)")
      }
    }
  }

  @Test(arguments: [
    "-u", "--upload-pack=x", "a..b", "a b", "x@{1}", "a:b", "", "refs/heads/x.lock",
  ])
  func `a hostile ref refuses the revision`(_ ref: String) throws {
    let found = try read("- {repository: 'https://git.example/x', ref: '\(ref)', name: billing}")
    let code = ref.isEmpty ? "wrong-type" : "invalid-ref"
    #expect(found.isRefused && found.errorCodes == [code], "\(found.lines)")
  }
}
