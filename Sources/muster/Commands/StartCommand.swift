// muster start: end a stop by hand.

import ArgumentParser
import FormationModel

struct StartCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start again what `muster stop` stopped.",
    discussion: """
      Git counts again. Then passes run as `muster reconcile` runs them, with its exit codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "start")
    let dynos = try session.dynos(target)
    try await session.give([.start(dynos)], reason: order.reason, only: [dynos.app])
  }
}
