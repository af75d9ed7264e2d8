// muster exec: a command in a dyno that runs.

import ArgumentParser
import ControlLoop
import Effects
import FormationModel
import Planning
import Review
import Server

struct ExecCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Run a command in a dyno that runs.",
    usage: "muster exec TARGET [OPTIONS] -- COMMAND…",
    discussion: """
      It has the dyno's files, variables, limits and user, and its memory counts as the dyno's. At \
      a terminal it has one too. This command ends with its exit code: 128 + n for signal n, 125 \
      when it was not started. What it changes is gone with the dyno.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var target: TargetOptions

  @Argument(parsing: .postTerminator, help: "The command and its words, for the dyno's shell.")
  var command: [String] = []

  @Option(
    name: [.customShort("e"), .long],
    help: .init("Variables beside the dyno's own: 'A=1;B=2'.", valueName: "key=value"))
  var env: [String] = []

  func run() async throws {
    let settings = try options.settings()
    try PlatformSession.requireBound(settings)
    let streams = try await Surroundings.current.console.streams
    let session = try await PlatformSession.act(settings, command: "exec")
    let id = try await dyno(session)
    guard let holding = session.runtime as? any SessionHolding else {
      throw CommandFailure(
        .no, "the \(session.runtime.name) runtime runs no real process to connect to")
    }
    let line = CommandLineWords.line(command)
    let environment = try CommandLineWords.variables(env, at: streams)
    let running: RunningCommand
    do throws(EffectFailure) {
      running = try await holding.execute(
        line.isEmpty ? "exec sh" : line, in: id, environment: environment,
        form: streams.isTerminal ? .terminal : .streams, size: streams.size)
    } catch {
      CommandFailure(error).print(isVerbose: settings.isVerbose)
      throw ExitCode(OneOffRun.notStarted)
    }
    // Others may act while it runs.
    session.release()
    try await Surroundings.current.console.connect(running.ends)
    for await code in running.exits { throw ExitCode(Int32(code)) }
    throw CancellationError()
  }

  /// The dyno that is meant: of a process type the first that is up.
  private func dyno(_ session: PlatformSession) async throws -> InstanceID {
    let result = await session.plan()
    guard let plan = result.plan else { throw CommandFailure(.unknown, "nothing could be seen") }
    if plan.isBlind { throw CommandFailure(blind: plan.blindness) }
    let (wanted, app) = try target.resolved(among: plan.apps.map(\.app))
    let dynos = plan.apps.filter { $0.app == app }.flatMap { $0.dynos + $0.oneOffs }
    let live = dynos.filter { wanted.includes($0.slot) && $0.instance?.isLive == true }
    let chosen = live.first { $0.state == .up } ?? live.first
    if let id = chosen?.instance?.id { return id }
    let running = dynos.filter { $0.instance?.isLive == true }.map(\.slot.dynoName)
    let meant = [wanted.process?.rawValue, wanted.ordinal.map(String.init)].compactMap { $0 }
    throw CommandFailure(
      .no, "\(app) has no dyno \(meant.joined(separator: ".")) that runs",
      fix: running.isEmpty
        ? "`muster ps \(app)` shows how it stands"
        : "these run: \(running.joined(separator: ", "))")
  }
}
