// Muster killed at every numbered effect, in each of three moments, and run again: the formation is
// the one of a run that nobody disturbed.

import Foundation
import Testing

extension ContainersAtOnce {
  struct CrashPointTests {
    static let moments = ["before", "unrecorded", "after"]

    @Test(arguments: moments)
    func `a first deploy survives its death at every effect`(_ moment: String) throws {
      let end = ["tiny web.1": 1, "tiny worker.1": 1]
      var number = 0
      while true {
        number += 1
        let platform = try PlatformFixture()
        defer { platform.tearDown() }
        try platform.writeQuick()
        try platform.commit()
        let effect = "\(number):\(moment)"
        let point = "a first deploy, \(effect)"
        let first = try platform.muster("reconcile", with: ["MUSTER_CRASH_AT": effect])
        if first.code == 0 { break }
        try #require(first.signal == SIGKILL, "\(point): \(first)")
        let right = platform.processes(of: end)
        try platform.converge("\(point), run again")
        platform.expectWhole(end, point)
        platform.expectUntouched(right, point)
        try platform.expectNoChanges(point)
      }
      #expect(number > 6, "a first deploy has more effects than that")
    }

    @Test(arguments: CrashWorkload.all, moments)
    func `a workload survives its death at every effect`(
      _ workload: CrashWorkload, _ moment: String
    ) throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try CrashWalk(workload, moment, on: platform).walk()
    }
  }
}
