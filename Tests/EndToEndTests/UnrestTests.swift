// Dynos and their monitors killed at random while `muster serve` runs, and the router once: each is
// replaced, and nothing else is touched.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized, .enabled(if: Visitors.canBe, "needs haproxy and python3"))
  struct UnrestTests {
    /// What is killed of a dyno.
    private enum Victim: String, CaseIterable { case dyno, monitor, both }

    private static let formation = Formation(
      uniqueKeysWithValues: (1...4).flatMap { [("tiny web.\($0)", 1), ("tiny worker.\($0)", 1)] })

    @Test func `whatever is killed is replaced, and nothing else`() throws {
      var chance = Chance(for: "unrest")
      let platform = try PlatformFixture(router: "127.0.0.1:\(try FreePort.find())")
      defer { platform.tearDown() }
      try platform.writeQuick(web: 4, worker: 4)
      try platform.commit()
      let daemon = try platform.serve()
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      // Each slot once: a second death in a row would have to wait for its backoff.
      let slots = Self.formation.keys.sorted().shuffled(using: &chance)
      for (number, slot) in slots.enumerated() {
        let victim = Victim.allCases[number % Victim.allCases.count]
        try strike(victim, of: slot, platform, "seed \(chance.seed), \(victim) of \(slot)")
        if number == slots.count / 2 { try strikeRouter(platform) }
      }
      try platform.wait(for: "converged")
      platform.expectWhole(Self.formation, "in the end")
      try platform.expectNoChanges("in the end")
      #expect(try daemon.end().code == 0)
      platform.expectWhole(Self.formation, "without the daemon")
      #expect(try platform.muster("reconcile", "--router", "off").code == 0)
      #expect(platform.dynos.routers == [])
    }

    /// Kills something of one dyno, and waits for another one in its place.
    private func strike(
      _ victim: Victim, of slot: String, _ platform: PlatformFixture, _ point: String
    ) throws {
      let before = platform.dynos.firstProcesses
      let id = try #require(before.keys.first { name(of: $0) == slot }, "\(point): \(before)")
      let process = try #require(before[id])
      let monitor = try #require(platform.dynos.monitor(of: id), "\(point)")
      if victim != .dyno { kill(monitor, SIGKILL) }
      if victim != .monitor { kill(process, SIGKILL) }
      let whole = OwnDynos.Count(records: 8, running: 8, monitors: 8, links: 8, groups: 8)
      let isReplaced = eventually(within: 60) {
        let now = platform.dynos.firstProcesses
        return now[id] == nil && now.keys.contains { name(of: $0) == slot }
          && platform.dynos.count == whole
      }
      #expect(isReplaced, "\(point): \(platform.dynos.count) \(platform.dynos.processes)")
      platform.expectUntouched(before.filter { $0.key != id }, point)
      platform.expectNoneDoubled(point)
    }

    private func name(of id: String) -> String? {
      InstanceName(id).map { "\($0.app) \($0.dyno)" }
    }

    /// Kills every process of the router, and waits for others.
    private func strikeRouter(_ platform: PlatformFixture) throws {
      let before = platform.dynos.firstProcesses
      let routers = platform.dynos.routers
      try #require(!routers.isEmpty)
      for router in routers { kill(router, SIGKILL) }
      #expect(
        eventually(within: 30) {
          let now = platform.dynos.routers
          return !now.isEmpty && Set(now).isDisjoint(with: routers)
        }, "\(platform.dynos.routers)")
      platform.expectUntouched(before, "the router killed")
    }
  }
}

extension OwnDynos {
  /// The monitor of one instance.
  func monitor(of id: String) -> Int32? {
    let bundle = "\(state)/instances/\(id)"
    return monitors.first { monitor in
      (Self.text("/proc/\(monitor)/cmdline") ?? "").split(separator: "\0").contains {
        $0 == bundle || $0.hasPrefix(bundle + "/")
      }
    }
  }
}
