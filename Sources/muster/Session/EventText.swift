// Words finished steps for history: what happened and why.

import Effects
import FormationModel
import Planning
import Review

enum EventText {
  /// An event for history; nil for steps that only keep house.
  static func describe(
    _ step: Step, _ outcome: Outcome, _ at: LoopTime, _ revision: RevisionID?
  ) -> StoredEvent? {
    guard let (name, subject) = name(step.operation) else { return nil }
    let why = ReasonText.words(step.reason)
    switch outcome {
    case .done:
      let words = if case .openRouter(let table) = step.operation { router(table) } else { why }
      return StoredEvent(
        at: at, app: step.app, subject: subject, reason: name, message: words, revision: revision)
    case .failed(let failure):
      return StoredEvent(
        at: at, app: step.app, subject: subject, reason: "StepFailed",
        message: "\(failure.message) (\(why))", revision: revision)
    }
  }

  /// The event of a memory that was lost.
  static func lost(at time: LoopTime) -> StoredEvent {
    StoredEvent(
      at: time, app: nil, subject: nil, reason: "MemoryLost",
      message: "the database was gone; release numbers go on from the dynos that run, "
        + "holds, backoff and history are forgotten",
      revision: nil)
  }

  private static func router(_ table: RouteTable) -> String {
    guard let entry = table.entry else { return "no app needs it any more, or it is switched off" }
    let apps = table.apps.count == 1 ? "1 app" : "\(table.apps.count) apps"
    return "it listens on \(entry.address):\(entry.http) for \(apps)"
  }

  private static func name(_ operation: Planning.Operation) -> (String, String?)? {
    switch operation {
    case .remember, .remove, .route: nil
    case .openRouter(let table): (table.entry == nil ? "RouterStopped" : "RouterOpened", nil)
    case .generateSecrets: ("SecretsGenerated", nil)
    case .prepareStack(let stack): ("StackReady", stack.stack.name.rawValue)
    case .prepareSlug: ("SlugReady", nil)
    case .start(let spec): ("DynoStarted", spec.id.slot.dynoName)
    case .stop(let id, _): ("DynoStopping", id.slot.dynoName)
    case .kill(let id): ("DynoKilled", id.slot.dynoName)
    }
  }
}
