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

/// Secrets by version; a value is what the test says. Version 0 says that it was removed.
private struct PlainSecrets: SecretKeeping {
  var values: [SecretSubject: [Int: String]] = [:]
  var failure: EffectFailure?

  func generate(_ secrets: [SecretID]) -> Outcome { .done }

  func standings(
    of secrets: Set<SecretSubject>
  ) throws(EffectFailure) -> [SecretSubject: SecretStanding] {
    if let failure { throw failure }
    var standings: [SecretSubject: SecretStanding] = [:]
    for secret in secrets {
      let newest = values[secret]?.keys.max()
      standings[secret] = newest.map { $0 == 0 ? .removed : .version($0) } ?? .absent
    }
    return standings
  }

  func value(of secret: SecretSubject, version: Int) throws(EffectFailure) -> ConfigValue {
    guard let value = values[secret]?[version], value != "damaged" else {
      throw EffectFailure("secret-unreadable", "damaged", retry: .whenMachineIsMended)
    }
    return ConfigValue(value)
  }
}

@Suite struct FormationResolverTests {
  private func resolve(
    stack: String = "busybox", slug: SlugResolution? = nil, secrets: PlainSecrets? = nil,
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
    var resolver = FormationResolver(
      digests: PlainDigests(), stacks: PlainStacks(), secrets: secrets)
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

  private func withSecret(_ values: [SecretSubject: [Int: String]]) async throws -> ResolvedApp {
    let key = try #require(ConfigKey(rawValue: "KEY"))
    return try await resolve(secrets: PlainSecrets(values: values)) {
      $0.config = [ConfigEntry(key: key, source: .secret(name: try secret))]
    }
  }

  private var secret: SecretName {
    get throws { try #require(SecretName(rawValue: "stripe")) }
  }

  @Test func `an app's own secret goes before the platform's`() async throws {
    let app = try #require(AppName(rawValue: "shop"))
    let (own, shared) = (
      SecretSubject.stored(try secret, app: app), SecretSubject.stored(try secret, app: nil)
    )
    let both = try await withSecret([own: [1: "x", 2: "yy"], shared: [7: "zzz"]])
    #expect(both.content?.config.map(\.fingerprint) == ["secret stripe v2 print(2)"])
    let one = try await withSecret([shared: [7: "zzz"]])
    #expect(one.content?.config.map(\.fingerprint) == ["platform-secret stripe v7 print(3)"])
    #expect(one.content?.config.first?.secret(of: app)?.subject == shared)
    let removed = try await withSecret([own: [0: ""], shared: [7: "zzz"]])
    #expect(removed.content?.config == one.content?.config)
  }

  @Test func `a secret that is not there is said, and how`() async throws {
    let app = try #require(AppName(rawValue: "shop"))
    let own = SecretSubject.stored(try secret, app: app)
    #expect(try await withSecret([:]).secretProblems.map(\.kind) == [.absent])
    #expect(try await withSecret([own: [0: ""]]).secretProblems.map(\.kind) == [.removed])
    let damaged = try await withSecret([own: [1: "damaged"]])
    #expect(damaged.secretProblems.map(\.kind) == [.damaged] && damaged.content == nil)
  }

  @Test func `a store that cannot be read holds only who has a secret`() async throws {
    let failure = EffectFailure("state-unreadable", "cannot list", retry: .whenMachineIsMended)
    let key = try #require(ConfigKey(rawValue: "KEY"))
    let store = PlainSecrets(failure: failure)
    let with = try await resolve(secrets: store) {
      $0.config = [ConfigEntry(key: key, source: .secret(name: try secret))]
    }
    #expect(with.problem == "cannot list" && with.content == nil)
    #expect(try await resolve(secrets: store) { _ in }.content != nil)
  }

  @Test func `secrets count for the 64 kB of config vars`() async throws {
    let app = try #require(AppName(rawValue: "shop"))
    let value = String(repeating: "x", count: 64 << 10)
    let large = try await withSecret([.stored(try secret, app: app): [1: value]])
    #expect(large.problem?.contains("65539 bytes") == true, "\(large.problem ?? "")")
  }

  @Test func `a generated secret's first version looks as before there were versions`() async throws
  {
    let app = try #require(AppName(rawValue: "shop"))
    let key = try #require(ConfigKey(rawValue: "KEY"))
    let subject = SecretSubject.generated(SecretID(app: app, key: key))
    func prints(_ values: [SecretSubject: [Int: String]]?) async throws -> [String]? {
      try await resolve(secrets: values.map { PlainSecrets(values: $0) }) {
        $0.config = [ConfigEntry(key: key, source: .generated)]
      }.content?.config.map(\.fingerprint)
    }
    #expect(try await prints(nil) == ["generated"])
    #expect(try await prints([:]) == ["generated"])
    #expect(try await prints([subject: [1: "a"]]) == ["generated"])
    #expect(try await prints([subject: [1: "a", 2: "bb"]]) == ["generated v2 print(2)"])
  }

  @Test func `what cannot be looked up holds the app, in words`() async throws {
    let unknown = try await resolve(stack: "plan9") { _ in }
    #expect(unknown.content == nil)
    #expect(unknown.problem?.contains("plan9") == true)
    let refused = try await resolve(slug: .refused("a link leaves the folder")) { _ in }
    #expect(refused.problem == "a link leaves the folder")
  }
}
