// Reading one revision after the other: what did not change is not parsed again.

import FormationModel
import ManifestParsing
import Testing

@Suite struct ReadingAgainTests {
  private func tree(_ count: Int) -> MemoryTree {
    var files: [String: String] = [:]
    for index in 0..<count {
      files["apps/app-\(index)/app.yaml"] = "env: {INDEX: \"\(index)\"}"
      files["apps/app-\(index)/Procfile"] = "web: serve"
    }
    var tree = MemoryTree(files)
    tree.hasIdentities = true
    return tree
  }

  @Test func `only changed folders are parsed again`() throws {
    var tree = tree(20)
    var reader = FormationReader(catalog: .test)
    let first = try reader.read(tree, revision: nil)
    #expect(first.apps.count == 20)
    tree.reads.reset()
    #expect(try reader.read(tree, revision: nil) == first)
    #expect(tree.reads.files == [])
    tree.files["apps/app-7/app.yaml"] = Array("formation: {web: {quantity: 2}}".utf8)
    let second = try reader.read(tree, revision: nil)
    #expect(tree.reads.files.allSatisfy { $0.hasPrefix("apps/app-7/") })
    #expect(second.app("app-7")?.process(.web)?.quantity == 2)
    var fresh = FormationReader(catalog: .test)
    #expect(try fresh.read(tree, revision: nil) == second)
  }

  @Test func `another platform judges every app anew`() throws {
    var tree = tree(3)
    var reader = FormationReader(catalog: .test)
    _ = try reader.read(tree, revision: nil)
    tree.files["platform.yaml"] = Array("default_size: standard-2x".utf8)
    let again = try reader.read(tree, revision: nil)
    #expect(again.apps.allSatisfy { $0.process(.web)?.size.rawValue == "standard-2x" })
  }

  @Test func `without identities everything is read each time`() throws {
    var tree = tree(2)
    tree.hasIdentities = false
    var reader = FormationReader(catalog: .test)
    _ = try reader.read(tree, revision: nil)
    tree.reads.reset()
    _ = try reader.read(tree, revision: nil)
    #expect(tree.reads.files.count == 4)
  }

  @Test func `the merged manifest is shown with its places`() throws {
    let tree = MemoryTree.app(
      "env: {A: hidden, B: {generator: secret}}\nformation: {web: {quantity: 2}}",
      procfile: "web: serve",
      more: ["apps/shop/app.json": #"{"env": {"C": {"value": "hidden"}}}"#])
    var reader = FormationReader(catalog: .test)
    let name = try #require(AppName(rawValue: "shop"))
    let fields = try #require(try reader.show(name, in: tree))
    #expect(
      fields.map { "\($0.field) = \($0.value)  \($0.mark.map(\.description) ?? "default")" } == [
        "env.A = (set)  apps/shop/app.yaml:1:7",
        "env.B = (generated)  apps/shop/app.yaml:1:18",
        "env.C = (set)  apps/shop/app.json:1:10",
        "formation.web.quantity = 2  apps/shop/app.yaml:2:19",
        "formation.web.size = standard-1x  default",
        "name = shop  default",
        "processes.web.command = serve  apps/shop/Procfile:1:1",
        "slug = apps/shop  default",
        "stack = debian-12  default",
      ])
    #expect(try reader.show(try #require(AppName(rawValue: "other")), in: tree) == nil)
  }
}
