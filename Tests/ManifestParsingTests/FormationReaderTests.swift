// The whole way from files to a desired formation.

import FormationModel
import ManifestParsing
import Testing

@Suite struct FormationReaderTests {
  @Test func `an app is read from its folder`() throws {
    let tree = MemoryTree.app(
      """
      stack: busybox
      env:
        GREETING: hello
      formation:
        web: {quantity: 2, size: standard-2x}
        worker: {quantity: 1}
      """)
    let formation = try tree.formation()
    #expect(formation.lines == [])
    #expect(formation.shop == "web=2:standard-2x worker=1:standard-2x")
    let shop = try #require(formation.app("shop"))
    #expect(shop.stack.rawValue == "busybox")
    #expect(shop.folder == "apps/shop" && shop.slugFolder == "apps/shop")
    #expect(
      shop.marks[FieldPath("formation.web.quantity")]?.description == "apps/shop/app.yaml:5:9")
    #expect(shop.marks[FieldPath("env.GREETING")]?.line == 3)
    #expect(shop.marks[FieldPath("processes.web.command")]?.description == "apps/shop/Procfile:1:1")
  }

  @Test func `a bad app stops only itself`() throws {
    let formation = try MemoryTree([
      "apps/good/Procfile": "web: serve",
      "apps/bad/Procfile": "web: serve",
      "apps/bad/app.yaml": "formation: {web: {quantiy: 2}}",
    ]).formation()
    #expect(formation.apps.map(\.name.rawValue) == ["good"])
    #expect(formation.rejected.map(\.name.rawValue) == ["bad"])
    #expect(!formation.isRefused)
    #expect(
      formation.lines == [
        "apps/bad/app.yaml:1:19: error: [unknown-key] unknown key `quantiy` in formation.web"
          + " | did you mean `quantity`?"
      ])
  }

  @Test func `a file that cannot be read gives no guesses about the rest`() throws {
    let formation = try MemoryTree([
      "apps/Shop_1/app.yaml": "name: shop\nformation: {web: {quantity: 1}",
      "apps/Shop_1/Procfile": "web: serve\nworker: work",
    ]).formation()
    #expect(formation.errorCodes == ["syntax"])
    #expect(formation.lines.count == 1)
  }

  @Test func `values of config vars are in no message`() throws {
    let formation = try MemoryTree.app(
      """
      env:
        A: [hush]
        B: {value: {hush: hush}}
        C: {value: hush, generator: hush}
        D: {secret: Hush Hush}
        "E E": hush
        F: {generator: secret, value: hush}
      """
    ).formation()
    #expect(formation.rejected.count == 1)
    #expect(formation.lines.allSatisfy { !$0.lowercased().contains("hush") }, "\(formation.lines)")
    #expect(!"\(formation)".contains("hush"))
  }
}
