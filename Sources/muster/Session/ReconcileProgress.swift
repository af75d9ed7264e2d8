// How a reconcile goes: one line per step that ended, as text or as JSON events.

import ControlLoop
import Effects
import FormationModel
import Looping
import Planning
import Review
import Synchronization

/// Prints notices of the loop and counts what was done.
final class ReconcileProgress: Sendable {
  /// What was done in all.
  struct Counts {
    var started = 0
    var stopped = 0
    var failed = 0
    var planned: PlanSummary?
    /// Why the first order that was not taken was not.
    var refusal: EffectFailure?
  }

  private let settings: Settings
  private let state = Mutex(Counts())

  init(_ settings: Settings) { self.settings = settings }

  /// What was done so far.
  var counts: Counts { state.withLock { $0 } }

  /// Takes one notice.
  func take(_ notice: LoopNotice) {
    switch notice {
    case .began, .sourceProblem, .reading, .observing: break
    case .ended(_, let step, let outcome, let took):
      count(step, outcome)
      show(step, outcome, took)
    case .progress(_, let line):
      if settings.format == .text && !settings.isQuiet { Terminal.say("  \(line)") }
    case .answered(let order, let outcome): answered(order, outcome)
    case .planned(let plan): showFirst(plan)
    }
  }

  /// Ends what is half printed.
  func end() {}

  private func answered(_ order: Order, _ outcome: Outcome) {
    if case .failed(let failure) = outcome {
      return state.withLock { $0.refusal = $0.refusal ?? failure }
    }
    if settings.format == .json {
      Terminal.say(ReconcileJSON.order(order).line)
    } else if !settings.isQuiet {
      let apps = OrderText.apps(order.wish).map(\.rawValue).joined(separator: ", ")
      Terminal.say("» \(apps.isEmpty ? "platform" : apps)  \(OrderText.words(order))")
    }
  }

  private func count(_ step: Step, _ outcome: Outcome) {
    state.withLock { counts in
      guard outcome == .done else {
        counts.failed += 1
        return
      }
      switch step.operation {
      case .start: counts.started += 1
      case .stop: counts.stopped += 1
      case .remember, .generateSecrets, .prepareStack, .prepareSlug, .kill, .remove: break
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
    guard isFirst, settings.format == .text, !settings.isQuiet else { return }
    var text = PlanText()
    text.style = Terminal.style
    let lines = text.changes(plan.changes)
    if !lines.isEmpty { Terminal.say(lines.joined(separator: "\n") + "\n") }
  }

  /// The last line.
  func summary(_ result: RunResult, _ status: ExitStatus, took: Duration) -> String {
    let counts = self.counts
    let revision = result.plan?.revision?.short
    let done = "\(counts.started) started, \(counts.stopped) stopped"
    let span = DurationText.span(took)
    switch status {
    case .done where result.verdict == .held:
      return "Done: \(done). Suspended until `muster resume`."
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
