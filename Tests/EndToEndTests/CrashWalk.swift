// A walk through a workload: Muster dies at the first effect of its changes, then at the second,
// and so on, until they end before it comes to that; each time the next Muster goes on.

import Foundation
import Testing

/// One platform that walks through one workload, in one of the moments of an effect.
final class CrashWalk {
  private let platform: PlatformFixture
  private let workload: CrashWorkload
  private let moment: String
  private var turn = 0
  /// What stood in the end of the change before.
  private var standing: Formation = [:]

  init(_ workload: CrashWorkload, _ moment: String, on platform: PlatformFixture) {
    self.platform = platform
    self.workload = workload
    self.moment = moment
  }

  /// Walks to the end.
  func walk() throws {
    try workload.begin(platform)
    try platform.commit()
    try platform.converge()
    standing = platform.formation()
    try #require(!standing.isEmpty)
    var left = Set(workload.changes.indices.filter { workload.changes[$0].isKilled })
    while !left.isEmpty {
      turn += 1
      try #require(turn < 60, "\(workload.name) has no end")
      for (index, change) in workload.changes.enumerated() {
        if try !take(change, dying: left.contains(index)) && left.remove(index) != nil {
          #expect(turn > workload.effects, "\(workload.name) has more effects than that")
        }
      }
    }
    print("\(workload.name), \(moment): killed at \(turn - 1) effects")
  }

  private var point: String { "\(workload.name), \(turn):\(moment)" }

  private func muster(
    _ words: [String], _ variables: [String: String] = [:]
  ) throws -> MusterProgram.Answer {
    try MusterProgram.run(
      MusterProgram.path, words, platform.variables.merging(variables) { $1 },
      in: platform.folder)
  }

  /// Makes one change; whether Muster was killed in it.
  private func take(_ change: Change, dying: Bool) throws -> Bool {
    let end = change.end(turn)
    let old = platform.processes(of: standing)
    try change.ask(platform, turn)
    try platform.commit()
    let words = try change.command(platform)
    let first = try muster(words, dying ? ["MUSTER_CRASH_AT": "\(turn):\(moment)"] : [:])
    if first.code != nil {
      #expect(first.code == (words == ["reconcile"] ? change.code : 0), "\(point): \(first)")
      platform.expectWhole(end, point)
      platform.expectUntouched(old.filter { isWanted($0.key, end) }, point)
      standing = end
      return false
    }
    #expect(first.signal == SIGKILL, "\(point): \(first)")
    platform.expectNoneDoubled("\(point), dead")
    let right = old.filter { isWanted($0.key, end) }
      .merging(platform.processes(of: end)) { before, _ in before }
    try goOn(change, words, right: right, old: old)
    return true
  }

  private func isWanted(_ name: String, _ formation: Formation) -> Bool {
    InstanceName(name)?.isWanted(by: formation) == true
  }

  /// The next Muster, and what stands after it.
  private func goOn(
    _ change: Change, _ words: [String], right: [String: Int32], old: [String: Int32]
  ) throws {
    let end = change.end(turn)
    var next = try muster(["reconcile"])
    // An order is taken as soon as it is written down, which is the first effect.
    let isGivenAgain = words != ["reconcile"] && turn == 1 && moment == "before"
    if isGivenAgain { next = try muster(words) }
    if change.mayBeUnknown, next.code == 3, next.output.contains("nobody saw it end") {
      platform.expectWhole(standing, point)
      platform.expectUntouched(old, point)
    } else {
      #expect(next.code == (isGivenAgain ? 0 : change.code), "\(point), run again: \(next)")
      platform.expectWhole(end, point)
      platform.expectUntouched(right, point)
      standing = end
    }
    try change.check(platform, turn, point)
    // Each run has made a second pass that found nothing; that a third Muster finds nothing either
    // is looked at less often, for the time that it takes.
    if turn % 4 == 1 { try platform.expectNoChanges(point) }
  }
}
