// Two Musters on one state directory in the midst of a deploy: one acts, the other says who does
// and ends, and what comes of it is the same.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct TwoMustersTests {
    private static let end: Formation = ["tiny web.1": 2, "tiny worker.1": 2]

    /// A platform with one release, whose second waits in git with a command that takes its time.
    private func platform() throws -> PlatformFixture {
      let platform = try PlatformFixture()
      do {
        try platform.writeQuick()
        try platform.commit()
        try platform.converge()
        try platform.writeQuick(
          greeting: "two", release: "echo begun $GREETING; sleep 2; echo ended $GREETING")
        try platform.commit()
      } catch {
        platform.tearDown()
        throw error
      }
      return platform
    }

    private func reconcile(_ platform: PlatformFixture) throws -> Running {
      try Running(MusterProgram.path, ["reconcile"], platform.variables, in: platform.folder)
    }

    private func isBegun(_ platform: PlatformFixture) -> Bool {
      eventually { (try? platform.count(ofLoggedLine: "begun two")) == 1 }
    }

    private func expectEnd(_ platform: PlatformFixture, _ point: String) throws {
      platform.expectWhole(Self.end, point)
      #expect(try platform.count(ofLoggedLine: "begun two") == 1, "\(point)")
      #expect(try platform.count(ofLoggedLine: "ended two") == 1, "\(point)")
      try platform.expectNoChanges(point)
    }

    @Test func `the second says who acts, and ends`() throws {
      let platform = try platform()
      defer { platform.tearDown() }
      let first = try reconcile(platform)
      #expect(isBegun(platform), "\(first.output)")
      for command in ["reconcile", "serve", "restart"] {
        let second = try platform.muster(command)
        #expect(second.code == 2, "\(command): \(second)")
        #expect(
          second.errors.contains("\"reconcile\" (process \(first.pid), since "),
          "\(command): \(second)")
      }
      #expect(first.isRunning, "all this was in the midst of its deploy")
      let answer = try first.wait()
      #expect(answer.code == 0, "\(answer)")
      try expectEnd(platform, "a second one refused")
    }

    @Test func `of two that begin at once, one acts`() throws {
      let platform = try platform()
      defer { platform.tearDown() }
      let both = [try reconcile(platform), try reconcile(platform)]
      let answers = try both.map { try $0.wait() }
      #expect(answers.map(\.code).contains(0), "\(answers)")
      for (answer, other) in zip(answers, both.reversed()) where answer.code != 0 {
        #expect(answer.code == 2, "\(answer)")
        #expect(answer.errors.contains("(process \(other.pid), since "), "\(answer)")
      }
      #expect(answers.count { $0.code == 2 } == 1, "\(answers)")
      try expectEnd(platform, "two at once")
    }

    @Test func `one that begins while another dies goes on with its deploy`() throws {
      let platform = try platform()
      defer { platform.tearDown() }
      let first = try reconcile(platform)
      #expect(isBegun(platform), "\(first.output)")
      kill(first.pid, SIGKILL)
      _ = try first.wait()
      try platform.converge("the lock goes with whoever held it")
      try expectEnd(platform, "the first one killed")
    }
  }
}
