// Two Musters on one state directory: one acts, the other says who does.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct LockTests {
    @Test func `a second reconcile is refused and says who holds the lock`() throws {
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try platform.writeApp("tiny")
      // It is alive for long enough to be met at work.
      try platform.write(
        """
        stack: busybox
        formation:
          web: {quantity: 0}
          worker: {quantity: 1, min_healthy: 60s}

        """,
        to: "apps/tiny/app.yaml")
      try platform.commit()
      let first = try Running(
        MusterProgram.path, ["reconcile"], platform.variables, in: platform.folder)
      #expect(eventually { !platform.dynos.processes.isEmpty })
      let second = try platform.muster("reconcile")
      #expect(second.code == 2, "\(second)")
      #expect(second.errors.contains("\"reconcile\" (process \(first.pid), since "), "\(second)")
      let look = try platform.muster("plan")
      #expect(look.code == 0, "looking needs no lock: \(look)")
      kill(first.pid, SIGKILL)
      _ = try first.wait()
      try platform.writeApp("tiny")
      try platform.commit()
      try platform.converge("the lock goes with whoever held it")
    }
  }
}
