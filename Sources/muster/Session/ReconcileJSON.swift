// A reconcile as JSON events, one object per line.

import ControlLoop
import FormationModel
import Planning
import Review

enum ReconcileJSON {
  /// A step that ended.
  static func step(_ step: Step, _ outcome: Outcome, _ took: Duration) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("event", .string("step")),
      .init("app", step.app.map { .string($0.rawValue) } ?? .null),
      .init("action", .string(action(step.operation))),
      .init("subject", subject(step.operation).map(JSONValue.string) ?? .null),
      .init("reason", .string(step.reason.code)),
      .init("milliseconds", .integer(Int(took.inMilliseconds))),
    ]
    switch outcome {
    case .done: members.append(.init("outcome", .string("done")))
    case .failed(let failure):
      members.append(.init("outcome", .string("failed")))
      members.append(.init("code", .string(failure.code)))
      members.append(.init("message", .string(failure.message)))
    }
    return .object(members)
  }

  /// The end of the run.
  static func end(
    _ result: RunResult, _ status: ExitStatus, _ counts: ReconcileProgress.Counts
  ) -> JSONValue {
    .object([
      .init("event", .string("end")),
      .init("revision", result.plan?.revision.map { .string($0.rawValue) } ?? .null),
      .init("verdict", .string(result.verdict?.rawValue ?? "timed-out")),
      .init("exit", .integer(Int(status.rawValue))),
      .init("started", .integer(counts.started)), .init("stopped", .integer(counts.stopped)),
      .init("failed", .integer(counts.failed)),
      .init("plan", result.plan.map(PlanJSON.document) ?? .null),
    ])
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
