// muster maintenance: the maintenance page by hand; without a word it shows whether it is on.

import ArgumentParser
import FormationModel
import Review

struct MaintenanceCommand: ServedCommand {
  /// What the second word may be.
  enum Position: String, ExpressibleByArgument, CaseIterable {
    case on, off
  }

  static let configuration = CommandConfiguration(
    commandName: "maintenance",
    abstract: "Turn the maintenance page on or off, until `muster resume`.",
    discussion: """
      Without on or off it prints which it is. Dynos run on meanwhile.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var order: OrderOptions

  @Argument(help: .init("May be left out on a platform of one app.", valueName: "app"))
  var name: String?

  @Argument(help: .init("on or off.", valueName: "position"))
  var position: Position?

  @Option(name: [.customShort("a"), .customLong("app")], help: "The app.")
  var namedApp: String?

  func run() async throws {
    let (app, position) = words()
    guard let position else { return try await show(app) }
    let session = try await OrderSession.open(options, order, command: "maintenance")
    let found = try session.app(app)
    try await session.give(
      [.maintenance(found, position == .on)], reason: order.reason, only: [found])
  }

  /// Without an app, or with `-a`, the first word is on or off already.
  private func words() -> (app: String?, position: Position?) {
    if position == nil, let name, let position = Position(rawValue: name) {
      return (namedApp, position)
    }
    return (namedApp ?? name, position)
  }

  private func show(_ name: String?) async throws {
    let session = try await OrderSession.look(options)
    let isOn = try session.effective(try session.app(name)).maintenance
    if session.session.settings.format == .json {
      let document: JSONValue = ["format": .integer(1), "maintenance": .boolean(isOn)]
      return Terminal.say(document.document)
    }
    Terminal.say(isOn ? "on" : "off")
  }
}
