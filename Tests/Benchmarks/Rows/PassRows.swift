// A pass in which nothing has changed: what a daemon does every few seconds for ever.

import Planning

enum PassRows {
  /// From asking the repository to the plan, over 1 000 apps and 2 000 dynos.
  static func unchanged() async throws -> Row {
    let repository = try BigRepository(apps: ReadingRows.apps)
    defer { repository.remove() }
    var world = QuietWorld(source: try ReadingRows.source(of: repository))
    try await world.converge()
    guard world.running == 2 * ReadingRows.apps else {
      throw Refusal(reason: "\(world.running) dynos run")
    }
    // The pass after a convergence writes it down.
    for _ in 1...3 { _ = try await world.pass() }
    let mutations = world.mutations
    var samples = Samples()
    for _ in 1...25 {
      let start = ContinuousClock.now
      let plan = try await world.pass()
      samples.add(.now - start)
      guard plan.isConverged else { throw Refusal(reason: "the formation did not stay converged") }
    }
    guard world.mutations == mutations else {
      throw Refusal(reason: "an unchanged pass wrote \(world.mutations - mutations) times")
    }
    try samples.check("pass")
    return Row(
      name: "pass", words: "an unchanged pass over \(ReadingRows.apps) apps, 2000 dynos; no write",
      ours: samples.median, baseline: nil, goal: .time(.milliseconds(20)))
  }
}
