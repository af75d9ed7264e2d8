// muster stop: keep dynos stopped.

import ArgumentParser
import FormationModel

struct StopCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Keep dynos stopped until `muster start`.",
    discussion: """
      The slots stay empty, whatever git says; other dynos keep their numbers. \
      Then passes run as `muster reconcile` runs them, with its exit codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "stop")
    let dynos = try session.dynos(target)
    try await session.give([.stop(dynos)], reason: order.reason, only: [dynos.app])
  }
}
