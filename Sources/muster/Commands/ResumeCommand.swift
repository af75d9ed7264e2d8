// muster resume: ends what was begun by hand; git counts again.

import ArgumentParser
import FormationModel

struct ResumeCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "End what was begun by hand: suspend, scale, stop, maintenance, rollback.",
    discussion: """
      Then passes run as `muster reconcile` runs them, with its exit codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions
  @OptionGroup var apps: AppsOptions

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "resume")
    let selection = try apps.selection(session)
    try await session.give([.resume(selection)], reason: order.reason, only: selection.names)
  }
}
