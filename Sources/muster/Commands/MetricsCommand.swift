// muster metrics: what dynos use of the machine.

import ArgumentParser
import FormationModel
import Review

struct MetricsCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Show memory, CPU, processes and restarts of dynos, and requests; their sums.",
    discussion: "Shares of a core are measured over one second.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let session = try await PlatformSession.look(try options.settings())
    try session.requireFolder()
    let wanted = try selected(session)
    let report = try await reporting {
      try await session.measuring.metrics(
        app: wanted.app, process: wanted.process, ordinal: wanted.ordinal, at: WallClock.now)
    }
    if session.settings.format == .json {
      Terminal.say(MetricsJSON.document(report).document)
    } else {
      Terminal.write(MetricsText(style: Terminal.style, clock: Terminal.clock).render(report))
    }
  }

  private func selected(_ session: PlatformSession) throws -> DynoTarget {
    guard target.target != nil || target.app != nil else { return DynoTarget() }
    let (wanted, app) = try target.resolved(among: session.memory.apps.keys.sorted())
    var named = wanted
    named.app = app
    try KnownDynos(of: app, asked: session.memory.apps[app]?.accepted, session.memory)
      .check(named, of: app)
    return named
  }
}
