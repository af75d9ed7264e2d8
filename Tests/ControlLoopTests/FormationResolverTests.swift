// What makes two releases the same, and what holds an app whose references cannot be looked up.

import Effects
import FormationModel
import Testing

@testable import ControlLoop

/// The digest of a text is the text: what is hashed can be read.
private struct PlainDigests: Digesting {
  func digest(_ text: String) -> ContentDigest { ContentDigest(rawValue: text) }
  func fingerprint(_ value: ConfigValue) -> String { "print(\(value.unredacted.utf8.count))" }
}

private struct PlainStacks: StackResolving {
  func resolve(_ stack: Stack) throws(EffectFailure) -> StackReference {
    StackReference(stack: stack, digest: ContentDigest(rawValue: "stack of \(stack.name)"))
  }
}

@Suite struct FormationResolverTests {
  private func resolve(
    stack: String = "busybox", slug: SlugResolution? = nil,
    _ edit: (inout DesiredApp) throws -> Void
  ) async throws -> ResolvedApp {
    let app = try #require(AppName(rawValue: "shop"))
    let busybox = try #require(CatalogName(rawValue: "busybox"))
    var desired = DesiredApp(
      name: app, folder: "apps/shop", stack: try #require(CatalogName(rawValue: stack)))
    try edit(&desired)
    let catalog = Catalog(
      stacks: [busybox: Stack(name: busybox, source: .busybox, shell: "/bin/sh")])
    let found = SlugReference(
      digest: ContentDigest(rawValue: "slug"), revision: RevisionID(rawValue: "c0ffee"),
      folder: "apps/shop")
    let sourced = SourcedFormation(
      formation: DesiredFormation(
        revision: nil, apps: [desired], platform: Platform(catalog: catalog)),
      slugs: [app: slug ?? .found(found)])
    var resolver = FormationResolver(digests: PlainDigests(), stacks: PlainStacks())
    return try #require(await resolver.resolve(sourced).apps.first)
  }

  private func process(_ type: String, _ command: String, _ quantity: Int) throws -> DesiredProcess
  {
    DesiredProcess(
      type: try #require(ProcessType(rawValue: type)), command: command, quantity: quantity,
      size: try #require(CatalogName(rawValue: "standard-1x")))
  }

  @Test func `a quantity is no content, a command is`() async throws {
    let one = try await resolve { $0.processes = [try process("web", "serve", 1)] }
    let nine = try await resolve { $0.processes = [try process("web", "serve", 9)] }
    let other = try await resolve { $0.processes = [try process("web", "serve fast", 1)] }
    #expect(one.content == nine.content)
    #expect(one.content != other.content)
  }

  @Test func `no command can look like another field`() async throws {
    let key = try #require(ConfigKey(rawValue: "A"))
    let entry = ConfigEntry(key: key, source: .literal(ConfigValue("x")))
    let honest = try await resolve {
      $0.processes = [try process("web", "serve", 1)]
      $0.config = [entry]
    }
    let forged = try await resolve {
      $0.processes = [try process("web", "serve\nenv A print(1)", 1)]
    }
    #expect(honest.content?.digest != forged.content?.digest)
  }

  @Test func `what cannot be looked up holds the app, in words`() async throws {
    let unknown = try await resolve(stack: "plan9") { _ in }
    #expect(unknown.content == nil)
    #expect(unknown.problem?.contains("plan9") == true)
    let refused = try await resolve(slug: .refused("a link leaves the folder")) { _ in }
    #expect(refused.problem == "a link leaves the folder")
  }
}
