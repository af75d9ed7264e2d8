// The how-to pages whose commands can be run are run.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable `muster` was not built"))
struct HowToTests {
  @Test func `operating by hand works as the page says`() throws {
    let page = try String(
      contentsOfFile: "\(Sandbox.repository)/docs/how-to/operate-by-hand.md", encoding: .utf8)
    let blocks = CodeBlock.blocks(of: page)
    let script = blocks.filter { $0.language == "sh" }.map(\.text).joined(separator: "\n")
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    try platform.writeApp("shop", web: 1, worker: 2)
    try platform.commit()
    try platform.converge()
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    let answer = try sandbox.run(script, platform.variables)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(answer.output.contains("shop worker 0 (git: 2), by "), "\(answer.output)")
    #expect(answer.output.contains("deploys are suspended, by "), "\(answer.output)")
    #expect(try platform.muster("plan").output.contains("By hand") == false)
    #expect(try platform.ps().map(\.name) == ["web.1", "worker.1", "worker.2"])
  }

  @Test func `what to do at night works as the page says`() throws {
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    try platform.writeApp("shop", web: 1, worker: 2)
    try platform.writeApp("blog", web: 1, worker: 0)
    try platform.commit()
    try platform.converge()
    let sandbox = try Sandbox()
    defer { sandbox.remove() }
    let output = try TutorialTests.check(
      "how-to/at-three-in-the-morning.md", in: sandbox, platform.variables,
      folder: platform.repository)
    #expect(output.contains("  worker 0 (git: 2), by "), "\(output)")
    #expect(output.contains("1 app (shop) would go, with 3 of 4 dynos"), "\(output)")
    #expect(output.contains("  deploys are suspended, by "), "\(output)")
  }
}
