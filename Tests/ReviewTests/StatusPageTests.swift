// docs/reference/status.md and the program's vocabulary are one.

import FormationModel
import Foundation
import Planning
import Review
import Testing

@Suite struct `The status page` {
  /// The rows of the table below a heading that starts so: cells without their backquotes.
  private func rows(below heading: String) throws -> [[String]] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "docs/reference/status.md"), encoding: .utf8)
    let sections = page.components(separatedBy: "\n## ")
    let section = try #require(sections.first { $0.hasPrefix(heading) })
    return section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private func names(below heading: String) throws -> [String] {
    try rows(below: heading).flatMap { $0[0].split(separator: "`").filter { $0 != ", " } }
      .map(String.init)
  }

  @Test func `has a row for every sync reason, with the program's words`() throws {
    let rows = try rows(below: "Sync")
    #expect(rows.map { $0[0] } == SyncStatus.Reason.allCases.map { "`\($0.rawValue)`" })
    #expect(rows.map { $0[2] } == SyncStatus.Reason.allCases.map(StatusWords.words))
    let values = Set(SyncStatus.Value.allCases.map(\.rawValue))
    #expect(Set(rows.map { $0[1] }) == values)
  }

  @Test func `has a row for every health reason, with the program's words`() throws {
    let rows = try rows(below: "Health")
    #expect(rows.map { $0[0] } == HealthStatus.Reason.allCases.map { "`\($0.rawValue)`" })
    #expect(rows.map { $0[2] } == HealthStatus.Reason.allCases.map(StatusWords.words))
    let values = Set(HealthStatus.Value.allCases.map(\.rawValue))
    #expect(Set(rows.map { $0[1] }) == values)
  }

  @Test func `has a row for every hold`() throws {
    let removal = RemovalSummary(apps: [], processes: [], dynos: 0, total: 0)
    let causes: [Hold.Cause] = [
      .notSupportedYet([]), .configMissing([]), .secretMissing([]), .secretLost([], stored: []),
      .removal(removal),
      .source(code: "", message: "", fix: nil), .content(code: "", message: "", fix: nil),
      .suspended(.deploys), .unproven(UnprovenInstance(try instance("shop/web.1"), "", fix: "")),
      .outsideSavedPlan(excess: ""),
      .suspendedByHand(
        SuspensionOverride(.deploys, origin: OrderOrigin(by: "ada", at: noon))),
      .contentHeld(try #require(keptReleases().compactMap(\.held).first)),
      .removalUndone(OrderOrigin(by: "ada", at: noon)),
      .window(
        WindowClosure(DeployWindow(.deny, "", [], zone: ""), opening: nil, waiting: .release)),
      .postdeployFailed(.unknown(attempt: 1)), .diskLow(DiskShortage(free: 0, wanted: 1)),
      .capacityExceeded(MemoryExcess(wanted: 2, others: 1, limit: 2, machine: 3)),
    ]
    let codes = causes.map { Hold(HoldID("x"), app: nil, $0, release: "").code }
    #expect(try names(below: "Holds") == codes)
  }

  @Test func `has a row for every reason of a change`() throws {
    let reasons: [Reason] = [
      .firstRelease, .contentChanged([]),
      .turnedBack(to: 1, OrderOrigin(by: "ada", at: noon), isByHand: true), .outdated([]),
      .quantityRaised(from: 0, to: 1),
      .quantityLowered(from: 1, to: 0), .processRemoved, .notInRelease, .appRemoved,
      .noRoom(MemoryGap(needed: 1, room: 0)), .crashed(exit(1), count: 1),
      .bootTimeout(nil, limit: .zero), .checkFailing(nil, limit: .zero), .outOfMemory,
      .cycled(since: noon), .missing, .unsupervised, .neverStarted, .duplicate,
      .superseded, .graceOver, .restartAsked(by: ""),
      .stoppedByHand(by: ""), .scaledByHand(from: 1, to: 0, by: ""), .wantedAgain, .bookkeeping,
      .needed, .releaseCommand, .postdeploy, .oneOff(by: ""), .sessionGone, .releaseTimeout(.zero),
    ]
    #expect(try names(below: "Reasons of changes") == reasons.map(\.code))
  }

  @Test func `has a row for every reason of a wait`() throws {
    let dyno = try instance("shop/web.1")
    let causes: [Wait.Cause] = [
      .content(name: ""), .boot(dyno), .unwell(dyno, nil), .stopping(dyno),
      .backoff(exit(1), count: 1), .turn, .dependency(try app("billing")),
      .retry(EffectFailure("x", "x", retry: .later)), .underWay, .unproven,
      .command(.release(1, of: try app("billing"), attempt: 1)), .command(dyno),
      .command(.oneOff(1, of: try app("billing"), release: 1)),
    ]
    #expect(try names(below: "Reasons of waits") == causes.map(WaitText.code))
  }
}
