// How a reconcile goes: one line per step that ended, as text or as JSON events.

import ControlLoop
import Effects
import FormationModel
import Looping
import Planning
import Review
import Synchronization

/// Prints notices of the loop, in their order, and counts what was done. Printing has a task of its
/// own: the first plan is shown with its commits, and finding those takes a moment that the loop
/// must not wait for.
final class ReconcileProgress: Sendable {
  /// What was done in all.
  struct Counts {
    var started = 0
    var stopped = 0
    var failed = 0
    var planned: PlanSummary?
    /// Dynos that were started and are neither up nor dead yet, with the time of their start.
    var young: [InstanceID: ContinuousClock.Instant] = [:]
    /// Why the first order that was not taken was not.
    var refusal: EffectFailure?
  }

  private let settings: Settings
  private let state = Mutex(Counts())
  private let notices: AsyncStream<@Sendable () async -> Void>.Continuation
  private let printing: Task<Void, Never>
  private let provenance: @Sendable (Plan) async -> Provenance

  /// Makes one; `provenance` finds the commits behind the files that a plan cites.
  init(_ settings: Settings, provenance: @escaping @Sendable (Plan) async -> Provenance) {
    self.settings = settings
    self.provenance = provenance
    let (stream, notices) = AsyncStream.makeStream(of: (@Sendable () async -> Void).self)
    self.notices = notices
    printing = Task { for await show in stream { await show() } }
  }

  /// What was done so far.
  var counts: Counts { state.withLock { $0 } }

  /// Takes one notice.
  func take(_ notice: LoopNotice) {
    switch notice {
    case .began, .sourceProblem, .reading, .observing: break
    case .ended(_, let step, let outcome, let took):
      count(step, outcome)
      notices.yield { [self] in show(step, outcome, took) }
    case .progress(_, let line):
      guard settings.format == .text && !settings.isQuiet else { return }
      notices.yield { Terminal.say("  \(line)") }
    case .memoryProblem(let failure): memoryProblem(failure)
    case .answered(let order, let outcome): answered(order, outcome)
    case .planned(let plan):
      showFirst(plan)
      showGrownUp(plan)
    }
  }

  /// Waits until everything is printed; nothing is taken after it.
  func end() async {
    notices.finish()
    await printing.value
  }

  private func memoryProblem(_ failure: EffectFailure) {
    state.withLock { $0.failed += 1 }
    notices.yield { [settings] in
      let line =
        settings.format == .json
        ? ReconcileJSON.memoryProblem(failure).line
        : ProgressText(style: Terminal.style).memoryLine(failure)
      Terminal.say(line)
    }
  }

  private func answered(_ order: Order, _ outcome: Outcome) {
    if case .failed(let failure) = outcome {
      return state.withLock { $0.refusal = $0.refusal ?? failure }
    }
    if settings.format == .json {
      notices.yield { Terminal.say(ReconcileJSON.order(order).line) }
    } else if !settings.isQuiet {
      let apps = OrderText.apps(order.wish).map(\.rawValue).joined(separator: ", ")
      notices.yield {
        Terminal.say("» \(apps.isEmpty ? "platform" : apps)  \(OrderText.words(order))")
      }
    }
  }

  private func count(_ step: Step, _ outcome: Outcome) {
    state.withLock { counts in
      guard outcome == .done else {
        counts.failed += 1
        return
      }
      switch step.operation {
      case .start(let spec):
        counts.started += 1
        counts.young[spec.id] = .now
      case .stop: counts.stopped += 1
      case .remember, .generateSecrets, .prepareStack, .prepareSlug, .kill, .remove, .openRouter,
        .route:
        break
      }
    }
  }

  private func show(_ step: Step, _ outcome: Outcome, _ took: Duration) {
    if settings.format == .json {
      Terminal.say(ReconcileJSON.step(step, outcome, took).line)
      return
    }
    guard !settings.isQuiet || outcome != .done else { return }
    let text = ProgressText(style: Terminal.style)
    if let line = text.line(step, outcome, after: took) {
      Terminal.say(line)
      guard settings.isVerbose, case .failed(let failure) = outcome else { return }
      for cause in failure.causes { Terminal.say("    because: \(cause.escapingControls)") }
    } else if settings.isVerbose {
      Terminal.say(ReconcileJSON.step(step, outcome, took).line)
    }
  }

  /// The first plan that has changes says what is about to happen.
  private func showFirst(_ plan: Plan) {
    let isFirst = state.withLock { counts in
      guard counts.planned == nil else { return false }
      counts.planned = PlanSummary(plan)
      return true
    }
    guard isFirst, settings.format == .text, !settings.isQuiet, !plan.changes.isEmpty else {
      return
    }
    notices.yield { [provenance] in
      var text = PlanText()
      text.style = Terminal.style
      text.provenance = await provenance(plan)
      Terminal.say(text.changes(plan.changes).joined(separator: "\n") + "\n")
    }
  }

  /// Dynos that this run has started and that are up now, or have died.
  private func showGrownUp(_ plan: Plan) {
    guard settings.format == .text, !settings.isQuiet else { return }
    let text = ProgressText(style: Terminal.style)
    for dyno in plan.apps.flatMap(\.dynos) {
      guard let id = dyno.instance?.id, dyno.state == .up || dyno.state == .crashed,
        let start = state.withLock({ $0.young.removeValue(forKey: id) })
      else { continue }
      if dyno.state == .up {
        let span = ContinuousClock.now - start
        notices.yield { Terminal.say(text.upLine(id, after: span)) }
      } else if let exit = dyno.exit {
        notices.yield { Terminal.say(text.endLine(id, exit, count: dyno.crashes)) }
      }
    }
  }

  /// The last line.
  func summary(_ result: RunResult, _ status: ExitStatus, took: Duration) -> String {
    let counts = self.counts
    let revision = result.plan?.revision?.short
    let done = "\(counts.started) started, \(counts.stopped) stopped"
    let span = DurationText.span(took)
    switch status {
    case .done where result.verdict == .held:
      let isSuspended = result.plan?.holds.contains { hold in
        if case .suspendedByHand = hold.cause { true } else { false }
      }
      return isSuspended == true
        ? "Done: \(done). Suspended until `muster resume`."
        : "Done in \(span): \(done). What was left stays away until other content comes."
    case .done where counts.started + counts.stopped == 0:
      return "No changes. Formation matches \(revision ?? "what was asked for")."
    case .done:
      return "Converged on \(revision ?? "what was asked for") in \(span): \(done). "
        + "A second pass found nothing to do."
    case .no: return "Not converged: \(done), \(counts.failed) failed. See above for what to do."
    case .held: return "Held: \(done). `muster holds` lists what waits and what frees it."
    case .timedOut: return "Not converged within the time given: \(done). Run it again to go on."
    case .unknown, .usage: return "Could not find out: \(done)."
    }
  }
}
