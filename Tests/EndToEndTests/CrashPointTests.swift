// Muster killed at every numbered effect, in each of three moments, and run again: the formation is
// the one of a run that nobody disturbed.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct CrashPointTests {
    static let moments = ["before", "unrecorded", "after"]

    @Test(arguments: moments)
    func `a first deploy survives its death at every effect`(_ moment: String) throws {
      var number = 0
      while true {
        number += 1
        let platform = try PlatformFixture()
        defer { platform.tearDown() }
        try platform.writeApp("tiny")
        try platform.commit()
        guard try survives(platform, "\(number):\(moment)", release: 1) else { break }
      }
      #expect(number > 6, "a first deploy has more effects than that")
    }

    @Test(arguments: moments)
    func `a replacement survives its death at every effect`(_ moment: String) throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.writeApp("tiny")
      try platform.commit()
      try platform.converge()
      var number = 0
      while true {
        number += 1
        try platform.writeApp("tiny", greeting: "number \(number)")
        try platform.commit()
        guard try survives(platform, "\(number):\(moment)", release: number + 1) else { break }
      }
      #expect(number > 6, "a replacement has more effects than that")
    }

    /// Dies at the point and goes on; false when the run had ended before it came to the point.
    private func survives(
      _ platform: PlatformFixture, _ point: String, release: Int
    ) throws -> Bool {
      let first = try platform.muster("reconcile", with: ["MUSTER_CRASH_AT": point])
      if first.code != nil {
        #expect(first.code == 0, "\(point): \(first)")
        return false
      }
      #expect(first.signal == SIGKILL, "\(point): \(first)")
      let right = platform.dynos.firstProcesses.filter { $0.key.contains(".v\(release).") }
      let second = try platform.muster("reconcile")
      #expect(second.code == 0, "\(point), run again: \(second)")
      expectWhole(platform, point, release: release)
      let now = platform.dynos.firstProcesses
      for (id, process) in right {
        #expect(now[id] == process, "\(point): \(id) was right and is another one now: \(second)")
      }
      let plan = try platform.muster("plan")
      #expect(plan.output.contains("No changes."), "\(point), planned again: \(plan)")
      return true
    }

    /// One web dyno, one worker, and nothing else in any form.
    private func expectWhole(_ platform: PlatformFixture, _ point: String, release: Int) {
      let listed = (try? platform.ps()) ?? []
      #expect(listed.map(\.name) == ["web.1", "worker.1"], "\(point)")
      #expect(listed.allSatisfy { $0.state == "up" && $0.release == release }, "\(point) \(listed)")
      let whole = OwnDynos.Count(records: 2, running: 2, monitors: 2, links: 2, groups: 2)
      #expect(
        eventually(within: 5) { platform.dynos.count == whole },
        "\(point): \(platform.dynos.count) \(platform.dynos.records)")
    }
  }
}
