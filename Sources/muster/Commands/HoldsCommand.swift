// muster holds: what waits for somebody, and what frees it.

import ArgumentParser
import ControlLoop
import FormationModel
import Looping
import Planning
import Review

struct HoldsCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "holds",
    abstract: "List what is held, since when, and the command that frees it.",
    discussion: "Exit codes: 0 nothing is held; 3 something is; 2 unknown.")

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    let result = await session.plan()
    guard let plan = result.plan else { throw CommandFailure(.unknown, "nothing could be seen") }
    // An empty list would say that nothing is held, and nobody knows that.
    if plan.isBlind && plan.holds.isEmpty { throw CommandFailure(blind: plan.blindness) }
    let since = session.memory.since(plan.holds.map(\.id))
    if session.settings.format == .json {
      Terminal.say(HoldsJSON.document(plan.holds, since: since).document)
    } else {
      var text = HoldsText(style: Terminal.style)
      text.since = since
      text.clock = Terminal.clock
      Terminal.write(text.render(plan.holds))
    }
    if result.verdict == .unknown { throw CommandFailure(blind: plan.blindness) }
    try end(plan.holds.isEmpty ? .done : .held)
  }
}
