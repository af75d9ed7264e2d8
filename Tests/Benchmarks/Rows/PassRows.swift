// A pass in which nothing has changed: what a daemon does every few seconds for ever. And the first
// plan of a process that knows nothing yet.

import ControlLoop
import Effects
import FormationModel
import Foundation
import GitSource
import Looping
import ManifestParsing
import Planning
import SimulatedWorld
import StateStore

enum PassRows {
  /// From asking the repository to the plan, over 1 000 apps and 2 000 dynos.
  static func unchanged() async throws -> [Row] {
    let repository = try BigRepository(apps: ReadingRows.apps)
    defer { repository.remove() }
    let state = try BenchState()
    defer { state.remove() }
    let clock = try await converged(repository, state)
    let driver = try await SteadyDriver(repository, state, clock)
    let before = try state.stamps()
    let passes = try await driver.measure(rounds: 30)
    guard try state.stamps() == before else {
      throw Refusal(reason: "an unchanged pass wrote to the state directory")
    }
    await driver.stop()
    var plans = Samples()
    for _ in 1...10 { plans.add(try await coldPlan(repository, state, clock)) }
    return [
      Row(
        name: "pass", words: "an unchanged pass over 1000 apps and 2000 dynos, without a write",
        ours: passes.median, goal: .time(.milliseconds(20)),
        doubts: [passes.doubt("passes")].compactMap { $0 }),
      Row(
        name: "plan", words: "the same plan by a process that begins: memory, source, world",
        ours: plans.median, goal: .none, doubts: [plans.doubt("plans")].compactMap { $0 }),
    ]
  }

  /// Brings the formation up, and leaves its world in the state directory. Returns the clock that
  /// goes on from there.
  private static func converged(
    _ repository: BigRepository, _ state: BenchState
  ) async throws -> @Sendable () -> LoopTime {
    var world = QuietWorld(
      source: try ReadingRows.source(of: repository), store: state.store, digests: state.digests)
    try await world.converge()
    let running = world.machine.instances.values.count(where: \.isAlive)
    guard running == 2 * repository.apps else { throw Refusal(reason: "\(running) dynos run") }
    try JSONEncoder().encode(world.machine)
      .write(to: URL(fileURLWithPath: state.folder.path + "/simulated.json"))
    let (began, from) = (ContinuousClock.now, world.now)
    return { from + (ContinuousClock.now - began) }
  }

  private static func coldPlan(
    _ repository: BigRepository, _ state: BenchState, _ clock: @escaping @Sendable () -> LoopTime
  ) async throws -> Duration {
    let (took, result) = try await time {
      var options = LoopOptions(runsOnce: true, catalog: ShippedCatalog.catalog)
      options.acts = false
      let driver = LoopDriver(
        options: options, memory: try await state.store.load(),
        seams: try seams(repository, state, clock)
      ) { _ in }
      return await driver.run()
    }
    guard result.plan?.changes.isEmpty == true else {
      throw Refusal(reason: "the plan is not empty")
    }
    return took
  }

  static func seams(
    _ repository: BigRepository, _ state: BenchState, _ clock: @escaping @Sendable () -> LoopTime
  ) throws -> LoopSeams {
    state.seams(
      try ReadingRows.source(of: repository),
      SimulatedRuntime(stateFolder: state.folder.path, clock: clock),
      SimulatedStacks(digests: state.digests), clock: clock)
  }
}

/// A driver that goes on for ever over a formation that has converged.
private struct SteadyDriver {
  private let driver: LoopDriver
  private let run: Task<RunResult, Never>
  private let notices: AsyncStream<LoopNotice>

  init(
    _ repository: BigRepository, _ state: BenchState, _ clock: @escaping @Sendable () -> LoopTime
  ) async throws {
    let (notices, continuation) = AsyncStream.makeStream(of: LoopNotice.self)
    let driver = LoopDriver(
      options: LoopOptions(runsOnce: false, catalog: ShippedCatalog.catalog),
      memory: try await state.store.load(), seams: try PassRows.seams(repository, state, clock)
    ) { continuation.yield($0) }
    self.driver = driver
    self.notices = notices
    run = Task { await driver.run() }
    // It checks every web dyno before it says so.
    _ = try await plan(until: \.isConverged)
    for _ in 1...3 { _ = try await pass() }
  }

  /// Times of passes that found nothing to do.
  func measure(rounds: Int) async throws -> Samples {
    var samples = Samples()
    for _ in 1...rounds { samples.add(try await pass()) }
    return samples
  }

  func stop() async {
    run.cancel()
    _ = await run.value
  }

  private func pass() async throws -> Duration {
    let (took, found) = try await time {
      driver.send(.woken)
      return try await self.plan(until: { _ in true })
    }
    guard found.isConverged else { throw Refusal(reason: "the formation did not stay converged") }
    return took
  }

  /// The next plan of that kind. A step is none of what an unchanged pass does.
  private func plan(until isEnough: (Plan) -> Bool) async throws -> Plan {
    for await notice in notices {
      switch notice {
      case .planned(let plan): if isEnough(plan) { return plan }
      case .began(_, let step): throw Refusal(reason: "a step was taken: \(step.reason)")
      case .sourceProblem(let problem): throw Refusal(reason: problem.message)
      case .memoryProblem(let failure): throw Refusal(reason: failure.message)
      case .ended, .progress, .reading, .observing, .answered: break
      }
    }
    throw Refusal(reason: "the loop has ended")
  }
}
