// What the daemon's log says of its loop: a line for each step, and for what changes between
// passes; a pass in which nothing changed says nothing.

import ControlLoop
import Effects
import FormationModel
import Logging
import Planning
import Review

/// Words notices of the loop for the log.
struct LoopLog {
  private let log: Logger
  private var revision: RevisionID?
  private var problem: SourceProblem?
  private var blindness: String?
  private var verdicts: [AppName: String] = [:]
  private var holds: Set<HoldID> = []

  init(_ log: Logger) { self.log = log }

  mutating func take(_ notice: LoopNotice) {
    switch notice {
    case .reading, .observing, .began: break
    case .answered(let order, let outcome): answered(order, outcome)
    case .ended(_, let step, let outcome, let took): ended(step, outcome, took)
    case .progress(let step, let line):
      log.debug("progress", metadata: ["app": "\(step.app?.rawValue ?? "-")", "line": "\(line)"])
    case .sourceProblem(let reason): sourceProblem(reason)
    case .memoryProblem(let failure): memoryProblem(failure)
    case .planned(let plan): planned(plan)
    }
  }

  private func answered(_ order: Order, _ outcome: Outcome) {
    var fields: Logger.Metadata = [
      "order": "\(OrderText.name(order.wish))", "words": "\(OrderText.words(order))",
      "by": "\(order.by)",
    ]
    guard case .failed(let failure) = outcome else {
      return log.info("order recorded", metadata: fields)
    }
    fields["cause"] = "\(failure.message)"
    log.notice("order not taken", metadata: fields)
  }

  private func ended(_ step: Step, _ outcome: Outcome, _ took: Duration) {
    var fields: Logger.Metadata = [
      "app": "\(step.app?.rawValue ?? "-")", "action": "\(ReconcileJSON.action(step.operation))",
      "subject": "\(ReconcileJSON.subject(step.operation) ?? "-")",
      "reason": "\(step.reason.code)", "milliseconds": "\(took.inMilliseconds)",
    ]
    if case .failed(let failure) = outcome {
      fields["code"] = "\(failure.code)"
      fields["cause"] = "\(failure.message)"
    }
    switch outcome {
    case .failed: log.warning("step failed", metadata: fields)
    case .done where step.operation.keepsHouse: log.debug("step done", metadata: fields)
    case .done: log.info("step done", metadata: fields)
    }
  }

  private mutating func sourceProblem(_ reason: SourceProblem) {
    guard problem != reason else { return }
    problem = reason
    log.warning(
      "the repository could not be taken; the last good commit stays in force",
      metadata: [
        "code": "\(reason.kind.rawValue)", "cause": "\(reason.message)",
        "fix": "\(reason.fix ?? "-")",
      ])
  }

  private func memoryProblem(_ failure: EffectFailure) {
    log.warning(
      "memory failed; nothing is done that is not written down",
      metadata: [
        "code": "\(failure.code)", "cause": "\(failure.message)", "fix": "\(failure.fix ?? "-")",
      ])
  }

  private mutating func planned(_ plan: Plan) {
    if plan.blindness != blindness {
      blindness = plan.blindness
      if let cause = blindness {
        log.warning("the runtime does not say what runs", metadata: ["cause": "\(cause)"])
      }
    }
    if let now = plan.revision, now != revision {
      revision = now
      problem = nil
      log.info("revision taken", metadata: ["revision": "\(now.short)"])
    }
    for part in plan.apps {
      let verdict = "\(part.sync.value.rawValue) \(part.health.value.rawValue)"
      guard verdicts.updateValue(verdict, forKey: part.app) != verdict else { continue }
      log.info(
        "status changed",
        metadata: [
          "app": "\(part.app)", "sync": "\(part.sync.value.rawValue)",
          "sync_reason": "\(part.sync.reason.rawValue)", "health": "\(part.health.value.rawValue)",
          "health_reason": "\(part.health.reason.rawValue)",
        ])
    }
    verdicts = verdicts.filter { name, _ in plan.apps.contains { $0.app == name } }
    let held = Set(plan.holds.map(\.id))
    for hold in plan.holds where !holds.contains(hold.id) {
      log.notice("held", metadata: ["hold": "\(hold.id)", "release": "\(hold.release)"])
    }
    holds = held
  }
}

/// One line about the formation, for `systemctl status`.
enum StatusLine {
  static func of(_ plan: Plan) -> String {
    let well = plan.apps.count { $0.health.value == .healthy && $0.sync.value == .synced }
    let up = plan.apps.flatMap(\.dynos).count { $0.state == .up }
    let held = plan.holds.isEmpty ? "" : ", \(plan.holds.count) held"
    return "\(well) of \(plan.apps.count) apps well, \(up) dynos up\(held)"
  }
}

extension Planning.Operation {
  /// Whether nobody but Muster is concerned.
  fileprivate var keepsHouse: Bool {
    switch self {
    case .remember, .remove, .route: true
    case .generateSecrets, .prepareStack, .prepareSlug, .start, .stop, .kill, .openRouter: false
    }
  }
}
