// muster retry: what failed for an app is tried again at once.

import ArgumentParser
import FormationModel

struct RetryCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Try again at once what failed: crashed dynos, slugs and stacks that were not made.",
    discussion: """
      Deaths so far count no more. Then passes run as `muster reconcile` runs them, with its exit \
      codes.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions

  @Argument(help: .init("May be left out on a platform of one app.", valueName: "app"))
  var name: String?

  @Option(name: [.customShort("a"), .customLong("app")], help: "The app.")
  var namedApp: String?

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "retry")
    let app = try session.app(namedApp ?? name)
    try await session.give([.retry(app)], reason: order.reason, only: [app])
  }
}
