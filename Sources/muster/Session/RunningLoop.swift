// The daemon's loop as the commands reach it that the daemon runs: a fresh plan, and what happens
// until an app is settled.

import ControlLoop
import FormationModel
import Looping
import Planning
import Synchronization

/// A loop that runs for ever, and everybody who watches it.
final class RunningLoop: Sendable {
  /// What a watcher may fall behind before it misses notices.
  private static let noticesKept = 4_096
  /// How long a pass may take before whoever asked for one is told that it could not be had.
  private static let patience: Duration = .seconds(60)

  let driver: LoopDriver
  private let watchers: Watchers

  init(options: LoopOptions, memory: Memory, seams: LoopSeams, crashPoint: CrashPoint?) {
    let watchers = Watchers()
    self.watchers = watchers
    driver = LoopDriver(
      options: options, memory: memory, seams: seams, crashPoint: crashPoint
    ) { notice in watchers.tell(notice) }
  }

  /// Notices from now on. A watcher that falls far behind misses the oldest.
  func notices() -> AsyncStream<LoopNotice> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: LoopNotice.self, bufferingPolicy: .bufferingNewest(Self.noticesKept))
    let id = watchers.add(continuation)
    continuation.onTermination = { [watchers] _ in watchers.remove(id) }
    return stream
  }

  /// The plan of a pass that begins now; with `reading`, the repository is read for it. Its verdict
  /// is nil when none came within a minute.
  func look(reading: Bool) async -> RunResult {
    let notices = notices()
    driver.send(reading ? .woken : .runtimeChanged)
    let plan = await withDeadline(Self.patience) { await Self.freshPlan(notices, reading: reading) }
    return RunResult(
      verdict: plan?.verdict(only: nil), plan: plan, formation: await driver.formation,
      sourceProblem: await driver.sourceProblem)
  }

  private static func freshPlan(_ notices: AsyncStream<LoopNotice>, reading: Bool) async -> Plan? {
    var hasBegun = false
    for await notice in notices {
      switch notice {
      case .reading: hasBegun = hasBegun || reading
      case .observing: hasBegun = hasBegun || !reading
      case .planned(let plan): if hasBegun { return plan }
      case .sourceProblem, .memoryProblem, .began, .ended, .progress, .answered: break
      }
    }
    return nil
  }
}

extension RunningLoop {
  /// Gives orders, then tells what happens to the apps (nil: all) until nothing can move any more.
  /// The verdict is nil when the time was over first.
  func settle(
    _ only: Set<AppName>?, _ orders: [Order], within limit: Duration,
    tell: @escaping @Sendable (LoopNotice) -> Void
  ) async throws -> RunResult {
    let notices = notices()
    for order in orders {
      let outcome = await driver.order(order)
      tell(.answered(order, outcome))
      guard case .failed = outcome else { continue }
      return RunResult(verdict: .failed, plan: nil, formation: nil, sourceProblem: nil)
    }
    driver.send(.woken)
    let plan = await withDeadline(limit) { [driver] in
      await Self.settledPlan(notices, only, tell) { driver.send(.runtimeChanged) }
    }
    return RunResult(
      verdict: plan?.ending(only: only), plan: plan, formation: await driver.formation,
      sourceProblem: await driver.sourceProblem)
  }

  private static func settledPlan(
    _ notices: AsyncStream<LoopNotice>, _ only: Set<AppName>?,
    _ tell: (LoopNotice) -> Void, lookAgain: () -> Void
  ) async -> Plan? {
    var hasBegun = false
    var isProven = false
    for await notice in notices {
      if notice.concerns(only) { tell(notice) }
      switch notice {
      case .reading: hasBegun = true
      case .planned(let plan):
        guard hasBegun, plan.isAtRest(only), let ending = plan.ending(only: only) else {
          isProven = false
          continue
        }
        if ending != .converged || isProven { return plan }
        isProven = true
        lookAgain()
      case .observing, .sourceProblem, .memoryProblem, .began, .ended, .progress, .answered: break
      }
    }
    return nil
  }
}

extension LoopNotice {
  /// Whether it has to do with one of the apps; nil: with any.
  fileprivate func concerns(_ apps: Set<AppName>?) -> Bool {
    // Whoever gave an order is answered alone.
    if case .answered = self { return false }
    guard let apps else { return true }
    switch self {
    case .began(_, let step), .ended(_, let step, _, _), .progress(let step, _):
      return step.app.map(apps.contains) ?? false
    case .reading, .observing, .sourceProblem, .memoryProblem, .planned: return true
    case .answered: return false
    }
  }
}

extension Plan {
  /// Whether no step is to be taken for the apps; nil: for any.
  fileprivate func isAtRest(_ only: Set<AppName>?) -> Bool {
    next.allSatisfy { step in
      guard let only, let app = step.app else { return false }
      return !only.contains(app)
    }
  }
}

/// Whoever watches a loop.
private final class Watchers: Sendable {
  private struct State {
    var next = 0
    var all: [Int: AsyncStream<LoopNotice>.Continuation] = [:]
  }

  private let state = Mutex(State())

  func add(_ watcher: AsyncStream<LoopNotice>.Continuation) -> Int {
    state.withLock { state in
      state.next += 1
      state.all[state.next] = watcher
      return state.next
    }
  }

  func remove(_ id: Int) { state.withLock { $0.all[id] = nil } }

  func tell(_ notice: LoopNotice) {
    for watcher in state.withLock({ Array($0.all.values) }) { watcher.yield(notice) }
  }
}

/// What the work comes to, or nil when it has not ended within the limit.
func withDeadline<Result: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async -> Result?
) async -> Result? {
  await withTaskGroup(of: Result?.self) { group in
    group.addTask { await work() }
    group.addTask {
      try? await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    return await group.next() ?? nil
  }
}
