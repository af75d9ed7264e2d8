// Apps that leave git: held, freed by hand or by the commit, and never by an empty repository.

import Foundation
import Testing

extension RealContainers {
  @Suite(.serialized) struct RemovalTests {
    /// A converged platform of the apps given.
    private func converged(_ apps: String...) throws -> PlatformFixture {
      let platform = try PlatformFixture()
      do {
        for app in apps { try platform.writeApp(app) }
        try platform.commit()
        try platform.converge()
      } catch {
        platform.tearDown()
        throw error
      }
      return platform
    }

    /// The name of the removal that is held.
    private func hold(in answer: MusterProgram.Answer) throws -> String {
      let match = answer.text.firstMatch(of: #/muster confirm (removal-[0-9a-f]+)/#)
      return String(try #require(match, "\(answer)").output.1)
    }

    @Test func `a removal beyond the budget waits for consent by hand`() throws {
      let platform = try converged("first", "second")
      defer { platform.tearDown() }
      try platform.delete("apps/second")
      try platform.commit()
      let answer = try platform.muster("reconcile")
      #expect(answer.code == 3, "\(answer)")
      #expect(platform.dynos.firstProcesses.count == 4, "nothing stops before somebody consents")
      let hold = try hold(in: answer)
      let holds = try platform.muster("holds")
      #expect(holds.code == 3 && holds.output.contains("muster confirm \(hold)"), "\(holds)")
      let confirmed = try platform.muster("confirm", hold)
      #expect(confirmed.code == 0, "\(confirmed)")
      #expect(try Set(platform.ps().map(\.app)) == ["first"])
      #expect(eventually(within: 35) { platform.dynos.processes.count == 2 })
      #expect(try platform.muster("holds").code == 0)
    }

    @Test func `a commit consents to its own removal by a trailer`() throws {
      let platform = try converged("first", "second")
      defer { platform.tearDown() }
      try platform.delete("apps/second")
      try platform.commit()
      let plan = try platform.muster("plan")
      try platform.commit("Remove second\n\nMuster-Confirm: \(try hold(in: plan))")
      let answer = try platform.muster("reconcile")
      #expect(answer.code == 0, "\(answer)")
      #expect(try Set(platform.ps().map(\.app)) == ["first"])
    }

    @Test func `an emptied repository stops nothing until somebody consents, and comes back`()
      throws
    {
      let platform = try converged("first", "second")
      defer { platform.tearDown() }
      let before = platform.dynos.firstProcesses
      try platform.delete("apps")
      try platform.commit()
      let answer = try platform.muster("reconcile")
      #expect(answer.code == 3, "\(answer)")
      #expect(answer.output.contains("2 apps (first, second) would go"), "\(answer)")
      #expect(platform.dynos.firstProcesses == before, "nothing stops before somebody consents")
      let confirmed = try platform.muster("confirm", try hold(in: answer))
      #expect(confirmed.code == 0, "\(confirmed)")
      #expect(try platform.ps().isEmpty)
      #expect(eventually(within: 35) { platform.dynos.processes.isEmpty })
      let undone = try platform.muster("undo")
      #expect(undone.code == 0, "\(undone)")
      #expect(try Set(platform.ps().map(\.app)) == ["first", "second"])
      #expect(try platform.ps().allSatisfy { $0.state == "up" && $0.release == 1 })
      #expect(eventually(within: 35) { platform.dynos.processes.count == 4 })
      try expectHeldUntilConfirmed(platform)
    }

    /// What was brought back stays, whatever git says, until it is let go.
    private func expectHeldUntilConfirmed(_ platform: PlatformFixture) throws {
      let again = try platform.muster("reconcile")
      #expect(again.code == 3 && again.output.contains("muster confirm undone/first"), "\(again)")
      #expect(try platform.muster("confirm", "undone/first").code == 3, "the other one is held")
      #expect(try Set(platform.ps().map(\.app)) == ["second"])
      try platform.writeApp("second")
      try platform.commit()
      let wanted = try platform.muster("reconcile")
      #expect(wanted.code == 0, "git has it again: \(wanted)")
      #expect(try platform.muster("undo").code == 0, "first left a moment ago")
    }
  }
}
