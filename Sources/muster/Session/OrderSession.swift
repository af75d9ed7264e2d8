// What the commands that give orders share: open the platform for acting, see what there is, give
// the order, and make passes.

import ArgumentParser
import ControlLoop
import FormationModel
import Planning
import Review

/// The options of commands that give orders.
struct OrderOptions: ParsableArguments {
  @Option(help: "Why, for whoever looks later: in plans, status and history.")
  var reason: String?

  @Option(help: "How long it may take: 90s, 10m, 1h.")
  var timeout = "10m"

  /// How long it may take.
  func limit() throws -> Duration { try TimeSpan.read(timeout) }
}

/// A platform opened for one command's orders.
struct OrderSession {
  let session: PlatformSession
  /// What there was before the order.
  let before: RunResult
  private let limit: Duration

  /// Opens for acting, and looks once.
  static func open(
    _ options: GlobalOptions, _ order: OrderOptions, command: String
  ) async throws -> OrderSession {
    let limit = try order.limit()
    let settings = try options.settings()
    try PlatformSession.requireBound(settings)
    let session = try await PlatformSession.act(settings, command: command)
    return OrderSession(session: session, before: await session.plan(), limit: limit)
  }

  /// Opens for looking only.
  static func look(_ options: GlobalOptions) async throws -> OrderSession {
    let session = try await PlatformSession.look(try options.settings())
    return OrderSession(session: session, before: await session.plan(), limit: .zero)
  }

  /// The apps there are.
  var apps: [AppName] { before.plan?.apps.map(\.app) ?? [] }

  /// The app as git asks for it, with what is in force by hand.
  func effective(_ app: AppName) throws -> DesiredApp {
    guard let asked = before.formation.app(app, session.memory) else {
      throw CommandFailure(.unknown, "it is not known what git asks for of \(app)")
    }
    return asked.overlaid(by: session.memory.apps[app]?.overrides ?? Overrides())
  }

  /// The one app that a command is about, among the apps there are.
  func app(_ name: String?) throws -> AppName {
    try AppChoice.choose(name, among: apps, unseen: before.plan == nil ? .unknown : .no)
  }

  /// An order that cannot be is refused; where nothing could be seen, it is not known.
  func refusal(_ message: String, fix: String?) -> CommandFailure {
    CommandFailure(before.plan == nil ? .unknown : .no, message, fix: fix)
  }

  /// The dynos that a command is about.
  func dynos(_ target: TargetOptions) throws -> DynoSelector {
    do {
      let (found, app) = try target.resolved(among: apps)
      return DynoSelector(app, found.process, found.ordinal)
    } catch let failure as CommandFailure where failure.status == .unknown && before.plan != nil {
      throw failure.ending(.no)
    }
  }

  /// Gives the orders and makes passes; ends the process.
  func give(
    _ wishes: [Wish], reason: String? = nil, only: Set<AppName>?,
    expecting isExpected: @escaping @Sendable (Hold) -> Bool = { _ in false }
  ) async throws -> Never {
    let (by, now) = (Surroundings.current.caller, WallClock.now())
    var run = Reconciliation(session: session, only: only)
    run.orders = wishes.map { Order(by: by, at: now, reason: reason, $0) }
    run.isExpected = isExpected
    try await run.run(within: limit)
  }
}
