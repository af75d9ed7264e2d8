// muster set, as a pipeline uses it: one value of app.yaml changes, or nothing does.

import Foundation
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"))
struct SetTests {
  private static let manifest = """
    # The shop.
    stack: busybox   # static
    env:
      GREETING: hello   # shown
    formation:
      web: {quantity: 1, size: standard-1x}  # one

    """

  private func platform() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.write("web: exec httpd -f -p $PORT\n", to: "apps/shop/Procfile")
    try platform.write(Self.manifest, to: "apps/shop/app.yaml")
    try platform.commit()
    return platform
  }

  private func manifest(_ platform: PlatformFixture, _ app: String = "shop") throws -> String {
    try String(contentsOfFile: "\(platform.repository)/apps/\(app)/app.yaml", encoding: .utf8)
  }

  @Test func `values change in place, and git shows these lines alone`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let file = "\(platform.repository)/apps/shop/app.yaml"
    try #require(chmod(file, 0o640) == 0)
    let answer = try platform.muster(
      "set", "shop", "formation.web.quantity=3", "env.GREETING=canary-77", "env.MODE=no")
    answer.expect(
      0, saying: "apps/shop/app.yaml:7: formation.web.quantity 1 → 3",
      "apps/shop/app.yaml:4: env.GREETING changed", "env.MODE added")
    #expect(!answer.text.contains("canary-77"))
    let wanted = Self.manifest.replacing("quantity: 1", with: "quantity: 3")
      .replacing("hello   # shown\n", with: "canary-77   # shown\n  MODE: \"no\"\n")
    #expect(try manifest(platform) == wanted)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o640)
    #expect(try platform.git("status", "--porcelain") == " M apps/shop/app.yaml\n")
    try platform.muster("set", "env.MODE=no", "--format", "json")
      .expect(0, saying: #""changes": []"#)
  }

  @Test func `an app without app.yaml gets one`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.write("web: exec httpd -f -p $PORT\n", to: "apps/plain/Procfile")
    try platform.muster("set", "plain", "formation.web.quantity=2").expect(0, saying: "app.yaml:3")
    #expect(try manifest(platform, "plain") == "formation:\n  web:\n    quantity: 2\n")
  }

  @Test(arguments: [
    (["shop", "formation.web.quantity=many"], Int32(1), "must be a whole number"),
    (["shop", "fromation.web.quantity=2"], 1, "did you mean `formation`?"),
    (["shop", "formation.web=2"], 1, "edit the file by hand: `web: 2`"),
    (["shop", "env.GREETING.secret=x"], 1, "has a value of its own"),
    (["nope", "stack=busybox"], 2, "there are: shop"), (["shop"], 64, "KEY=VALUE"),
    (["shop", "=x"], 64, "is not KEY=VALUE"),
  ]) func `what would not be valid is not written`(
    words: [String], code: Int32, saying: String
  ) throws {
    let platform = try platform()
    defer { platform.tearDown() }
    let answer = try MusterProgram.run(
      MusterProgram.path, ["set"] + words, platform.variables, in: platform.folder)
    answer.expect(code, saying: saying)
    #expect(try manifest(platform) == Self.manifest)
    let left = try FileManager.default.contentsOfDirectory(
      atPath: "\(platform.repository)/apps/shop")
    #expect(left.sorted() == ["Procfile", "app.yaml"])
  }

  @Test func `heroku's forms are done, or answered with the line to type`() throws {
    let platform = try platform()
    defer { platform.tearDown() }
    try platform.muster("apps:info", "-a", "shop").expect(1, saying: "shop")
    try platform.muster("ps:type", "web=standard-2x", "-a", "shop")
      .expect(64, saying: "muster set shop formation.web.size=standard-2x")
    let answer = try platform.muster("config:set", "KEY=canary-77", "-a", "shop")
    answer.expect(64, saying: "muster set shop env.KEY=…")
    #expect(!answer.text.contains("canary-77"))
  }
}
