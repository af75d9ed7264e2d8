// muster undo: what the last removal took comes back.

import ArgumentParser
import FormationModel
import Planning

struct UndoCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Bring back the apps that the last removal took, and hold that removal.",
    discussion: """
      What an app was is kept for an hour after it left git (`deletion.quarantine` in \
      platform.yaml). It starts again as it was, and stays until git wants it again or somebody \
      says `muster confirm undone/APP`. Then passes run as `muster reconcile` runs them, with its \
      exit codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "undo")
    try await session.give([.undo], reason: order.reason, only: nil) { hold in
      if case .removalUndone = hold.cause { true } else { false }
    }
  }
}
