// Names of secrets, and the texts that carry their versions.

import FormationModel
import Testing

@Suite struct SecretTests {
  @Test(arguments: [
    "STRIPE_KEY", "stripe-key", "a.b", "_x", "9", String(repeating: "a", count: 128),
  ])
  func `is a name`(text: String) {
    #expect(SecretName(rawValue: text)?.rawValue == text)
  }

  @Test(arguments: ["", ".new-x", "-x", "a b", "a/b", "..", "é", "a\n"])
  func `is no name`(text: String) {
    #expect(SecretName(rawValue: text) == nil)
    #expect(SecretName(rawValue: String(repeating: "a", count: 129)) == nil)
  }

  @Test func `a fingerprint's text is read back`() throws {
    let name = try #require(SecretName(rawValue: "stripe"))
    let texts = [
      (SecretFingerprint(nil, SecretVersion(.app, 1)), "generated"),
      (SecretFingerprint(nil, SecretVersion(.app, 2)), "generated v2 beef"),
      (SecretFingerprint(name, SecretVersion(.app, 1)), "secret stripe v1 beef"),
      (SecretFingerprint(name, SecretVersion(.platform, 12)), "platform-secret stripe v12 beef"),
    ]
    for (fingerprint, text) in texts {
      #expect(fingerprint.text(hash: "beef") == text)
      #expect(SecretFingerprint(text) == fingerprint)
    }
    for text in ["", "0123456789abcdef", "secret stripe", "secret stripe v0 x", "generated v1"] {
      #expect(SecretFingerprint(text) == nil)
    }
  }

  @Test func `a change is one of the same secret only`() throws {
    let key = try #require(ConfigKey(rawValue: "KEY"))
    let change = try #require(SecretChange(key, from: "generated", to: "generated v2 aa"))
    #expect(change.name == "KEY" && change.from.number == 1 && change.to.number == 2)
    #expect(SecretChange(key, from: "secret a v1 x", to: "secret b v1 x") == nil)
    #expect(SecretChange(key, from: "0123456789abcdef", to: "secret b v1 x") == nil)
    #expect(SecretChange(key, from: nil, to: "secret b v1 x") == nil)
  }

  @Test func `a release entry of older times means the first generated version`() throws {
    let key = try #require(ConfigKey(rawValue: "KEY"))
    let shop = try #require(AppName(rawValue: "shop"))
    let name = try #require(SecretName(rawValue: "stripe"))
    let old = ReleaseConfigEntry(key: key, source: .generated, fingerprint: "generated")
    #expect(old.secret(of: shop)?.version == 1)
    let shared = ReleaseConfigEntry(
      key: key, source: .secret(name: name), fingerprint: "", secret: SecretVersion(.platform, 4))
    #expect(shared.secret(of: shop)?.subject == .stored(name, app: nil))
    let unknown = ReleaseConfigEntry(key: key, source: .secret(name: name), fingerprint: "")
    #expect(unknown.secret(of: shop) == nil)
  }
}
