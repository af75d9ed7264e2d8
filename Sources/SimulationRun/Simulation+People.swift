// People around a simulated Muster: they consent to removals, give orders, and give them again when
// nobody answers.

import FormationModel
import Looping
import Planning

extension Simulation {
  /// How long somebody waits for an answer.
  static let patienceWithAnswers = Duration.seconds(20)

  /// Somebody reads the holds, and confirms what can be: sometimes while there are faults, always
  /// after.
  mutating func askForConsent(_ plan: Plan) {
    for hold in plan.holds where !ledger.confirming.contains(hold.id) {
      switch hold.cause {
      case .removal, .removalUndone, .postdeployFailed: break
      default: continue
      }
      if phase == .faults, !options.exactly.consentsAtOnce, !chance.happens(perMille: 100) {
        continue
      }
      ledger.confirming.insert(hold.id)
      // In a script the rest stands by then: what is planned is compared at each consent.
      let wait: Duration =
        options.exactly.consentsAtOnce ? .seconds(90) : chance.span(1_000...30_000)
      agenda.add(.confirm(hold), at: now + wait)
    }
  }

  /// Somebody confirms a hold; again in a while when Muster does not run.
  mutating func confirm(_ hold: Hold) {
    if case .stable = phase { return }
    guard core != nil else { return agenda.add(.confirm(hold), at: now + .seconds(10)) }
    ledger.confirming.remove(hold.id)
    guard lastPlan?.holds.contains(where: { $0.id == hold.id }) == true else { return }
    if case .removal(let summary) = hold.cause {
      ledger.consents.formUnion(summary.apps.map(\.rawValue) + summary.processes)
    }
    if let app = hold.app { ledger.consents.insert(app.rawValue) }
    give(.confirm(hold.id))
  }

  /// Somebody asks for something; later when Muster does not run. Nobody begins anything by hand
  /// once the calm has come.
  mutating func order(_ wish: Wish) {
    guard phase == .faults else { return }
    guard core != nil else { return agenda.add(.order(wish), at: now + .seconds(10)) }
    checkStanding()
    give(wish)
    guard let order = ledger.unanswered.last else { return }
    agenda.add(.impatience(order), at: now + Self.patienceWithAnswers)
  }

  /// In the calm somebody has what was left tried again, so that what stands can be compared with
  /// git.
  mutating func retryHeldContents(_ plan: Plan) {
    guard case .calm = phase, ledger.unanswered.isEmpty, core != nil else { return }
    let held = plan.holds.first { if case .contentHeld = $0.cause { true } else { false } }
    if let app = held?.app { give(.retry(app)) }
  }

  /// In the calm everything by hand is ended, so that what stands can be compared with git.
  mutating func endOrders() {
    if case .stable = phase { return }
    guard memory.hasOverrides || !ledger.unanswered.isEmpty else { return }
    agenda.add(.endOrders, at: now + Self.patienceWithAnswers)
    ledger.unanswered = []
    if core != nil { give(.resume(.all)) }
  }

  private mutating func give(_ wish: Wish) {
    ledger.given += 1
    // Whoever has something tried again does not wait.
    ledger.failed = [:]
    // The reason tells orders apart.
    let order = Order(by: "ada", at: wall, reason: "order \(ledger.given)", wish)
    ledger.unanswered.append(order)
    tell(.ordered(order), to: life)
  }

  /// Somebody who got no answer asks again.
  mutating func loseWaiting(for order: Order) {
    guard ledger.unanswered.contains(order) else { return }
    ledger.unanswered.removeAll { $0 == order }
    self.order(order.wish)
  }

  /// Muster answers an order.
  mutating func answered(_ order: Order, _ outcome: Outcome) {
    log.note(now, "answer to \(order.reason ?? "an order"): \(Narration.of(outcome))")
    ledger.unanswered.removeAll { $0 == order }
    switch outcome {
    case .done:
      guard !ledger.recorded.contains(where: { $0.reason == order.reason }) else { return }
      fail(.ordersDurable, "\(order.reason ?? "an order") is answered, and the store has it not")
    case .failed(let failure):
      if case .confirm = order.wish { return }
      if failure.retry != .withNewContent {
        agenda.add(.order(order.wish), at: now + .seconds(10))
      }
    }
  }
}

extension Memory {
  /// Whether anything is in force by hand. Content that is held is not, unless a commit carries it.
  var hasOverrides: Bool {
    suspension != nil
      || apps.values.contains { app in
        var overrides = app.overrides
        (overrides.heldContents, overrides.standIn) = ([], nil)
        return !overrides.isEmpty
      }
  }
}
