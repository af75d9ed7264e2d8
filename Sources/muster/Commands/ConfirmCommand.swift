// muster confirm: consent to what is held, then act on it.

import ArgumentParser
import ControlLoop
import FormationModel
import Looping
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

  @Argument(help: "The hold's name, as `muster holds` shows it.")
  var hold: [String]

  @Option(help: "How long it may take: 90s, 10m, 1h.")
  var timeout = "10m"

  func run() async throws {
    guard let limit = TimeSpan(timeout) else {
      throw CommandFailure(
        .usage, "\(timeout) is not a time span", fix: "write it as 90s, 10m or 1h")
    }
    let settings = try options.settings()
    let session = try await PlatformSession.act(settings, command: "confirm")
    let holds = await session.plan().plan?.holds ?? []
    for name in hold {
      guard let held = holds.first(where: { $0.id.rawValue == name }) else {
        let known = holds.map(\.id.rawValue).joined(separator: ", ")
        throw CommandFailure(
          .unknown, "nothing is held under the name \(name)",
          fix: known.isEmpty ? "nothing is held at all" : "held are: \(known)")
      }
      guard held.canBeConfirmed else {
        throw CommandFailure(.no, "consent does not free \(name)", fix: held.release)
      }
    }
    var run = Reconciliation(session: session, only: nil)
    run.confirms = hold.map { HoldID($0) }
    try await run.run(within: limit.duration)
  }
}
