// muster restart: replace dynos by hand.

import ArgumentParser
import FormationModel

struct RestartCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart",
    abstract: "Replace dynos once, as a deploy would, and start crashed ones at once.",
    discussion: """
      Web is replaced without downtime where its strategy allows it. \
      Then passes run as `muster reconcile` runs them, with its exit codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "restart")
    let dynos = try session.dynos(target)
    try await session.give([.restart(dynos)], reason: order.reason, only: [dynos.app])
  }
}
