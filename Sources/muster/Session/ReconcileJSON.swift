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
      "event": .string("step"),
      "app": .optional(step.app?.rawValue),
      "action": .string(action(step.operation)),
      "subject": .optional(subject(step.operation)),
      "reason": .string(step.reason.code),
      "outcome": .string(failure == nil ? "done" : "failed"),
      "code": .optional(failure?.code),
      "message": .optional(failure?.message),
      "milliseconds": .integer(Int(took.inMilliseconds)),
    ]
  }

  /// Memory that could not be written or read.
  static func memoryProblem(_ failure: EffectFailure) -> JSONValue {
    [
      "event": .string("memory"),
      "outcome": .string("failed"),
      "code": .string(failure.code),
      "message": .string(failure.message),
    ]
  }

  /// An order that is durable.
  static func order(_ order: Order) -> JSONValue {
    [
      "event": .string("order"),
      "apps": .array(OrderText.apps(order.wish).map { .string($0.rawValue) }),
      "reason": .string(OrderText.name(order.wish)),
      "message": .string(OrderText.words(order)),
      "by": .string(order.by),
    ]
  }

  /// The end of the run.
  static func end(
    _ result: RunResult, _ status: ExitStatus, _ counts: ReconcileProgress.Counts
  ) -> JSONValue {
    [
      "event": .string("end"),
      "revision": .optional(result.plan?.revision?.rawValue),
      "verdict": .string(result.verdict?.rawValue ?? "timed-out"),
      "exit": .integer(Int(status.rawValue)),
      "started": .integer(counts.started),
      "stopped": .integer(counts.stopped),
      "failed": .integer(counts.failed),
      "plan": result.plan.map(PlanJSON.document) ?? .null,
    ]
  }

  /// The action's name.
  static func action(_ operation: Planning.Operation) -> String {
    switch operation {
    case .remember: "remember"
    case .generateSecrets: "generate-secrets"
    case .prepareStack: "prepare-stack"
    case .prepareSlug: "prepare-slug"
    case .start: "start"
    case .stop: "stop"
    case .kill: "kill"
    case .remove: "remove"
    case .openRouter: "open-router"
    case .route: "route"
    }
  }

  /// What the action is about; nil for what concerns no single thing.
  static func subject(_ operation: Planning.Operation) -> String? {
    switch operation {
    case .remember, .generateSecrets, .openRouter: nil
    case .route(let app, _): app.rawValue
    case .prepareStack(let stack): stack.stack.name.rawValue
    case .prepareSlug(let slug): slug.digest.rawValue
    case .start(let spec): spec.id.description
    case .stop(let id, _), .kill(let id), .remove(let id): id.description
    }
  }
}
