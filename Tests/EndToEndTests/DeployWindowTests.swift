// Deploy windows on the simulated runtime: what is held, what passes, and consent that counts once.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable `muster` was not built"))
struct `Deploy windows` {
  /// An app that is deployed at no time of the week.
  private func write(_ platform: PlatformFixture, greeting: String, _ windows: String) throws {
    try platform.writeApp("shop", greeting: greeting, web: 1, worker: 1)
    let path = "\(platform.repository)/apps/shop/app.yaml"
    let manifest = try String(contentsOfFile: path, encoding: .utf8)
    try platform.write(manifest + windows, to: "apps/shop/app.yaml")
    try platform.commit()
  }

  @Test func `hold what a commit asks for until somebody consents, once`() throws {
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    let never = "windows: [{deny: \"00:00-24:00\", zone: Europe/Berlin}]\n"
    try write(platform, greeting: "hello", never)
    let first = try platform.muster("reconcile")
    #expect(first.code == 3, "\(first)")
    #expect(try platform.ps().isEmpty)
    let holds = try platform.muster("holds")
    #expect(holds.output.contains("window/shop"), "\(holds)")
    #expect(holds.output.contains("no deploys 00:00-24:00 Europe/Berlin"), "\(holds)")
    let confirmed = try platform.muster("confirm", "window/shop")
    #expect(confirmed.code == 0, "\(confirmed)")
    #expect(try platform.ps().map(\.release) == [1, 1])
    // The next commit takes the windows away, and waits for them all the same.
    try write(platform, greeting: "good day", "")
    let next = try platform.muster("reconcile")
    #expect(next.code == 3, "\(next)")
    #expect(next.output.contains("window/shop"), "\(next)")
    let scaled = try platform.muster("scale", "shop", "worker=2")
    #expect(scaled.code == 3, "\(scaled)")
    #expect(try platform.ps().map(\.release) == [1, 1, 1])
    #expect(try platform.muster("confirm", "window/shop").code == 0)
    #expect(try platform.ps().allSatisfy { $0.release == 2 })
    #expect(try platform.muster("reconcile").output.contains("No changes."))
  }
}
