// The identity is made once, whole, and missed when it is gone.

import Effects
import FormationModel
import Foundation
import StateStore
import Testing

@Suite struct IdentityTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func `it is made once and stays`() throws {
    let first = try scratch.folder().identity()
    let second = try scratch.folder().identity()
    #expect(first.id == second.id)
    #expect(first.id.count == 32)
    #expect(first.shortID == first.id.prefix(8))
    #expect(first.proof(of: "a") == second.proof(of: "a"))
    let other = try Scratch()
    #expect(try other.folder().identity().id != first.id)
    #expect(other.exists("state/identity"))
  }

  @Test func `its files are the owner's alone`() throws {
    _ = try scratch.folder().identity()
    #expect(try scratch.mode("state/identity") == 0o700)
    #expect(try scratch.mode("state/identity/key") == 0o600)
    #expect(try scratch.mode("state/identity/controller") == 0o600)
    #expect(try scratch.bytes("state/identity/key").count == 32)
  }

  @Test func `of many that make it at once, one wins and all have it`() async throws {
    let folder = try scratch.folder()
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try folder.identity().id } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.state) == ["identity"])
  }

  @Test(arguments: ["muster.sqlite", "binding.json", "secrets", "instances"])
  func `without it nothing is done where there was one, until adopt`(trace: String) async throws {
    let folder = try scratch.folder()
    let lost = try folder.identity()
    try scratch.write("x", to: "state/\(trace)")
    try scratch.remove("state/identity")
    for mode in [StateFolder.Mode.readOnly, .readWrite] {
      let opened = try StateFolder.open(path: scratch.state, mode: mode)
      let found = await failure { _ = try opened.existingIdentity() }
      #expect(found?.code == "identity-lost")
      #expect(found?.fix?.contains("from a backup") == true)
      #expect(found?.message.contains(trace) == true)
      #expect(await failure { _ = try opened.identity() }?.code == "identity-lost")
      #expect(await failure { _ = try opened.digests() }?.code == "identity-lost")
    }
    #expect(!scratch.exists("state/identity"))
    let adopted = try scratch.folder().adopt()
    #expect(adopted.id != lost.id)
    #expect(try scratch.folder().identity().id == adopted.id)
  }

  @Test func `a damaged one is refused, and never made anew`() async throws {
    for (file, content) in [
      ("key", "short"), ("key", ""), ("controller", "x"), ("controller", ""),
      ("controller", String(repeating: "g", count: 32) + "\n"),
    ] {
      if scratch.exists("state") { try scratch.remove("state") }
      _ = try scratch.folder().identity()
      try scratch.write(content, to: "state/identity/\(file)")
      let found = await failure { _ = try scratch.folder().identity() }
      #expect(found?.code == "identity-unreadable")
      #expect(await failure { _ = try scratch.folder().adopt() }?.code == "identity-unreadable")
    }
    try scratch.remove("state")
    _ = try scratch.folder().identity()
    try scratch.remove("state/identity/key")
    #expect(await failure { _ = try scratch.folder().identity() }?.code == "identity-unreadable")
  }

  @Test func `a proof holds for its text and its identity alone`() throws {
    let one = try scratch.folder().identity()
    try scratch.remove("state")
    let other = try scratch.folder().identity()
    let proof = one.proof(of: "shop.web.1.v7.3")
    #expect(one.isProof(proof, of: "shop.web.1.v7.3"))
    #expect(!one.isProof(proof, of: "shop.web.1.v7.4"))
    #expect(!other.isProof(proof, of: "shop.web.1.v7.3"))
    for text in ["", "zz", "0", proof + "00", proof.uppercased()] {
      #expect(!one.isProof(text, of: "shop.web.1.v7.3"))
    }
  }

  @Test func `digests are SHA-256, fingerprints are keyed`() throws {
    let one = try scratch.folder()
    _ = try one.identity()
    let keyed = try one.digests()
    let keyless = KeylessDigests()
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(keyed.digest("abc").rawValue == abc)
    #expect(keyless.digest("abc").rawValue == abc)
    let value = ConfigValue("hunter2")
    #expect(keyed.fingerprint(value).count == 16)
    #expect(try keyed.fingerprint(value) == one.digests().fingerprint(value))
    #expect(keyed.fingerprint(value) != keyless.fingerprint(value))
    #expect(keyed.fingerprint(value) != keyed.fingerprint(ConfigValue("hunter3")))
    // Frozen: plans of machines without a state directory stay comparable.
    #expect(keyless.fingerprint(value) == KeylessDigests().fingerprint(value))
  }
}
