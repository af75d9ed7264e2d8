// Generated secrets are made once, kept apart from the database, and never shown.

import Effects
import FormationModel
import Foundation
import Glibc
import StateStore
import Testing

@Suite struct GeneratedSecretsTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func value(_ store: SecretStore, _ secret: SecretID) async throws -> ConfigValue {
    try await store.value(of: .generated(secret), version: 1)
  }

  @Test func `one is made once and stays`() async throws {
    let secrets = try scratch.folder().secrets()
    let (key, other) = (try SecretID("shop", "KEY"), try SecretID("shop", "OTHER"))
    #expect(await secrets.generate([key]) == .done)
    let first = try await value(secrets, key)
    #expect(first.unredacted.count == 64)
    #expect(first.unredacted.allSatisfy { "0123456789abcdef".contains($0) })
    #expect(await secrets.generate([key, other]) == .done)
    #expect(try await value(secrets, key) == first)
    #expect(try await value(secrets, other) != first)
    #expect(try await secrets.all().map(\.subject) == [key, other].map(SecretSubject.generated))
    #expect(try scratch.mode("state/secrets/shop/KEY") == 0o600)
    #expect(try scratch.mode("state/secrets/shop") == 0o700)
    #expect(try scratch.mode("state/secrets") == 0o700)
  }

  @Test func `a lost one is missed, with its place`() async throws {
    let secrets = try scratch.folder().secrets()
    let key = try SecretID("shop", "KEY")
    #expect(try await secrets.all().isEmpty)
    #expect(await failure { _ = try await value(secrets, key) }?.code == "secret-lost")
    #expect(await secrets.generate([key]) == .done)
    try scratch.remove("state/secrets/shop/KEY")
    let found = await failure { _ = try await value(secrets, key) }
    #expect(found?.code == "secret-lost")
    #expect(found?.message.contains("secrets/shop/KEY") == true)
  }

  @Test func `a damaged one is refused, not quoted, not made anew`() async throws {
    let secrets = try scratch.folder().secrets()
    let key = try SecretID("shop", "KEY")
    #expect(await secrets.generate([key]) == .done)
    for content in [
      "", canary, String(repeating: "G", count: 64), String(repeating: "a", count: 99),
    ] {
      try scratch.write(content, to: "state/secrets/shop/KEY")
      let found = await failure { _ = try await value(secrets, key) }
      #expect(found?.code == "secret-unreadable")
      #expect("\(String(describing: found))".contains(canary) == false)
      #expect(await secrets.generate([key]) == .done)
      #expect(try scratch.bytes("state/secrets/shop/KEY") == Data(content.utf8))
    }
  }

  @Test func `links and folders in place of a secret are refused`() async throws {
    let secrets = try scratch.folder().secrets()
    let (linked, folder) = (try SecretID("shop", "LINK"), try SecretID("shop", "FOLDER"))
    #expect(await secrets.generate([try SecretID("shop", "KEY")]) == .done)
    try #require(symlink("KEY", "\(scratch.state)/secrets/shop/LINK") == 0)
    try #require(mkdir("\(scratch.state)/secrets/shop/FOLDER", 0o700) == 0)
    for secret in [linked, folder] {
      #expect(await failure { _ = try await value(secrets, secret) }?.code == "state-unreadable")
    }
  }

  @Test func `a renamed app keeps its secrets`() async throws {
    let secrets = try scratch.folder().secrets()
    let (old, new) = (try SecretID("shop", "KEY"), try SecretID("store", "KEY"))
    #expect(await secrets.generate([old]) == .done)
    let made = try await value(secrets, old)
    for _ in 0..<2 {
      #expect(await secrets.move(from: old.app, to: new.app) == .done)
      #expect(try await secrets.all().map(\.subject) == [new].map(SecretSubject.generated))
      #expect(try await value(secrets, new) == made)
    }
  }

  @Test func `moving goes on where a crash left it`() async throws {
    let secrets = try scratch.folder().secrets()
    let (old, new) = (try SecretID("shop", "KEY"), try SecretID("store", "KEY"))
    #expect(await secrets.generate([old]) == .done)
    try #require(mkdir("\(scratch.state)/secrets/store", 0o700) == 0)
    try #require(
      link("\(scratch.state)/secrets/shop/KEY", "\(scratch.state)/secrets/store/KEY") == 0)
    #expect(await secrets.move(from: old.app, to: new.app) == .done)
    #expect(try await secrets.all().map(\.subject) == [new].map(SecretSubject.generated))
  }

  @Test func `moving overwrites nothing`() async throws {
    let secrets = try scratch.folder().secrets()
    let (old, new) = (try SecretID("shop", "KEY"), try SecretID("store", "KEY"))
    #expect(await secrets.generate([old, new]) == .done)
    let values = (try await value(secrets, old), try await value(secrets, new))
    #expect(await secrets.move(from: old.app, to: new.app) == .done)
    #expect(try await value(secrets, old) == values.0)
    #expect(try await value(secrets, new) == values.1)
  }

  @Test func `a name that no file can have is a failure of the manifest`() async throws {
    let secrets = try scratch.folder().secrets()
    let key = try SecretID("shop", String(repeating: "K", count: 256))
    let outcome = await secrets.generate([key])
    #expect(outcome.failure?.retry == .withNewContent)
  }
}
