// A reconcile as JSON events, one object per line.

import ControlLoop
import Effects
import FormationModel
import Looping
import Planning
import Review

enum ReconcileJSON {
  /// A step that ended.
  static func step(_ step: Step, _ outcome: Outcome, _ took: Duration) -> JSONValue {
    var failure: EffectFailure?
    if case .failed(let reason) = outcome { failure = reason }
    return [
      "event": .text("step"),
      "app": .optional(step.app?.rawValue),
      "action": .text(action(step.operation)),
      "subject": .optional(subject(step.operation)),
      "reason": .text(step.reason.code),
      "outcome": .text(failure == nil ? "done" : "failed"),
      "code": .optional(failure?.code),
      "message": .optional(failure?.message),
      "milliseconds": .integer(took.inMilliseconds),
    ]
  }

  /// The end of the run.
  static func end(
    _ result: RunResult, _ status: ExitStatus, _ counts: ReconcileProgress.Counts
  ) -> JSONValue {
    [
      "event": .text("end"),
      "revision": .optional(result.plan?.revision?.rawValue),
      "verdict": .text(result.verdict?.rawValue ?? "timed-out"),
      "exit": .integer(Int64(status.rawValue)),
      "started": .integer(Int64(counts.started)),
      "stopped": .integer(Int64(counts.stopped)),
      "failed": .integer(Int64(counts.failed)),
      "plan": result.plan.map(PlanJSON.document) ?? .null,
    ]
  }

  private static func action(_ operation: Planning.Operation) -> String {
    switch operation {
    case .remember: "remember"
    case .generateSecrets: "generate-secrets"
    case .prepareStack: "prepare-stack"
    case .prepareSlug: "prepare-slug"
    case .start: "start"
    case .stop: "stop"
    case .kill: "kill"
    case .remove: "remove"
    }
  }

  private static func subject(_ operation: Planning.Operation) -> String? {
    switch operation {
    case .remember, .generateSecrets: nil
    case .prepareStack(let stack): stack.stack.name.rawValue
    case .prepareSlug(let slug): slug.digest.rawValue
    case .start(let spec): spec.id.description
    case .stop(let id, _), .kill(let id), .remove(let id): id.description
    }
  }
}
