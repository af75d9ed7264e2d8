// Muster killed at random times during deploys with a release command, and run again.

import Foundation
import Testing

extension ContainersAtOnce {
  struct RandomDeathTests {
    private static let command = "echo begun $GREETING; usleep 100000; echo ended $GREETING"
    private static let deaths = 25

    private func deploy(_ greeting: String, _ platform: PlatformFixture) throws {
      try platform.writeQuick(greeting: greeting, release: Self.command)
      try platform.commit()
    }

    private func whole(_ release: Int) -> Formation {
      ["tiny web.1": release, "tiny worker.1": release]
    }

    @Test(arguments: 1...2)
    func `Muster killed at random times of deploys goes on where it was`(_ half: Int) throws {
      var chance = Chance(for: "deaths at random times, \(half)")
      let platform = try PlatformFixture()
      defer { platform.tearDown() }
      try deploy("t0", platform)
      try platform.converge()
      // How long a deploy takes, so that the deaths lie in it, and some after it.
      try deploy("t1", platform)
      let began = Date()
      try platform.converge()
      let length = Date().timeIntervalSince(began)
      var standing = whole(2)
      var (deaths, unknown, number) = (0, 0, 1)
      while deaths < Self.deaths {
        number += 1
        try #require(number < 4 * Self.deaths, "nearly all end before they are killed")
        try deploy("t\(number)", platform)
        // Sometimes the next Muster dies as well.
        repeat {
          let delay = Double.random(in: 0...length, using: &chance)
          if try isKilled(after: delay, platform) { deaths += 1 }
          platform.expectNoneDoubled("seed \(chance.seed), t\(number), dead")
        } while Int.random(in: 0..<3, using: &chance) == 0
        let end = try goOn(from: standing, number, platform, "seed \(chance.seed), t\(number)")
        if end == standing { unknown += 1 }
        standing = end
      }
      try platform.expectNoChanges("seed \(chance.seed)")
      let time = Int(length * 1000)
      print("killed \(deaths) times in \(number - 1) deploys of \(time) ms; \(unknown) held")
      #expect(unknown < number / 2)
    }

    /// Starts a deploy and kills it; false when it had ended before.
    private func isKilled(after delay: Double, _ platform: PlatformFixture) throws -> Bool {
      let running = try Running(
        MusterProgram.path, ["reconcile"], platform.variables, in: platform.folder)
      // Not to wait for something: the time is what is drawn.
      _ = eventually(within: delay) { !running.isRunning }
      kill(running.pid, SIGKILL)
      let answer = try running.wait()
      #expect(answer.signal == SIGKILL || answer.code == 0 || isUnknown(answer), "\(answer)")
      return answer.signal == SIGKILL
    }

    /// Whether it is held, because nobody knows how the release command ended.
    private func isUnknown(_ answer: MusterProgram.Answer) -> Bool {
      answer.code == 3 && answer.output.contains("nobody saw it end")
    }

    /// The next Muster; what stands then.
    private func goOn(
      from standing: Formation, _ number: Int, _ platform: PlatformFixture, _ point: String
    ) throws -> Formation {
      let end = whole(number + 1)
      let old = platform.processes(of: standing)
      let right = platform.processes(of: end)
      let next = try platform.muster("reconcile")
      let begun = try platform.count(ofLoggedLine: "begun t\(number)")
      let isUnknown = isUnknown(next)
      #expect(next.code == 0 || isUnknown, "\(point): \(next)")
      #expect(isUnknown ? begun <= 1 : begun == 1, "\(point): it ran \(begun) times")
      platform.expectWhole(isUnknown ? standing : end, point)
      platform.expectUntouched(isUnknown ? old : right, point)
      return isUnknown ? standing : end
    }
  }
}
