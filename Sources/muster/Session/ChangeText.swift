// Words changes of memory for history: what somebody asked for, which commit is in force, what is
// held. Each is written together with the change, so that none is told that did not happen.

import ControlLoop
import Effects
import FormationModel
import Planning
import Review

enum ChangeText {
  /// An event for history; nil for changes that steps tell of.
  static func tell(_ change: MemoryChange, _ context: ChangeContext) -> StoredEvent? {
    switch change {
    case .order(let order):
      let apps = OrderText.apps(order.wish)
      return event(
        OrderText.name(order.wish), apps.count == 1 ? apps[0] : nil, OrderText.words(order), context
      )
    case .endOverride(let app, let end):
      return event("OverrideEnded", app, OrderText.words(end), context)
    case .turnBack(let app, let number, .rolloutFailed(let slot, let failure), _):
      let words = "v\(number) again: \(slot.dynoName): \(HoldText.words(failure))"
      return event("RolloutReverted", app, words, context)
    case .phase(let app, let number, let phase, _):
      guard let words = ReleasePhaseText.words(phase) else { return nil }
      return event("ReleaseCommand", app, "v\(number): release command \(words)", context)
    case .postdeploy(let app, let state):
      guard let words = ReleasePhaseText.words(state.phase) else { return nil }
      return event("Postdeploy", app, "v\(state.release): postdeploy script \(words)", context)
    case .oneOff(let app, let number, let phase): return oneOff(app, number, phase, context)
    case .takeOver(let revision, _): return taken(revision, context)
    case .mark(.hold(let id), _): return held(id, context)
    case .unmark(.hold(let id)):
      return event(
        "HoldEnded", app(of: id, context), "it holds nothing any more", about: id, context)
    case .mark(.sync(let app), let since): return invalid(app, since, context)
    case .accept, .record, .attempt, .converged, .takeOverSources, .forget, .depart, .confirm,
      .withdraw, .mark, .unmark, .lost, .turnBack:
      return nil
    }
  }

  /// How a one-off dyno ended, in the words of every dyno's end.
  private static func oneOff(
    _ app: AppName, _ number: Int, _ phase: ReleasePhase, _ context: ChangeContext
  ) -> StoredEvent? {
    let words: String
    switch phase {
    case .pending, .begun, .live: return nil
    case .succeeded: words = "Process exited with status 0"
    case .failed(.exited(let exit)):
      words = "Process exited with " + (exit.code.map { "status \($0)" } ?? "a status nobody saw")
    case .failed(let failure): words = "Error: it \(ReleasePhaseText.words(failure))"
    }
    return StoredEvent(
      at: context.at, app: app, subject: SlotID.oneOff(number, of: app).dynoName,
      reason: "DynoExited", message: words,
      revision: context.plan?.revision ?? context.revision)
  }

  private static func taken(_ revision: RevisionID, _ context: ChangeContext) -> StoredEvent? {
    guard revision != context.revision else { return nil }
    let commit = context.commit.flatMap { $0.id == revision ? $0 : nil }
    let words = commit.map { " by \($0.author): \"\($0.subject)\"" } ?? ""
    return event("RevisionTaken", nil, "\(revision.short)\(words) is in force", context)
  }

  private static func held(_ id: HoldID, _ context: ChangeContext) -> StoredEvent? {
    guard let hold = context.plan?.holds.first(where: { $0.id == id }) else { return nil }
    let words = "\(HoldText.words(hold)); to free it: \(hold.release)"
    return event("Held", hold.app, words, about: id, context)
  }

  private static func invalid(
    _ app: AppName, _ since: Since, _ context: ChangeContext
  ) -> StoredEvent? {
    guard since.state == SyncStatus(.outOfSync, .invalidManifest).state,
      let errors = context.plan?.apps.first(where: { $0.app == app })?.errors,
      let first = errors.first
    else { return nil }
    let place = first.mark.map { "\($0): " } ?? ""
    let rest = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
    return event("ManifestInvalid", app, "\(place)\(first.message)\(rest)", context)
  }

  /// The app that a hold which is gone was of: it ends the names of holds of apps.
  private static func app(of id: HoldID, _ context: ChangeContext) -> AppName? {
    let name = id.rawValue.split(separator: "/").last.map(String.init)
    return context.plan?.apps.map(\.app).first { $0.rawValue == name }
  }

  private static func event(
    _ reason: String, _ app: AppName?, _ message: String, about hold: HoldID? = nil,
    _ context: ChangeContext
  ) -> StoredEvent {
    StoredEvent(
      at: context.at, app: app, subject: hold?.rawValue, reason: reason, message: message,
      revision: context.plan?.revision ?? context.revision)
  }
}
