// muster confirm: consent to what is held, then act on it.

import ArgumentParser
import ControlLoop
import FormationModel
import Planning
import Review

struct ConfirmCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Consent to what is held, by its name, and go on with it.",
    discussion: """
      The consent is recorded, then passes run as `muster reconcile` runs them, with its exit \
      codes. In git, the commit trailer `Muster-Confirm: HOLD` says the same.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions

  @Argument(help: "The hold's name, as `muster holds` shows it.")
  var hold: [String]

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "confirm")
    let holds = session.before.plan?.holds ?? []
    if holds.isEmpty, let plan = session.before.plan, plan.isBlind {
      throw CommandFailure(blind: plan.blindness)
    }
    for name in hold {
      guard let held = holds.first(where: { $0.id.rawValue == name }) else {
        let known = holds.map(\.id.rawValue).joined(separator: ", ")
        throw session.refusal(
          "nothing is held under the name \(name.escapingControls)",
          fix: known.isEmpty ? "nothing is held at all" : "held are: \(known)")
      }
      guard held.canBeConfirmed else {
        throw CommandFailure(.no, "consent does not free \(name)", fix: held.release)
      }
    }
    try await session.give(hold.map { .confirm(HoldID($0)) }, reason: order.reason, only: nil)
  }
}
