// The loop that starts a one-off dyno, as the command sees it that asked: the daemon's, or, without
// one, a loop of this command's own, which makes passes until nothing can move.

import ControlLoop
import Effects
import FormationModel
import Looping
import ManifestParsing
import Planning
import Review

/// A loop, watched for one app's one-off dynos.
final class OneOffLoop: Sendable {
  /// How often to look at the dyno where no loop runs any more.
  private static let interval = Duration.milliseconds(20)

  private enum Item: Sendable {
    case notice(LoopNotice)
    /// The command's own loop has ended.
    case over
  }

  private let session: PlatformSession
  private let app: AppName
  private let loop: RunningLoop
  private let isOwn: Bool
  private let items: AsyncStream<Item>
  private let feed: AsyncStream<Item>.Continuation
  private let reading: Task<Void, Never>

  init(_ session: PlatformSession, _ app: AppName) {
    self.session = session
    self.app = app
    isOwn = Surroundings.current.daemon == nil
    loop = Surroundings.current.daemon?.loop ?? Self.own(session, app)
    let (items, feed) = AsyncStream.makeStream(of: Item.self)
    (self.items, self.feed) = (items, feed)
    let notices = loop.notices()
    reading = Task {
      for await notice in notices { feed.yield(.notice(notice)) }
    }
  }

  deinit { reading.cancel() }

  private static func own(_ session: PlatformSession, _ app: AppName) -> RunningLoop {
    var options = LoopOptions(runsOnce: true, catalog: ShippedCatalog.catalog)
    options.only = [app]
    options.router = session.settings.router
    let crashPoint = Surroundings.current.environment["MUSTER_CRASH_AT"].flatMap(CrashPoint.init)
    return RunningLoop(
      options: options, memory: session.memory, seams: session.seams, crashPoint: crashPoint)
  }

  // MARK: - Begin

  /// Gives the order; why it was not taken, nil when it was.
  func give(_ order: Order) async -> EffectFailure? {
    guard isOwn else { return await loop.driver.order(order).failure }
    loop.driver.send(.ordered(order))
    Task { [loop, feed] in
      _ = await loop.driver.run()
      feed.yield(.over)
    }
    for await item in items {
      switch item {
      case .notice(.answered(order, let outcome)): return outcome.failure
      case .over: return LoopCore.tooLate
      case .notice: continue
      }
    }
    return LoopCore.tooLate
  }

  /// The one-off dyno that came of a request.
  func oneOff(_ token: String?) async -> OneOff? {
    guard let token else { return nil }
    return await loop.driver.memory.apps[app]?.oneOffs.requested(as: token)
  }

  /// How its start went; nil when it did not come within the limit. `tell` gets lines for people.
  func start(
    of oneOff: OneOff, within limit: Duration, _ tell: @escaping @Sendable (String) -> Void
  ) async -> Outcome? {
    await withDeadline(limit) { [self] in
      for await item in items {
        guard case .notice(let notice) = item else { break }
        if let outcome = start(of: oneOff, in: notice) { return outcome }
        if case .progress(let step, let line) = notice, step.app == app { tell("\n  \(line)") }
        guard case .planned = notice, let phase = await phase(of: oneOff) else { continue }
        if case .failed(.notStarted) = phase { break }
      }
      guard !Task.isCancelled else { return nil }
      return .failed(
        EffectFailure(
          "not-started", "it could not be started",
          fix: "`muster events \(app)` and `muster why \(app)` say why", retry: .later))
    }
  }

  private func start(of oneOff: OneOff, in notice: LoopNotice) -> Outcome? {
    guard case .ended(_, let step, let outcome, _) = notice,
      case .start(let spec) = step.operation, spec.id.slot == oneOff.slot(of: app)
    else { return nil }
    return outcome
  }

  // MARK: - End

  /// Waits until the command's own loop, if it has one, has nothing more to do. Others may act
  /// then.
  func finish() async {
    guard isOwn else { return }
    for await item in items { if case .over = item { break } }
    session.release()
  }

  /// Waits for its end: how it went; nil when whoever asked is gone.
  func end(of oneOff: OneOff) async -> ReleasePhase? {
    if isOwn { return await ownEnd(of: oneOff) }
    if let phase = await ended(oneOff) { return phase }
    for await item in items {
      guard case .notice(.planned) = item, let phase = await ended(oneOff) else { continue }
      return phase
    }
    return nil
  }

  private func phase(of oneOff: OneOff) async -> ReleasePhase? {
    await self.oneOff(oneOff.request.token)?.phase
  }

  private func ended(_ oneOff: OneOff) async -> ReleasePhase? {
    // What is known no more has ended, with its app or long ago.
    guard let known = await self.oneOff(oneOff.request.token) else {
      return .failed(.unknown(attempt: 1))
    }
    return known.hasEnded ? known.phase : nil
  }

  /// Without a daemon: the end is written down by whoever makes the next pass, this command if
  /// nobody else is at it. It makes one at once where the dyno is to end because it was left.
  private func ownEnd(of oneOff: OneOff) async -> ReleasePhase? {
    if let phase = await ended(oneOff) { return phase }
    while !Task.isCancelled {
      switch await look(at: oneOff) {
      case .unseen, .running: break
      case .left: if let phase = await passOnce(oneOff) { return phase }
      case .ended(let phase): return await passOnce(oneOff) ?? phase
      case .gone: if let phase = await written(oneOff) { return phase }
      }
      try? await Task.sleep(for: Self.interval)
    }
    return nil
  }

  /// What is written down of its end by somebody else, who has removed what was left of it.
  private func written(_ oneOff: OneOff) async -> ReleasePhase? {
    guard let look = try? await PlatformSession.look(session.settings) else { return nil }
    let known = look.memory.apps[app]?.oneOffs.requested(as: oneOff.request.token)
    guard known?.hasEnded ?? true else { return nil }
    return known?.phase ?? .failed(.unknown(attempt: 1))
  }

  /// Makes passes, unless somebody else does; what is written down of the end then.
  private func passOnce(_ oneOff: OneOff) async -> ReleasePhase? {
    guard let again = try? await PlatformSession.act(session.settings, command: "run") else {
      return nil
    }
    let loop = Self.own(again, app)
    _ = await loop.driver.run()
    again.release()
    let known = await loop.driver.memory.apps[app]?.oneOffs.requested(as: oneOff.request.token)
    return known.flatMap { $0.hasEnded ? $0.phase : nil }
  }

  /// What one look at the machine says of a dyno.
  private enum Glance {
    /// Nobody could look.
    case unseen
    case running
    /// It runs, and nobody is connected to it any more.
    case left
    case ended(ReleasePhase)
    /// It is not there.
    case gone
  }

  private func look(at oneOff: OneOff) async -> Glance {
    guard case .complete(let world) = await session.runtime.observe() else { return .unseen }
    let instance = world.instances.first { $0.id.slot == oneOff.slot(of: app) }
    switch instance?.phase {
    case nil: return .gone
    case .exited(let exit): return .ended(exit.code == 0 ? .succeeded : .failed(.exited(exit)))
    case .created, .running, .stopping, .unsupervised:
      return instance?.isAttended == false ? .left : .running
    }
  }
}

extension Outcome {
  /// Why it failed; nil when it did not.
  fileprivate var failure: EffectFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}
