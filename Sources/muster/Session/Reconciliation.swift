// Runs the loop until it ends, shows how it goes, and words the end.

import ControlLoop
import Effects
import FormationModel
import Foundation
import Looping
import ManifestParsing
import Planning
import Review

/// One run of the loop to its end.
struct Reconciliation {
  let session: PlatformSession
  let only: Set<AppName>?
  /// What the command asks for by hand before the first pass.
  var orders: [Order] = []
  /// Holds that are what was asked for: on them alone the command ends well.
  var isExpected: @Sendable (Hold) -> Bool = { _ in false }
  /// The saved plan that is carried out, and nothing else.
  var saved: SavedPlan?

  /// Runs and ends the command with the right code.
  func run(within limit: Duration) async throws -> Never {
    let progress = ReconcileProgress(session.settings) { [session] plan in
      await session.provenance(of: plan)
    }
    let began = ContinuousClock.now
    let result: RunResult
    if let daemon = Surroundings.current.daemon {
      result = try await daemon.loop.settle(only, orders, within: limit) { progress.take($0) }
    } else {
      result = await pass(within: limit, progress)
    }
    await progress.end()
    if let refusal = progress.counts.refusal {
      // An order that cannot be is a no; one that could not be written down is neither yes nor no.
      let isNo = refusal.retry == .withNewContent || refusal.retry == .afterObserving
      throw CommandFailure(refusal).ending(isNo ? .no : .unknown)
    }
    let status = await report(result, took: .now - began, progress)
    if let plan = result.plan, plan.isBlind { throw CommandFailure(blind: plan.blindness) }
    try end(status)
  }

  /// Runs a loop of its own until nothing can move.
  private func pass(within limit: Duration, _ progress: ReconcileProgress) async -> RunResult {
    var options = LoopOptions(runsOnce: true, catalog: ShippedCatalog.catalog)
    options.only = only
    options.router = session.settings.router
    options.saved = saved?.bounds
    let driver = LoopDriver(
      options: options, memory: session.memory, seams: session.seams, crashPoint: crashPoint
    ) { notice in progress.take(notice) }
    for order in orders { driver.send(.ordered(order)) }
    let result = await finish(driver, within: limit)
    if result.verdict == .converged { await Composition.leaveUnused(session.runtime) }
    return result
  }

  private var crashPoint: CrashPoint? {
    Surroundings.current.environment["MUSTER_CRASH_AT"].flatMap(CrashPoint.init)
  }

  /// The result; its verdict is nil when the time was over first.
  private func finish(_ driver: LoopDriver, within limit: Duration) async -> RunResult {
    let run = Task { await driver.run() }
    let alarm = Task {
      try await Task.sleep(for: limit)
      run.cancel()
    }
    let result = await run.value
    alarm.cancel()
    return result
  }

  // MARK: - The end

  private func report(
    _ result: RunResult, took: Duration, _ progress: ReconcileProgress
  ) async -> ExitStatus {
    let status = status(result)
    if session.settings.format == .json {
      Terminal.say(ReconcileJSON.end(result, status, progress.counts).line)
      return status
    }
    if let plan = result.plan { await explain(plan, result) }
    Terminal.say(progress.summary(result, status, took: took))
    return status
  }

  private func status(_ result: RunResult) -> ExitStatus {
    guard let verdict = result.verdict else { return .timedOut }
    if result.sourceProblem != nil { return .unknown }
    switch verdict {
    case .converged: return .done
    case .held:
      let isAsked = result.plan?.holds.allSatisfy(isExpected) ?? false
      return isAsked ? .done : .held
    case .failed: return .no
    case .unknown: return .unknown
    }
  }

  /// What is left: errors, holds, waits, and the last lines of dynos that die.
  private func explain(_ plan: Plan, _ result: RunResult) async {
    if let problem = result.sourceProblem {
      Terminal.write(DiagnosticText(style: Terminal.style).render(problem.diagnostics))
    }
    var text = PlanText()
    text.style = Terminal.style
    text.clock = Terminal.clock
    var left = plan
    for index in left.apps.indices { left.apps[index].changes = [] }
    let lines = text.render(left).split(separator: "\n", omittingEmptySubsequences: false)
    let body = lines.dropLast(2)
    if !body.isEmpty { Terminal.say(body.joined(separator: "\n")) }
    for dyno in plan.apps.flatMap(\.dynos) where dyno.state == .crashed {
      await quoteLastLines(of: dyno.slot)
    }
    for hold in plan.holds { await quoteLastLines(hold) }
  }

  /// What a command wrote that ran once and did not succeed.
  private func quoteLastLines(_ hold: Hold) async {
    guard let app = hold.app else { return }
    switch hold.cause {
    case .contentHeld(let held):
      guard case .releaseFailed = held.cause,
        let lines = try? await ReleaseOutput.lines(of: held.release, app, in: session.runtime)
      else { return }
      quote(Array(lines.suffix(10)), of: "release command of \(app) v\(held.release)")
    case .postdeployFailed: await quoteLastLines(of: .postdeploy(of: app))
    default: return
    }
  }

  private func quoteLastLines(of slot: SlotID) async {
    guard let app = slot.app else { return }
    var query = LogQuery(app: app, process: slot.process, ordinal: slot.ordinal, count: 10)
    var lines = (try? await session.runtime.logs(query)) ?? []
    if lines.isEmpty {
      query.previous = true
      lines = (try? await session.runtime.logs(query)) ?? []
    }
    quote(lines, of: "\(app) \(slot.dynoName)")
  }

  private func quote(_ lines: [LogLine], of subject: String) {
    guard !lines.isEmpty else { return }
    Terminal.say("\nThe last lines of \(subject):")
    let text = LogText(style: Terminal.style, escapes: Terminal.isInteractive)
    for line in lines { Terminal.say("  " + text.line(LogEntry(line))) }
  }
}
