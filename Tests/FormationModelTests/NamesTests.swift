// The rules of names: a name that breaks its rule cannot exist.

import FormationModel
import Testing

@Suite struct NamesTests {
  @Test(
    arguments: [
      ("shop", true), ("a-1", true), ("shop-2", true), ("ab", false), ("Shop", false),
      ("1shop", false), ("shop-", false), ("-shop", false), ("sh_op", false), ("shöp", false),
      ("", false), (String(repeating: "a", count: 30), true),
      (String(repeating: "a", count: 31), false),
    ])
  func `an app's name keeps Heroku's rule`(text: String, isName: Bool) {
    #expect((AppName(rawValue: text) != nil) == isName)
  }

  @Test(
    arguments: [
      ("DATABASE_URL", true), ("_x", true), ("a1", true), ("1a", false), ("__SECRET", false),
      ("A-B", false), ("A=B", false), ("", false), ("ÄB", false),
    ])
  func `a config var's name cannot smuggle`(text: String, isName: Bool) {
    #expect((ConfigKey(rawValue: text) != nil) == isName)
  }

  @Test func `an instance says who it is in characters that may name a file`() throws {
    let app = try #require(AppName(rawValue: "shop"))
    let id = InstanceID(slot: SlotID(app, .web, 2), release: 7, attempt: 3)
    #expect(id.description == "shop.web.2.v7.3")
  }

  @Test func `who an instance says it is can be read back, and nothing else can`() throws {
    let app = try #require(AppName(rawValue: "shop"))
    let plan = try #require(CatalogName(rawValue: "queue.2"))
    let owners: [SlotOwner] = [.app(app), .addon(app, plan), .system(plan)]
    for owner in owners {
      let slot = SlotID(owner: owner, process: .web, ordinal: 2)
      let id = InstanceID(slot: slot, kind: .service, release: 7, attempt: 3)
      #expect(InstanceID(id.description, kind: .service) == id)
    }
    for text in [
      "", "shop", "shop.web.2.v7", "shop.web.2.7.3", "shop.web.2.v7.3-away", "shop.web.2.v7.+3",
      "shop.web.02.v7.3", "x.web.2.v7.3", "a.b.web.2.v7.3", "system.web.2.v7.3.", ".web.2.v7.3",
    ] {
      #expect(InstanceID(text) == nil, "\(text)")
    }
  }

  @Test func `no way of printing shows a config value`() {
    let value = ConfigValue("canary-7f3a")
    var dumped = ""
    dump(value, to: &dumped)
    let entry = ConfigSource.literal(value)
    for text in [
      "\(value)", String(reflecting: value), dumped, "\(entry)", String(reflecting: entry),
    ] {
      #expect(!text.contains("canary"))
    }
  }
}
