// What merging one commit into another changes, in each of its forms.

import FormationModel
import Planning
import Review
import Testing

@Suite struct `A diff` {
  /// One app; `web=2 worker=1`, a config var with the canary, a slug by its letter.
  private func app(
    _ name: String = "shop", _ formation: String = "web=2 worker=1", slug: Character = "a",
    config: String = canary, domains: [String] = []
  ) throws -> ResolvedApp {
    let busybox = try ReviewTests.name("busybox")
    var app = DesiredApp(name: try ReviewTests.app(name), folder: "apps/\(name)", stack: busybox)
    app.domains = domains
    app.processes = try formation.split(separator: " ").map { part in
      let sides = part.split(separator: "=").map(String.init)
      return DesiredProcess(
        type: try type(sides[0]), command: "run \(sides[0])", quantity: try #require(Int(sides[1])),
        size: try ReviewTests.name("standard-1x"))
    }
    let key = try #require(ConfigKey(rawValue: "STRIPE_KEY"))
    app.config = [ConfigEntry(key: key, source: .literal(ConfigValue(config)))]
    app.marks = FieldMarks(
      [
        "formation.web.quantity": 4, "env.STRIPE_KEY": 9, "domains": 12,
      ].reduce(into: [:]) { marks, entry in
        marks[FieldPath(entry.key)] = SourceMark(
          file: "apps/\(name)/app.yaml", line: entry.value, column: 3)
      })
    return ResolvedApp(app: app, content: try content(of: app, slug: slug))
  }

  private func content(of app: DesiredApp, slug: Character) throws -> ReleaseContent {
    let stack = try #require(try catalog().stacks[app.stack])
    let config = app.config.map { entry in
      ReleaseConfigEntry(
        key: entry.key, source: entry.source,
        fingerprint: "\(entry.source == .literal(ConfigValue(canary)))")
    }
    let files = ContentDigest(rawValue: String(repeating: slug, count: 64))
    let marks = config.map(\.fingerprint) + app.processes.map(\.command)
    return ReleaseContent(
      digest: ContentDigest(rawValue: "\(files.short)-\(marks.joined(separator: "-"))"),
      slug: SlugReference(digest: files, revision: ada.id, folder: app.folder),
      stack: StackReference(stack: stack, digest: files),
      commands: app.processes.map { ReleaseCommand(type: $0.type, command: $0.command) },
      config: config)
  }

  private func formation(_ apps: [ResolvedApp], rejected: [RejectedApp] = []) throws
    -> ResolvedFormation
  {
    ResolvedFormation(
      revision: ada, platform: Platform(catalog: try catalog()), apps: apps, rejected: rejected)
  }

  private func diff(_ base: [ResolvedApp], _ head: [ResolvedApp]) throws -> FormationDiff {
    FormationDiff(base: try formation(base), head: try formation(head))
  }

  @Test func `of equal commits is empty`() throws {
    let same = try diff([try app()], [try app()])
    #expect(same.isEmpty)
    #expect(DiffText().render(same) == "No changes. Formation matches 4e8d2a7.\n")
  }

  @Test func `of quantities starts and stops, and replaces nothing`() throws {
    let scaled = try diff([try app()], [try app("shop", "web=3 worker=0")])
    #expect(
      DiffText().render(scaled) == """
        - shop worker.1  quantity 1 → 0
        + shop web.3     quantity 2 → 3  (apps/shop/app.yaml:4)

        Plan: 1 to start, 1 to stop, 0 to replace.

        """)
  }

  @Test func `of a config var is a release that replaces every dyno, its value untold`() throws {
    let changed = try diff([try app()], [try app(config: canary + "2")])
    var text = DiffText()
    text.provenance = ["apps/shop/app.yaml": ada]
    #expect(
      text.render(changed) == """
        » shop release   env.STRIPE_KEY changed  (apps/shop/app.yaml:9, 4e8d2a7 by Ada)
        ± shop web.1     env.STRIPE_KEY changed  (apps/shop/app.yaml:9, 4e8d2a7 by Ada)
        ± shop web.2     env.STRIPE_KEY changed  (apps/shop/app.yaml:9, 4e8d2a7 by Ada)
        ± shop worker.1  env.STRIPE_KEY changed  (apps/shop/app.yaml:9, 4e8d2a7 by Ada)

        Plan: 0 to start, 0 to stop, 3 to replace. Also: 1 release.

        """)
    let forms = [
      text.render(changed), DiffJSON.document(changed).document, DiffMarkdown().render(changed),
    ]
    #expect(forms.allSatisfy { !$0.contains(canary) })
  }

  @Test func `of domains touches no dyno, and says so`() throws {
    let moved = try diff([try app()], [try app(domains: ["shop.example.com"])])
    #expect(
      DiffText().render(moved) == """
        · shop  domains none → shop.example.com  (apps/shop/app.yaml:12)

        Plan: 0 to start, 0 to stop, 0 to replace. Also: 1 setting changed.

        """)
    #expect(!moved.isEmpty)
  }

  @Test func `of a new app starts it, of files alone replaces`() throws {
    let grown = try diff([try app()], [try app(slug: "b"), try app("zoo", "web=1")])
    #expect(grown.apps.map(\.kind) == [.changed, .added])
    #expect(grown.summary.line == "Plan: 1 to start, 0 to stop, 3 to replace. Also: 2 releases.")
    #expect(DiffText().render(grown).contains("slug changed"))
  }

  @Test func `of removals over the budget shows the hold that will ask for consent`() throws {
    let before = [try app("alpha"), try app("beta"), try app("gamma")]
    let gone = try diff(before, [before[0]])
    #expect(gone.holds.map(\.code) == ["DeletionBudget"])
    #expect(gone.apps.map(\.kind) == [.removed, .removed])
  }

  @Test func `of an app that is no longer valid shows its errors and touches nothing`() throws {
    let bad = RejectedApp(
      name: try ReviewTests.app("shop"), folder: "apps/shop",
      errors: [Diagnostic(.error, "unknown-key", at: nil, "unknown key")])
    let broken = FormationDiff(
      base: try formation([try app()]), head: try formation([], rejected: [bad]))
    #expect(broken.apps.map(\.kind) == [.rejected])
    #expect(broken.changes.isEmpty)
    #expect(broken.summary.line.hasSuffix("Also: 1 app not valid."))
  }

  @Test func `in Markdown starts with the summary, folds what is long and pings nobody`() throws {
    var markdown = DiffMarkdown()
    markdown.provenance["apps/shop/app.yaml"] = Revision(
      id: ada.id, author: "@acme/all <b>|", subject: "", committedAt: noon)
    let long = try diff([try app()], [try app("shop", "web=40 worker=1", config: "new")])
    let text = markdown.render(long)
    #expect(text.hasPrefix("**Plan: 38 to start, 0 to stop, 3 to replace. Also: 1 release.**\n"))
    #expect(text.contains("<details><summary>42 changes</summary>"))
    #expect(!text.contains("@"))
    #expect(!text.contains("<b>"))
    #expect(text.contains("&#64;acme/all &lt;b&gt;\\|"))
  }
}
