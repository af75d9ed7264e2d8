// A one-off dyno on its way: asked for, seen to start, connected, and followed to its end. The
// order is recorded first, so that nothing that happens to this command makes it start twice.

import ArgumentParser
import ControlLoop
import Effects
import FormationModel
import Glibc
import Planning
import Review
import Server

/// One one-off dyno, for the command that asks for it.
struct OneOffRun {
  /// The exit code of a command that was not started, as shells have it.
  static let notStarted: Int32 = 125

  let session: PlatformSession
  let app: AppName
  let order: Order
  let limit: Duration
  /// Whether a person is told how it goes.
  let tells: Bool

  private var request: OneOffRequest? {
    if case .run(_, let request) = order.wish { request } else { nil }
  }

  /// Starts it and leaves it to itself; its name.
  func detached() async throws -> String {
    let loop = OneOffLoop(session, app)
    let oneOff = try await ask(loop)
    try await start(oneOff, loop)
    tell("done, \(oneOff.slot(of: app).dynoName)\n")
    await loop.finish()
    return oneOff.slot(of: app).dynoName
  }

  /// Starts it and connects it; its exit code.
  func attached(_ streams: CallerStreams) async throws -> Int32 {
    guard let holding = session.runtime as? any SessionHolding else {
      throw refusal(
        CommandFailure(
          .no, "the \(session.runtime.name) runtime runs no real process to connect to",
          fix: "run it with --detached, and read the log"))
    }
    let loop = OneOffLoop(session, app)
    let oneOff = try await ask(loop)
    // Its start waits until it is connected: nothing that it writes is lost.
    let attaching = Task { [app, limit] in
      await Result.of { () async throws(EffectFailure) in
        try await holding.attach(oneOff.slot(of: app), size: streams.size, patience: limit)
      }
    }
    defer { attaching.cancel() }
    try await start(oneOff, loop)
    let ends: SessionEnds
    switch await attaching.value {
    case .success(let held): ends = held
    case .failure(let failure): throw refusal(CommandFailure(failure))
    }
    tell("up, \(oneOff.slot(of: app).dynoName)\n")
    async let rest: Void = loop.finish()
    try await Surroundings.current.console.connect(ends)
    await rest
    return try await end(of: oneOff, loop)
  }

  // MARK: - Its begin

  /// Gives the order.
  private func ask(_ loop: OneOffLoop) async throws -> OneOff {
    tell("Running \(request?.command.escapingControls ?? "") on ⬢ \(app)... ")
    if let failure = await loop.give(order) { throw refusal(CommandFailure(failure)) }
    guard let oneOff = await loop.oneOff(request?.token) else {
      throw refusal(CommandFailure(.unknown, "the order was lost"))
    }
    return oneOff
  }

  /// Waits until it has been started.
  private func start(_ oneOff: OneOff, _ loop: OneOffLoop) async throws {
    switch await loop.start(of: oneOff, within: limit, tell) {
    case .done: return
    case .failed(let failure): throw refusal(CommandFailure(failure))
    case nil:
      let name = oneOff.slot(of: app).dynoName
      throw refusal(
        CommandFailure(
          .timedOut, "it has not started within \(DurationText.span(limit))",
          fix: "`muster why \(app)` says what the app waits for; "
            + "`muster stop \(app)/\(name)` takes it back"))
    }
  }

  /// Tells why it was not started, and ends with the code that says so.
  private func refusal(_ failure: CommandFailure) -> any Error {
    tell("not started\n")
    failure.print(isVerbose: session.settings.isVerbose)
    return ExitCode(Self.notStarted)
  }

  private func tell(_ words: String) {
    if tells { Surroundings.current.console.write(words, isError: true) }
  }

  // MARK: - Its end

  private func end(of oneOff: OneOff, _ loop: OneOffLoop) async throws -> Int32 {
    // Whoever asked is gone, and it ends for that.
    guard let phase = await loop.end(of: oneOff) else { throw CancellationError() }
    switch phase {
    case .succeeded: return 0
    case .failed(.exited(let exit)) where exit.code != nil: return Int32(exit.code ?? 0)
    case .failed(.notStarted): return Self.notStarted
    case .pending, .begun, .live, .failed:
      throw CommandFailure(
        .unknown, "nobody saw how it ended", fix: "`muster events \(app)` tells what is known")
    }
  }
}

extension OneOff {
  /// Where it runs.
  func slot(of app: AppName) -> SlotID { .oneOff(number, of: app) }
}

extension CallerStreams {
  /// The size of the caller's terminal; nil when it has none.
  var size: TerminalSize? {
    guard isTerminal, let rows, let columns else { return nil }
    return TerminalSize(rows: rows, columns: columns)
  }
}

extension Result where Success: Sendable, Failure == EffectFailure {
  /// What the work comes to.
  static func of(
    _ work: () async throws(EffectFailure) -> Success
  ) async -> Result<Success, EffectFailure> {
    do throws(EffectFailure) { return .success(try await work()) } catch { return .failure(error) }
  }
}
