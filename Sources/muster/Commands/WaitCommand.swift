// muster wait: until an app, or every app, is as one wants it.

import ArgumentParser
import ControlLoop
import FormationModel
import Looping
import Planning
import Review

struct WaitCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Wait until an app, or every app, is converged, healthy, suspended, at a revision.",
    discussion: """
      It looks and does nothing: `muster serve`, or a reconcile elsewhere, does. Exit codes: 0 it \
      is so; 1 it cannot come to be so; 2 it could not be found out; 4 not within --timeout.
      """)

  /// How often one looks where no daemon tells.
  private static let lookInterval = Duration.milliseconds(500)

  @OptionGroup var options: GlobalOptions

  @Argument(help: .init("Only this app.", valueName: "app"))
  var positionalApp: String?

  @Option(name: [.customShort("a"), .customLong("app")], help: "Only this app.")
  var namedApp: String?

  @Option(
    name: .customLong("for"),
    help: .init(
      "converged, healthy, suspended, revision=SHA or release=vN.", valueName: "condition"))
  var condition: String

  @Option(help: "How long it may take: 90s, 10m, 1h.")
  var timeout = "10m"

  func run() async throws {
    guard let condition = WaitCondition(condition) else {
      throw CommandFailure(
        .usage, "\(condition) cannot be waited for",
        fix: "write converged, healthy, suspended, revision=SHA or release=vN")
    }
    guard let limit = TimeSpan(timeout) else {
      throw CommandFailure(
        .usage, "\(timeout) is not a time span", fix: "write it as 90s, 10m or 1h")
    }
    let settings = try options.settings()
    let app = try AppNames.read([namedApp ?? positionalApp].compactMap { $0 })?.first
    let deadline = ContinuousClock.now + limit.duration
    var story = ""
    var blindness: CommandFailure?
    while ContinuousClock.now < deadline {
      blindness = nil
      switch try await look(settings, app, condition) {
      case .met: return
      case .impossible(let why): throw CommandFailure(.no, why)
      case .notYet(let why): story = ": \(why)"
      case .unknown(let failure): blindness = failure
      }
      try await Task.sleep(for: Self.lookInterval)
    }
    // Who could not look at the end does not know whether it is so.
    if let blindness { throw blindness }
    throw CommandFailure(
      .timedOut, "not \(self.condition) within \(timeout)\(story)",
      fix: app.map { "`muster why \($0)` says what is in the way" }
        ?? "`muster status` says what is in the way")
  }

  /// How one look came out.
  private enum Look {
    case met, impossible(String), notYet(String), unknown(CommandFailure)
  }

  private func look(
    _ settings: Settings, _ app: AppName?, _ condition: WaitCondition
  ) async throws -> Look {
    let session = try await PlatformSession.look(settings)
    let result = await session.plan(reading: true)
    guard let plan = result.plan, result.verdict != .unknown else {
      return .unknown(CommandFailure(blind: result.plan?.blindness))
    }
    if let problem = result.sourceProblem, plan.apps.isEmpty {
      return .unknown(CommandFailure(problem))
    }
    // A mistyped name must not look like something that takes its time.
    try AppNames.check(app.map { [$0] }, among: plan)
    let parts = plan.apps.filter { app == nil || $0.app == app }
    guard !parts.isEmpty else { return .notYet("there is no app yet") }
    return switch condition.judge(parts, of: plan, session.memory) {
    case .met: .met
    case .impossible(let why): .impossible(why)
    case .notYet(let why): .notYet(why)
    }
  }
}
