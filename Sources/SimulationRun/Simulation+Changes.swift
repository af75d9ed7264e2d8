// Invariant 21: where nothing interferes, what is done from one commit to the next is exactly what
// the first plan for the commit says.

import FormationModel
import Planning
import SimulatedWorld

/// What a plan says will be done under a revision, and what has been done.
struct Prediction: Hashable {
  var revision: RevisionID?
  /// Holds of the platform: what is planned changes when somebody consents.
  var holds: [HoldID] = []
  /// Orders that were recorded, and overrides that ended.
  var orders = 0
  /// What is to be done, sorted.
  var predicted: [String] = []
  /// What was done, in order.
  var done: [String] = []
  /// Whether something came between that no plan can know: a rollout that failed.
  var isVoid = false

  /// Words for a plan's changes, one for each thing that is done.
  /// Whoever replaces what has ended already stops nothing.
  static func words(_ changes: [Change], running: Set<SlotID>) -> [String] {
    changes.flatMap { change -> [String] in
      let subject = "\(change.app) \(change.slot?.dynoName ?? "v\(change.to ?? 0)")"
      return switch change.action {
      case .start: ["start \(subject)"]
      case .stop: ["stop \(subject)"]
      case .replace:
        ["start \(subject)"]
          + (change.slot.map(running.contains) ?? true ? ["stop \(subject)"] : [])
      case .release: ["record \(subject)"]
      // How often the router is told is nobody's promise.
      case .route: []
      }
    }.sorted()
  }

  /// The word for an operation; nil for one that is not a change.
  static func word(_ operation: Operation) -> String? {
    guard let slot = operation.slot, let app = slot.app else { return nil }
    return switch operation {
    case .start: "start \(app) \(slot.dynoName)"
    case .stop: "stop \(app) \(slot.dynoName)"
    case .remember, .generateSecrets, .prepareStack, .prepareSlug, .kill, .remove, .openRouter,
      .route:
      nil
    }
  }

  /// What differs; nil when everything that was predicted was done and nothing else.
  var violation: Violation? {
    let done = done.sorted()
    guard done != predicted, !isVoid else { return nil }
    return Violation(
      .exactlyChanges,
      "planned \(predicted.joined(separator: ", ")); done \(done.joined(separator: ", "))")
  }
}

extension Simulation {
  /// Compares at the first plan for each commit, each consent, each order and each end of one.
  mutating func compare(_ plan: Plan) {
    let holds = plan.platformHolds.map(\.id)
    ledger.ends += plan.next.count { step in
      guard case .remember(let changes) = step.operation else { return false }
      return changes.contains { if case .endOverride = $0 { true } else { false } }
    }
    let orders = ledger.recorded.count + ledger.ends
    guard options.isUndisturbed, let revision = plan.revision,
      revision != ledger.prediction.revision || holds != ledger.prediction.holds
        || orders != ledger.prediction.orders || ledger.prediction.isVoid
    else { return }
    compareWithDone()
    let running = machine.instances.values.filter(\.isStaying).map(\.id.slot)
    ledger.prediction = Prediction(
      revision: revision, holds: holds, orders: orders,
      predicted: Prediction.words(plan.changes, running: Set(running)))
  }

  /// A dyno of the commit in force does not get up: what is done about it, again and again, no plan
  /// has said. Where the app goes back by itself, that is one more thing to be predicted.
  mutating func noteHopeless(_ id: InstanceID) {
    let app = id.slot.app.flatMap { memory.apps[$0]?.accepted }
    guard id.kind == .dyno, app?.rollout.autoRevert != true else { return }
    ledger.hopeless = ledger.prediction.revision
  }

  /// Compares what was predicted for the commit in force with what was done.
  mutating func compareWithDone() {
    guard options.isUndisturbed, ledger.hopeless != ledger.prediction.revision,
      let violation = ledger.prediction.violation
    else { return }
    fail(violation.invariant, violation.story)
  }

  /// Notes what was done.
  mutating func noteDone(_ operation: Operation) {
    guard let word = Prediction.word(operation) else { return }
    ledger.prediction.done.append(word)
  }

  /// Notes a release that was recorded.
  mutating func noteDone(_ change: MemoryChange) {
    guard case .record(let app, let release) = change else { return }
    ledger.prediction.done.append("record \(app) v\(release.number)")
  }
}

extension SimulationOptions {
  /// Whether nothing interferes with what Muster does.
  var isUndisturbed: Bool {
    isScripted && crash == nil && staleLook == nil && lostEvent == nil && tamper == nil
      && exactly.leavesNothingOut
  }
}
