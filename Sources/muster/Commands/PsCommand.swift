// muster ps: the dynos, as Heroku's command shows them.

import ArgumentParser
import ControlLoop
import FormationModel
import Looping
import Planning
import Review

struct PsCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "List dynos, as `heroku ps` does.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    let result = await session.plan()
    guard let plan = result.plan else { throw CommandFailure(.unknown, "nothing could be seen") }
    if result.verdict == .unknown { throw CommandFailure(blind: plan.blindness) }
    if let problem = result.sourceProblem, plan.apps.isEmpty { throw CommandFailure(problem) }
    let (parts, wanted) = try selected(plan)
    if let wanted, let part = parts.first {
      let asked = result.formation.app(part.app, session.memory)
      try KnownDynos(
        of: part.app, asked: asked, seen: (part.dynos + part.oneOffs).map(\.slot), session.memory
      )
      .check(wanted, of: part.app)
    }
    let dynos = parts.flatMap { $0.oneOffs + $0.dynos }
    let crashing = session.memory.crashing(dynos.map(\.slot))
    if session.settings.format == .json {
      let stopped = parts.flatMap(\.stopped)
      Terminal.say(PsJSON.document(dynos, stopped: stopped, crashing: crashing).document)
      return
    }
    var text = PsText(style: Terminal.style, clock: Terminal.clock)
    text.crashing = crashing
    let blocks = parts.map { part in
      (parts.count > 1 ? "⬢ \(part.app)\n" : "")
        + text.render(
          app: part.app, part.oneOffs + part.dynos, stopped: part.stopped, process: wanted?.process,
          ordinal: wanted?.ordinal)
    }
    Terminal.write(blocks.joined(separator: "\n"))
  }

  /// Every app when none is named, else the target's dynos.
  private func selected(_ plan: Plan) throws -> (parts: [AppPlan], wanted: DynoTarget?) {
    guard target.target != nil || target.app != nil else { return (plan.apps, nil) }
    let (wanted, app) = try target.resolved(among: plan.apps.map(\.app))
    let parts = plan.apps.filter { $0.app == app }.map { part in
      var part = part
      part.dynos = part.dynos.filter { wanted.includes($0.slot) }
      part.oneOffs = part.oneOffs.filter { wanted.includes($0.slot) }
      part.stopped = part.stopped.filter { wanted.includes($0.slot) }
      return part
    }
    return (parts, wanted)
  }
}
