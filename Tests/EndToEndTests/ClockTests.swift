// The time of day jumps under Muster: nothing is restarted for it, and nothing waits for it.

import Foundation
import Testing

extension RealContainers {
  @Suite(
    .serialized, .enabled(if: ShiftedClock.canBe, "there is no clang to make another clock with"))
  struct ClockTests {
    private static let hour: Int64 = 3_600

    private func whole(_ release: Int) -> Formation {
      ["tiny web.1": release, "tiny worker.1": release]
    }

    @Test(arguments: [hour, -hour])
    func `a jump while Muster serves restarts nothing and holds up nothing`(_ jump: Int64) throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      let clock = try ShiftedClock(in: platform.folder)
      try platform.writeQuick()
      try platform.commit()
      let daemon = try platform.serve(poll: "1s", with: clock.variables)
      defer { daemon.tearDown() }
      try platform.wait(for: "converged")
      let before = platform.dynos.firstProcesses
      try clock.jump(to: jump)
      // What died is replaced at once, and what did not die is left alone.
      let worker = try #require(before["tiny.worker.1.v1.1"])
      kill(worker, SIGKILL)
      #expect(
        eventually(within: 30) { platform.dynos.processes["tiny.worker.1.v1.2"] != nil },
        "\(daemon.log.suffix(2_000))")
      platform.expectUntouched(["tiny.web.1.v1.1": before["tiny.web.1.v1.1"] ?? 0], "\(jump)")
      // The repository is looked at as before.
      try platform.writeQuick(greeting: "again")
      try platform.commit()
      #expect(
        eventually(within: 30) { platform.formation() == whole(2) },
        "\(jump): \(platform.formation()) \(daemon.log.suffix(2_000))")
      try clock.jump(to: 0)
      try platform.writeQuick(greeting: "and again")
      try platform.commit()
      #expect(
        eventually(within: 30) { platform.formation() == whole(3) },
        "back from \(jump): \(platform.formation()) \(daemon.log.suffix(2_000))")
      platform.expectWhole(whole(3), "\(jump)")
      #expect(try daemon.end().code == 0)
      try platform.expectNoChanges("\(jump)")
    }

    @Test(arguments: [hour, -hour])
    func `a run at another time of day finds the same formation`(_ jump: Int64) throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      let clock = try ShiftedClock(in: platform.folder)
      try platform.writeQuick()
      try platform.commit()
      try platform.converge()
      let before = platform.dynos.firstProcesses
      try clock.jump(to: jump)
      let plan = try platform.muster("plan", with: clock.variables)
      #expect(plan.output.contains("No changes."), "\(jump): \(plan)")
      let same = try platform.muster("reconcile", "--timeout", "5s", with: clock.variables)
      #expect(same.code == 0, "\(jump): \(same)")
      platform.expectUntouched(before, "\(jump)")
      platform.expectWhole(whole(1), "\(jump)")
      try clock.jump(to: 0)
      try platform.converge("back from \(jump)")
      platform.expectUntouched(before, "back from \(jump)")
    }
  }
}
