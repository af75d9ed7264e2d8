// What people do to containers by hand, and the way back.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct RepairTests {
    /// A converged platform of one app.
    private func converged() throws -> PlatformFixture {
      let platform = try PlatformFixture()
      do {
        try platform.writeApp("tiny")
        try platform.commit()
        try platform.converge()
      } catch {
        platform.tearDown()
        throw error
      }
      return platform
    }

    @Test func `a dyno killed by hand is started again, and the plan says why`() throws {
      let platform = try converged()
      defer { platform.tearDown() }
      let before = platform.dynos.firstProcesses
      let worker = try #require(before["tiny.worker.1.v1.1"])
      kill(worker, SIGKILL)
      #expect(eventually { platform.dynos.processes["tiny.worker.1.v1.1"] == nil })
      let plan = try platform.muster("plan")
      #expect(plan.output.contains("worker.1"), "\(plan)")
      #expect(plan.output.contains("137") || plan.output.contains("SIGKILL"), "\(plan)")
      try platform.converge()
      #expect(try platform.ps().allSatisfy { $0.state == "up" && $0.release == 1 })
      let after = platform.dynos.firstProcesses
      #expect(after["tiny.web.1.v1.1"] == before["tiny.web.1.v1.1"], "the other one is left alone")
      #expect(after.count == 2)
    }

    @Test func `a dyno whose monitor was killed is replaced`() throws {
      let platform = try converged()
      defer { platform.tearDown() }
      for monitor in platform.dynos.monitors { kill(monitor, SIGKILL) }
      #expect(eventually { platform.dynos.monitors.isEmpty })
      let plan = try platform.muster("plan")
      #expect(!plan.output.contains("No changes."), "\(plan)")
      try platform.converge()
      #expect(try platform.ps().allSatisfy { $0.state == "up" })
      let whole = OwnDynos.Count(records: 2, running: 2, monitors: 2, links: 2, groups: 2)
      #expect(eventually(within: 5) { platform.dynos.count == whole }, "\(platform.dynos.count)")
    }

    @Test func `a dyno whose record was deleted keeps its slot until somebody ends it`() throws {
      let platform = try converged()
      defer { platform.tearDown() }
      let stray = try #require(platform.dynos.firstProcesses["tiny.worker.1.v1.1"])
      try FileManager.default.removeItem(
        atPath: platform.state + "/instances/tiny.worker.1.v1.1")
      let held = try platform.muster("reconcile")
      #expect(held.code == 3, "nothing is started beside what may be the dyno: \(held)")
      #expect(kill(stray, 0) == 0, "what has no record is nobody's to touch")
      let advice = try #require(held.output.firstMatch(of: #/end it by hand: (\S+) (.*) \(or /#))
      let words = advice.2.split(separator: " ").map(String.init)
      let ended = try MusterProgram.run("/usr/bin/env", [String(advice.1)] + words)
      #expect(ended.code == 0, "\(ended)")
      try platform.converge()
      #expect(try platform.ps().allSatisfy { $0.state == "up" })
      #expect(try platform.muster("plan").output.contains("No changes."))
    }
  }
}
