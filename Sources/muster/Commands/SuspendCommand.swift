// muster suspend: what new commits ask for waits, or everything does.

import ArgumentParser
import FormationModel
import Planning
import Review

struct SuspendCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend",
    abstract: "Hold what new commits ask for, until `muster resume`.",
    discussion: """
      Repair of what runs goes on, unless --everything is given. Then passes run as \
      `muster reconcile` runs them, with its exit codes; what was just suspended counts as done.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions
  @OptionGroup var apps: AppsOptions

  @Flag(help: "Hold repair, too: nothing is started or stopped.")
  var everything = false

  func run() async throws {
    let session = try await OrderSession.open(options, order, command: "suspend")
    let selection = try apps.selection(session)
    let wish = Wish.suspend(selection, everything ? .everything : .deploys)
    try await session.give([wish], reason: order.reason, only: selection.names) { hold in
      if case .suspendedByHand = hold.cause { true } else { false }
    }
  }
}

/// Some apps, or all of them.
struct AppsOptions: ParsableArguments {
  @Argument(help: .init("The apps. May be left out on a platform of one app.", valueName: "app"))
  var names: [String] = []

  @Option(
    name: [.customShort("a"), .customLong("app")], help: "The app; several times for several.")
  var named: [String] = []

  @Flag(help: "All apps, those that are added later too.")
  var allApps = false

  /// What is meant, among the apps there are.
  func selection(_ session: OrderSession) throws -> AppSelection {
    let all = names + named
    if allApps {
      guard all.isEmpty else {
        throw CommandFailure(.usage, "name apps, or say --all-apps, not both")
      }
      return .all
    }
    if all.isEmpty { return .apps([try session.app(nil)]) }
    return .apps(Set(try all.map { try session.app($0) }).sorted())
  }
}

extension AppSelection {
  /// The apps to act on; nil: all.
  var names: Set<AppName>? {
    switch self {
    case .all: nil
    case .apps(let names): Set(names)
    }
  }
}
