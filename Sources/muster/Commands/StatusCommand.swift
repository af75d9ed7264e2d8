// muster status: sync and health of every app, with reasons.

import ArgumentParser
import ControlLoop
import Effects
import FormationModel
import Looping
import Planning
import Review

struct StatusCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show whether each app matches git and is well, with reasons.",
    discussion: "Exit codes: 0 every app is synced and healthy; 1 some app is not; 2 unknown.")

  @OptionGroup var options: GlobalOptions

  @Argument(help: .init("Only this app.", valueName: "app"))
  var positionalApp: String?

  @Option(name: [.customShort("a"), .customLong("app")], help: "Only this app.")
  var namedApp: String?

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    let only = try AppNames.read([namedApp ?? positionalApp].compactMap { $0 })
    let result = await session.plan()
    guard let plan = result.plan else { throw CommandFailure(.unknown, "nothing could be seen") }
    if let problem = result.sourceProblem, plan.apps.isEmpty { throw CommandFailure(problem) }
    let apps = plan.apps.filter { only?.contains($0.app) ?? true }
    if let only, apps.isEmpty {
      throw CommandFailure(.unknown, "there is no app \(only.map(\.rawValue).joined())")
    }
    let requests = await session.seams.router.requests()
    let standings = apps.map { part in
      var standing = standing(part, of: plan, session.memory)
      standing.requests = requests?.requests(of: part.app)
      standing.requestsSince = requests?.since
      return standing
    }
    let complaints = await session.seams.router.complaints()
    let lostAt = session.memory.lostAt
    if session.settings.format == .json {
      let document = StatusJSON.document(standings, complaints: complaints, lostAt: lostAt)
      Terminal.say(document.document)
    } else {
      let text = StatusText(style: Terminal.style, clock: Terminal.clock)
      Terminal.write(
        text.render(standings, router: plan.router, complaints: complaints, lostAt: lostAt))
    }
    if result.verdict == .unknown { throw CommandFailure(blind: plan.blindness) }
    let isWell = apps.allSatisfy { $0.sync.value == .synced && $0.health.value == .healthy }
    try end(isWell ? .done : .no)
  }

  private func standing(_ part: AppPlan, of plan: Plan, _ memory: Memory) -> AppStanding {
    var standing = AppStanding(part, of: plan)
    standing.release = memory.apps[part.app]?.currentRelease?.number
    standing.revision = memory.apps[part.app]?.acceptedRevision
    standing.syncSince = memory.since(.sync(part.app), part.sync.state)
    standing.healthSince = memory.since(.health(part.app), part.health.state)
    return standing
  }
}
