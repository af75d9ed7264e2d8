// Releases, going back by hand and by itself, and what stays away then, as people see it.

import Foundation
import Testing

@Suite(.enabled(if: Sandbox.hasExecutable, "the executable `muster` was not built"))
struct RollbackTests {
  /// A platform with two releases of `shop`, the second of which greets otherwise.
  private func deployed() throws -> PlatformFixture {
    let platform = try PlatformFixture(runtime: "simulated")
    try platform.writeApp("shop", web: 2, worker: 1)
    try platform.commit("First")
    try platform.converge()
    try platform.writeApp("shop", greeting: "good day", web: 2, worker: 1)
    try platform.commit("Greet otherwise")
    try platform.converge()
    return platform
  }

  private func releases(_ platform: PlatformFixture, of app: String = "shop") throws -> [Int] {
    try platform.ps().filter { $0.app == app }.map(\.release)
  }

  @Test func `releases are listed, and one is shown with what it changed`() throws {
    let platform = try deployed()
    defer { platform.tearDown() }
    let list = try platform.muster("releases")
    #expect(list.output.hasPrefix("=== ⬢ shop Releases - Current: v2\nv2  "), "\(list)")
    #expect(list.output.contains("v1  first release"), "\(list)")
    let one = try platform.muster("releases", "shop", "v2")
    #expect(one.output.contains("Against v1:\n  "), "\(one)")
    #expect(try platform.muster("releases", "v9").code == 1)
    #expect(try platform.muster("releases", "blog").code == 1)
    let json = try platform.muster("releases", "-n", "1", "--format", "json")
    #expect(json.output.contains("\"version\": 2"), "\(json)")
    #expect(!json.output.contains("\"version\": 1,"), "\(json)")
  }

  @Test func `a rollback brings the earlier release back, and no commit undoes it`() throws {
    let platform = try deployed()
    defer { platform.tearDown() }
    let look = try platform.muster("rollback", "--dry-run")
    #expect(look.code == 0 && look.output.contains("back from v2 to v1"), "\(look)")
    #expect(try releases(platform) == [2, 2, 2])
    let back = try platform.muster("rollback", "shop", "--reason", "checkout fails")
    #expect(back.code == 0, "\(back)")
    #expect(back.output.contains("git revert "), "\(back)")
    #expect(try releases(platform) == [3, 3, 3])
    #expect(try platform.muster("releases").output.contains("v3  rollback to v1"))
    // Commits for others, and one that changes a quantity, bring nothing back.
    for number in 1...3 {
      try platform.writeApp("blog", greeting: "\(number)", web: 1, worker: 0)
      try platform.write("\(number)", to: "README.md")
      try platform.commit()
      #expect(try platform.muster("reconcile").code == 3)
    }
    try platform.writeApp("shop", greeting: "good day", web: 3, worker: 1)
    try platform.commit()
    let held = try platform.muster("reconcile")
    #expect(held.code == 3 && held.output.contains("content-held/shop"), "\(held)")
    #expect(held.output.contains("checkout fails"), "\(held)")
    #expect(try releases(platform) == [3, 3, 3, 3])
    // Other content does.
    try platform.writeApp("shop", greeting: "mended", web: 3, worker: 1)
    try platform.commit()
    try platform.converge()
    #expect(try releases(platform) == [4, 4, 4, 4])
    #expect(try platform.muster("holds").code == 0)
  }

  @Test func `no commit for others brings back what was left, and new content does`() throws {
    let platform = try deployed()
    defer { platform.tearDown() }
    #expect(try platform.muster("rollback", "shop").code == 0)
    for number in 1...20 {
      try platform.writeApp("blog", greeting: "\(number)", web: 1, worker: 0)
      try platform.commit()
      #expect(try platform.muster("reconcile").code == 3)
      #expect(try releases(platform) == [3, 3, 3], "commit \(number) for another app")
    }
    try platform.write("A shop and a blog.", to: "README.md")
    try platform.commit()
    #expect(try platform.muster("reconcile").code == 3)
    #expect(try releases(platform) == [3, 3, 3], "a commit for no app")
    #expect(try releases(platform, of: "blog") == [20])
    try platform.writeApp("shop", greeting: "mended", web: 2, worker: 1)
    try platform.commit()
    try platform.converge()
    #expect(try releases(platform) == [4, 4, 4])
  }

  @Test func `retry brings back what was left`() throws {
    let platform = try deployed()
    defer { platform.tearDown() }
    #expect(try platform.muster("rollback", "shop", "v1").code == 0)
    #expect(try platform.muster("rollback", "shop", "v3").code == 1, "it is there already")
    #expect(try platform.muster("retry", "shop").code == 0)
    #expect(try releases(platform) == [4, 4, 4])
    #expect(try platform.muster("events").output.contains("RolledBack"))
  }

  @Test func `a rollout that fails goes back by itself where the manifest says so`() throws {
    let platform = try PlatformFixture(runtime: "simulated")
    defer { platform.tearDown() }
    func write(_ command: String) throws {
      try platform.write("web: \(command)\n", to: "apps/shop/Procfile")
      try platform.write(
        """
        stack: busybox
        formation:
          web: {quantity: 2, size: standard-1x, healthcheck: {boot_timeout: 2s}}
        rollout: {auto_revert: true}

        """, to: "apps/shop/app.yaml")
      try platform.commit()
    }
    try write("serve")
    try platform.converge()
    try write("serve # simulated: port=none")
    let failed = try platform.muster("reconcile")
    #expect(failed.code == 3, "\(failed)")
    #expect(failed.output.contains("content-held/shop"), "\(failed)")
    let dynos = try platform.ps()
    #expect(dynos.allSatisfy { $0.state == "up" }, "\(dynos)")
    #expect(try platform.muster("releases").output.contains("failed"))
    #expect(try platform.muster("why", "shop").output.contains("not healthy within 2s (R10)"))
    #expect(try platform.muster("events").output.contains("RolloutReverted"))
    #expect(try platform.muster("reconcile").code == 3, "it does not come back by itself")
    try write("serve # mended")
    try platform.converge()
  }
}
