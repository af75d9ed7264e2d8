// What a simulated team does: commits at times, and when everything calms down.

package import FormationModel

/// A history of commits, the last of which stays.
package struct Scenario: Sendable {
  /// A commit and when it is pushed, after the beginning.
  package struct Push: Sendable {
    /// When.
    package let after: Duration
    /// What.
    package let commit: SimulatedCommit
  }

  /// The pushes, in order of time; the first comes at the beginning.
  package private(set) var pushes: [Push] = []
  /// What people ask for by hand.
  package var orders: [Ordering] = []
  /// When faults stop, after the beginning; not before the last push.
  package var calmAfter: Duration = .zero
  /// Whether every app of the last commit can be brought up: nothing broken, held or suspended.
  package var endsMended = true

  /// The time at which every simulation begins.
  package static let beginning = LoopTime(milliseconds: 1_800_000_000_000)

  /// Makes an empty history.
  package init() {}

  /// The commit that stays.
  package var last: SimulatedCommit? { pushes.last?.commit }

  /// Adds a commit with these apps.
  package mutating func push(
    _ apps: [AppName: SimulatedApp], _ subject: String, after: Duration,
    consents: Set<HoldID> = []
  ) {
    let commit = SimulatedCommit(
      number: pushes.count + 1, apps: apps, subject: subject, at: Self.beginning + after,
      consents: consents)
    pushes.append(Push(after: after, commit: commit))
    calmAfter = max(calmAfter, after)
  }

  /// How many apps histories have: many small ones find what few large ones do not.
  private static let appCounts =
    Array(repeating: 1, count: 24) + Array(repeating: 2, count: 6) + [3, 5]

  /// How many commits follow the first one.
  private static let editCounts = [1, 1, 1, 1, 1, 1, 2, 2, 3, 5]

  /// Draws a history.
  package static func random(seed: UInt64) -> Scenario {
    var chance = Chance(seed: seed, stream: 1)
    let appCount = chance.pick(appCounts) ?? 1
    var author = Author(chance: Chance(seed: seed, stream: 2), appCount: appCount)
    var scenario = Scenario()
    scenario.push(author.apps, "first", after: .zero)
    var after = Duration.zero
    for _ in 0..<(chance.pick(editCounts) ?? 1) {
      after += chance.span(2_000...25_000)
      var did: [String] = []
      for _ in 0..<chance.number(1...2) { did.append(author.edit()) }
      scenario.push(author.apps, did.joined(separator: ", "), after: after)
    }
    after += chance.span(5_000...35_000)
    scenario.endsMended = chance.happens(perMille: 700)
    if scenario.endsMended { author.mend() } else { author.mendCommands() }
    scenario.push(author.apps, scenario.endsMended ? "mend" : "mend commands", after: after)
    var orders = SimulatedOrders(chance: Chance(seed: seed, stream: 5), appCount: appCount)
    scenario.orders = orders.draw(within: after)
    return scenario
  }
}
