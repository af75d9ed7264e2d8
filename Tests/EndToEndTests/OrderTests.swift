// Orders by command, on the simulated runtime: what they do, what shows them, how they end.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable `muster` was not built"))
struct `Orders by hand` {
  private func converged() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    do {
      try platform.writeApp("shop", web: 2, worker: 2)
      try platform.commit()
      try platform.converge()
    } catch {
      platform.tearDown()
      throw error
    }
    return platform
  }

  private func names(_ platform: PlatformFixture) throws -> [String] {
    try platform.ps().filter { $0.state == "up" }.map(\.name)
  }

  @Test func `a scale counts until it is resumed, and every plan shows it`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    let bare = try platform.muster("scale", "shop")
    #expect(bare.output == "web=2:standard-1x worker=2:standard-1x\n", "\(bare)")
    let scaled = try platform.muster(
      "scale", "shop", "worker=0", "web+1", "--for", "2h", "--reason", "poison job",
      with: ["SUDO_USER": "ada"])
    #expect(scaled.code == 0, "\(scaled)")
    #expect(try names(platform) == ["web.1", "web.2", "web.3"])
    let plan = try platform.muster("plan")
    #expect(plan.output.contains("shop worker 0 (git: 2), by "), "\(plan)")
    #expect(plan.output.contains(": poison job\n"), "\(plan)")
    let status = try platform.muster("status")
    #expect(status.code == 0 && status.output.contains("Overridden"), "\(status)")
    let resumed = try platform.muster("resume", "shop")
    #expect(resumed.code == 0, "\(resumed)")
    #expect(try names(platform) == ["web.1", "web.2", "worker.1", "worker.2"])
  }

  @Test func `a commit that changes the field ends a scale`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    #expect(try platform.muster("scale", "worker=0").code == 0)
    try platform.writeApp("shop", web: 2, worker: 1)
    try platform.commit()
    try platform.converge()
    #expect(try names(platform) == ["web.1", "web.2", "worker.1"])
    #expect(try platform.muster("plan").output.contains("By hand") == false)
  }

  @Test func `a stopped dyno stays stopped until it is started`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    #expect(try platform.muster("stop", "shop/web.1").code == 0)
    try platform.converge()
    #expect(try names(platform) == ["web.2", "worker.1", "worker.2"])
    #expect(try platform.muster("start", "web.1", "-a", "shop").code == 0)
    #expect(try names(platform) == ["web.1", "web.2", "worker.1", "worker.2"])
  }

  @Test func `a restart replaces once`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    let restarted = try platform.muster("restart", "shop/worker")
    #expect(restarted.code == 0, "\(restarted)")
    #expect(restarted.output.contains("restart asked by "), "\(restarted)")
    #expect(try platform.muster("reconcile").output.contains("No changes."))
  }

  @Test func `suspended deploys wait for resume`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    let suspended = try platform.muster("suspend", "shop", "--reason", "stocktaking")
    #expect(suspended.code == 0, "\(suspended)")
    try platform.writeApp("shop", greeting: "good day", web: 2, worker: 2)
    try platform.commit()
    let held = try platform.muster("reconcile")
    #expect(held.code == 3, "\(held)")
    let holds = try platform.muster("holds")
    #expect(holds.output.contains("muster resume shop"), "\(holds)")
    #expect(holds.output.contains("stocktaking"), "\(holds)")
    #expect(try platform.muster("resume").code == 0)
    #expect(try platform.ps().allSatisfy { $0.release == 2 })
  }

  @Test func `what cannot be is refused before anything is recorded`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    let refused = try platform.muster("scale", "shop", "worker=1", "wroker=1")
    #expect(refused.code == 1, "\(refused)")
    #expect(refused.errors.contains("shop has no process type wroker"), "\(refused)")
    #expect(refused.errors.contains("it has: web, worker"), "\(refused)")
    #expect(try platform.muster("scale").output.contains("worker=2"))
    #expect(try platform.muster("scale", "shop", "worker").code == 64)
    #expect(try platform.muster("restart", "other/web").code == 1)
  }

  @Test func `maintenance is remembered and shown`() throws {
    let platform = try converged()
    defer { platform.tearDown() }
    #expect(try platform.muster("maintenance", "shop").output == "off\n")
    #expect(try platform.muster("maintenance", "shop", "on").code == 0)
    #expect(try platform.muster("maintenance").output == "on\n")
    #expect(try platform.muster("retry").code == 0)
    #expect(try platform.muster("resume", "--all-apps").code == 0)
    #expect(try platform.muster("maintenance").output == "off\n")
  }
}
