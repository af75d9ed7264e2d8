// Secrets that people put into the store: versions, removal, damage, and changes of all or nothing.

import Effects
import FormationModel
import Foundation
import StateStore
import Testing

@Suite struct SecretStoreTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch
  let shop: AppName
  let key: SecretName

  init() throws {
    scratch = try Scratch()
    shop = try #require(AppName(rawValue: "shop"))
    key = try #require(SecretName(rawValue: "STRIPE_KEY"))
  }

  private var subject: SecretSubject { .stored(key, app: shop) }

  private func put(
    _ store: SecretStore, _ value: String, above floor: Int = 0
  ) async throws -> StoredSecret? {
    try await store.put(
      [NewSecret(key, of: shop, ConfigValue(value), above: floor)], at: now
    ).first
  }

  private func value(_ store: SecretStore, _ version: Int) async throws -> String {
    try await store.value(of: subject, version: version).unredacted
  }

  @Test func `each value is a version, and the same value is none`() async throws {
    let store = try scratch.folder().secrets()
    #expect(try await store.standings(of: [subject]) == [subject: .absent])
    let first = try await put(store, "one")
    #expect(first == StoredSecret(subject, before: nil, version: 1))
    #expect(try await put(store, "one")?.isNew == false)
    #expect(try await put(store, "two\nlines\n")?.version == 2)
    #expect(try await value(store, 1) == "one")
    #expect(try await value(store, 2) == "two\nlines\n")
    #expect(try await store.standings(of: [subject]) == [subject: .version(2)])
    #expect(
      try await store.all() == [SecretRecord(subject, version: 2, since: now, kept: [1, 2])])
    #expect(try scratch.mode("state/secrets/_apps/shop/STRIPE_KEY/2") == 0o600)
    #expect(try scratch.mode("state/secrets/_apps/shop/STRIPE_KEY") == 0o700)
  }

  @Test func `the platform's are apart from an app's`() async throws {
    let store = try scratch.folder().secrets()
    _ = try await put(store, "own")
    let shared = SecretSubject.stored(key, app: nil)
    let answer = try await store.put([NewSecret(key, of: nil, ConfigValue("all"))], at: now)
    #expect(answer == [StoredSecret(shared, before: nil, version: 1)])
    #expect(try await store.value(of: shared, version: 1).unredacted == "all")
    #expect(try await value(store, 1) == "own")
  }

  @Test func `a number that a release names is never used again`() async throws {
    let store = try scratch.folder().secrets()
    _ = try await put(store, "one")
    // A release has version 5, of which the file got lost: even the same value is a new version.
    #expect(try await put(store, "one", above: 5)?.version == 6)
  }

  @Test func `a removed one is said to be removed, and its numbers go on`() async throws {
    let store = try scratch.folder().secrets()
    _ = try await put(store, "one")
    #expect(await store.remove(key, of: shop) == .done)
    #expect(await store.remove(key, of: shop) == .done)
    #expect(try await store.standings(of: [subject]) == [subject: .removed])
    #expect(try await store.all().isEmpty)
    // A release may have it: it stays until nothing needs it.
    #expect(try await value(store, 1) == "one")
    #expect(await store.prune(keeping: [subject: [1]]) == .done)
    #expect(try await value(store, 1) == "one")
    #expect(await store.prune(keeping: [:]) == .done)
    #expect(await failure { _ = try await value(store, 1) }?.code == "secret-lost")
    #expect(try await put(store, "again")?.version == 3)
    #expect(try await store.standings(of: [subject]) == [subject: .version(3)])
  }

  @Test func `only what something needs is kept`() async throws {
    let store = try scratch.folder().secrets()
    for number in 1...5 { _ = try await put(store, "value \(number)") }
    #expect(await store.prune(keeping: [subject: [2]]) == .done)
    #expect(try await store.all().first?.kept == [2, 4, 5])
  }

  @Test func `a damaged one is refused and not quoted`() async throws {
    let store = try scratch.folder().secrets()
    _ = try await put(store, canary)
    let path = "state/secrets/_apps/shop/STRIPE_KEY/1"
    let whole = try #require(String(bytes: scratch.bytes(path), encoding: .utf8))
    for content in ["", canary, whole + "x", whole.replacingOccurrences(of: "1795", with: "1794")] {
      try scratch.write(content, to: path)
      let found = await failure { _ = try await value(store, 1) }
      #expect(found?.code == "secret-unreadable")
      #expect("\(String(describing: found))".contains(canary) == false)
    }
    #expect(try await store.all().first?.since == nil)
    #expect(try await put(store, canary)?.version == 2, "set again, it is whole")
  }

  @Test func `of many, all are put or none`() async throws {
    let store = try scratch.folder().secrets()
    let other = try #require(SecretName(rawValue: "OTHER"))
    _ = try await put(store, "one")
    // The second of one name finds its number taken by the first.
    let twice = [
      NewSecret(key, of: shop, ConfigValue("two")), NewSecret(other, of: shop, ConfigValue("a")),
      NewSecret(other, of: shop, ConfigValue("b")),
    ]
    #expect(await failure { _ = try await store.put(twice, at: now) } != nil)
    #expect(
      try await store.standings(of: [subject, .stored(other, app: shop)]) == [
        subject: .version(1), .stored(other, app: shop): .absent,
      ])
    let answers = try await store.put(Array(twice.prefix(2)), at: now)
    #expect(answers.map(\.version) == [2, 1])
    for name in ["OTHER", "STRIPE_KEY"] {
      let left = try FileManager.default.contentsOfDirectory(
        atPath: "\(scratch.state)/secrets/_apps/shop/\(name)")
      #expect(left.allSatisfy { !$0.hasPrefix(".new-") })
    }
  }

  @Test func `a generated one gets other values, each a version`() async throws {
    let store = try scratch.folder().secrets()
    let secret = try SecretID("shop", "KEY")
    let subject = SecretSubject.generated(secret)
    #expect(await store.generate([secret]) == .done)
    #expect(try await store.renew(secret, above: 1) == 2)
    #expect(try await store.renew(secret, above: 7) == 8)
    let values = [1, 2, 8]
    var texts: Set<String> = []
    for version in values {
      texts.insert(try await store.value(of: subject, version: version).unredacted)
    }
    #expect(texts.count == 3)
    #expect(await store.generate([secret]) == .done)
    #expect(try await store.standings(of: [subject]) == [subject: .version(8)])
    #expect(await store.prune(keeping: [:]) == .done)
    #expect(try await store.all().first?.kept == [2, 8])
  }

  @Test func `a renamed app keeps both kinds, and versions never mix`() async throws {
    let store = try scratch.folder().secrets()
    let (old, new) = (try SecretID("shop", "KEY"), try SecretID("store", "KEY"))
    #expect(await store.generate([old]) == .done)
    #expect(try await store.renew(old, above: 1) == 2)
    _ = try await put(store, "one")
    #expect(await store.move(from: shop, to: new.app) == .done)
    let moved = try await store.all().map(\.subject)
    #expect(moved == [.generated(new), .stored(key, app: new.app)])
    // The old name comes again, with a KEY of its own: neither takes the other's versions.
    #expect(await store.generate([old]) == .done)
    #expect(try await store.renew(old, above: 2) == 3)
    #expect(await store.move(from: shop, to: new.app) == .done)
    #expect(
      try await store.standings(of: [.generated(old), .generated(new)]) == [
        .generated(old): .version(3), .generated(new): .version(2),
      ])
  }
}
