// A state directory serves one repository, ref, environment and runtime.

import FormationModel
import Foundation
import StateStore
import Testing

@Suite struct BindingTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  let shop = Binding(
    repository: "https://ada:s3cret@git.example/shop", ref: "main", environment: nil,
    runtime: "embedded")

  @Test func `the first one is kept, the same one is welcome`() throws {
    let file = try scratch.folder().binding
    #expect(try file.read() == nil)
    try file.bind(shop)
    try file.bind(shop)
    #expect(try file.read() == shop)
    #expect(try scratch.mode("state/binding.json") == 0o600)
  }

  @Test func `another one is refused, naming both, until it is rebound`() async throws {
    let file = try scratch.folder().binding
    try file.bind(shop)
    let other = Binding(
      repository: "/srv/blog", ref: nil, environment: "staging", runtime: "simulated")
    let found = try #require(await failure { try file.bind(other) })
    #expect(found.code == "binding-differs")
    #expect(
      found.message
        == "this state directory is bound to repository https://***@git.example/shop, "
        + "not /srv/blog; "
        + "ref main, not the default; environment none, not staging; "
        + "runtime embedded, not simulated"
    )
    #expect(found.fix?.contains("--rebind") == true)
    #expect(try file.read() == shop)
    try file.rebind(other)
    #expect(try file.read() == other)
    try file.bind(other)
  }

  @Test func `other credentials are another binding, and are not named`() async throws {
    let file = try scratch.folder().binding
    try file.bind(shop)
    let other = Binding(
      repository: "https://eve:0ther@git.example/shop", ref: "main", environment: nil,
      runtime: "embedded")
    let found = try #require(await failure { try file.bind(other) })
    #expect(!found.message.contains("s3cret") && !found.message.contains("0ther"))
    #expect(found.message.contains("other credentials"))
  }

  @Test(arguments: ["", "{", "[]", "{\"repository\":7}", "s3cret"])
  func `a damaged one is refused, quoting nothing`(content: String) async throws {
    let file = try scratch.folder().binding
    try file.bind(shop)
    try scratch.write(content, to: "state/binding.json")
    for attempt in [{ _ = try file.read() }, { try file.bind(shop) }] {
      let found = await failure(attempt)
      #expect(found?.code == "binding-unreadable")
      #expect(found?.message.contains("s3cret") == false)
    }
    try file.rebind(shop)
    #expect(try file.read() == shop)
  }
}
