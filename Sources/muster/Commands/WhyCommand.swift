// muster why: the reasons behind what runs, or does not.

import ArgumentParser
import ControlLoop
import Effects
import FormationModel
import Looping
import Planning
import Review

struct WhyCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say why an app or a dyno runs as it does, or does not.",
    discussion: "Exit codes: 0 it is as it should be; 1 it is not; 2 it could not be found out.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    let result = await session.plan()
    guard let plan = result.plan, result.verdict != .unknown else {
      throw CommandFailure(blind: result.plan?.blindness)
    }
    let (wanted, app) = try target.resolved(among: plan.apps.map(\.app))
    guard let part = plan.apps.first(where: { $0.app == app }) else { return }
    let known = KnownDynos(
      of: app, asked: result.formation.app(app, session.memory), seen: part.dynos.map(\.slot),
      session.memory)
    try known.check(wanted, of: app)
    let answer = try await reporting {
      try await Inquiry(session: session).answer(about: part, of: plan, narrowed: wanted)
    }
    if session.settings.format == .json {
      Terminal.write(WhyJSON.document(answer).document)
    } else {
      Terminal.write(WhyText(style: Terminal.style, clock: Terminal.clock).render(answer))
    }
    try end(answer.isWell ? .done : .no)
  }
}
