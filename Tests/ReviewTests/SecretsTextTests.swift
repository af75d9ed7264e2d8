// Lists of secrets and config vars as people, programs and shells read them.

import FormationModel
import ManifestParsing
import Planning
import Review
import Testing

@Suite struct SecretsTextTests {
  private func key(_ text: String) throws -> ConfigKey { try #require(ConfigKey(rawValue: text)) }
  private func secret(_ text: String) throws -> SecretName {
    try #require(SecretName(rawValue: text))
  }

  private func listings() throws -> [SecretListing] {
    let shop = try app("shop")
    let user = SecretID(app: shop, key: try key("STRIPE_KEY"))
    return [
      SecretListing(
        .stored(try secret("smtp"), app: nil), version: 1, since: noon, kept: [1], users: []),
      SecretListing(
        .stored(try secret("stripe"), app: shop), version: 3, since: noon, kept: [2, 3],
        users: [user]),
      SecretListing(
        .stored(try secret("gone"), app: shop), version: nil, since: nil, kept: [], users: [user]),
    ]
  }

  @Test func `a list names what is missing, and the command`() throws {
    let text = SecretsText(clock: LocalClock(now: time(1_769_957_200))).render(
      try listings())
    #expect(
      text == """
        smtp    of the platform  v1       since 2026/01/31 11:00:00 +0000  no config var has it
        stripe  of shop          v3       since 2026/01/31 11:00:00 +0000  shop env.STRIPE_KEY
        gone    of shop          missing                                   shop env.STRIPE_KEY

        To set what is missing:
          muster secrets set shop gone

        """)
    #expect(SecretsText(clock: LocalClock(now: noon)).render([]) == "No secrets.\n")
    let json = SecretsJSON.document(try listings()).line
    #expect(json.contains(#""name":"stripe","app":"shop","source":"stored","version":3"#))
  }

  private func item(_ name: String, _ shown: String?) throws -> ConfigListing {
    let mark = SourceMark(file: "apps/shop/app.yaml", line: 4, column: 3)
    return ConfigListing(
      try key(name), secret: nil, version: nil, mark: mark, shown: shown.map { ConfigValue($0) })
  }

  @Test func `config vars, as Heroku heads them`() throws {
    let shop = try app("shop")
    let stored = ConfigListing(
      try key("TOKEN"), secret: .stored(try secret("token"), app: nil), version: 2, mark: nil,
      shown: nil)
    let text = ConfigText().render(shop, release: 7, [try item("GREETING", nil), stored])
    #expect(
      text == """
        === ⬢ shop Config Vars (v7)
        GREETING:  apps/shop/app.yaml:4
        TOKEN:     secret token v2 of the platform

        """)
    #expect(ConfigText().render(shop, release: nil, []) == "⬢ shop has no release yet\n")
    #expect(
      ConfigText().render(shop, release: 7, [try item("GREETING", "hi")]).contains(
        "GREETING:  hi  apps/shop/app.yaml:4"))
    #expect(!ConfigJSON.document(shop, release: 7, [stored]).line.contains("\"value\":\""))
  }

  @Test(arguments: [
    "plain", "two words", "it's", "a\\b", "a\\nb", "one\ntwo\n", "$HOME `x` \"y\" !", "", "#", "é",
  ])
  func `what is printed for a shell is imported as it was`(value: String) throws {
    let line = ConfigText.shell([try item("KEY", value)])
    let read = SecretImport(Array(line.utf8))
    #expect(read.problems.isEmpty, "\(line)")
    #expect(read.entries.map(\.value.unredacted) == [value])
  }

  @Test func `another version is said by number`() throws {
    let key = try key("STRIPE_KEY")
    func words(_ from: String, _ to: String) -> String {
      FieldChangeText.words(
        FieldChange(
          FieldPath("env.STRIPE_KEY"), from: "set", to: "changed",
          secret: SecretChange(key, from: from, to: to)))
    }
    #expect(words("secret s v2 a", "secret s v3 b") == "secret s v2 → v3")
    #expect(
      words("platform-secret s v2 a", "secret s v1 b")
        == "secret s v2 of the platform → v1 of the app")
    #expect(words("generated", "generated v2 b") == "secret STRIPE_KEY v1 → v2")
    #expect(words("0123456789abcdef", "secret s v1 b") == "env.STRIPE_KEY changed")
  }
}
