// Gathers what is recorded about one app: plan, memory, history, output. Values in and out; the
// command prints.

import ControlLoop
import Effects
import FormationModel
import GitSource
import Planning
import Review

/// Asks everybody who knows something about an app.
struct Inquiry {
  /// Events told, and lines of output.
  private static let eventsTold = 8
  private static let linesTold = 10
  /// Events looked through for those that bear on a dyno.
  private static let eventsSeen = 2_000

  let session: PlatformSession

  /// What is known of the app, narrowed to a process type or a dyno of it.
  func answer(
    about part: AppPlan, of plan: Plan, narrowed target: DynoTarget
  ) async throws -> WhyAnswer {
    var part = part
    part.dynos = part.dynos.filter { target.includes($0.slot) }
    part.stopped = part.stopped.filter { target.includes($0.slot) }
    part.waits = part.waits.filter { wait in wait.slot.map(target.includes) ?? true }
    let memory = session.memory
    var standing = AppStanding(part, of: plan)
    standing.syncSince = memory.since(.sync(part.app), part.sync.state)
    standing.healthSince = memory.since(.health(part.app), part.health.state)
    let release = memory.apps[part.app]?.currentRelease
    let events = try await self.events(part.app, target)
    let output = await lastLines(part)
    var answer = WhyAnswer(
      plan: part, standing: standing, release: release, commit: await commit(release),
      events: Array(events.suffix(Self.eventsTold)), lastLines: output.lines, linesOf: output.dyno,
      heldSince: memory.since(standing.holds.map(\.id)))
    answer.history = events
    return answer
  }

  private func commit(_ release: Release?) async -> Revision? {
    guard let release else { return nil }
    return await session.source.commit(release.revision)
  }

  /// The newest events of the app that bear on the target, oldest first.
  private func events(_ app: AppName, _ target: DynoTarget) async throws -> [EventLine] {
    let all = try await session.seams.store.events(app: app, count: Self.eventsSeen)
    let told = all.filter { event in
      guard let dyno = event.subject.flatMap({ DynoTarget(argument: "\(app)/\($0)") }),
        let process = dyno.process
      else { return true }
      return target.includes(SlotID(app, process, dyno.ordinal ?? 1))
    }
    return told.map(EventLine.init)
  }

  /// The output of the first dyno in trouble; of the only one asked for when none is.
  private func lastLines(_ part: AppPlan) async -> (lines: [String], dyno: String?) {
    // A successor that dies leaves the old dyno up, and a wait behind.
    let waiting = Set(part.waits.filter(\.isForCrash).compactMap(\.slot))
    let troubled = part.dynos.first {
      $0.state == .crashed || $0.crashes > 0 || waiting.contains($0.slot)
    }
    guard let dyno = troubled ?? (part.dynos.count == 1 ? part.dynos.first : nil) else {
      return ([], nil)
    }
    var query = LogQuery(
      app: part.app, process: dyno.slot.process, ordinal: dyno.slot.ordinal,
      count: Self.linesTold)
    // Output that cannot be read is no reason to keep the rest back.
    var lines = (try? await session.runtime.logs(query)) ?? []
    if lines.isEmpty {
      query.previous = true
      lines = (try? await session.runtime.logs(query)) ?? []
    }
    return (lines.map(\.text), dyno.slot.dynoName)
  }
}

extension Wait {
  /// Whether a dyno died early.
  fileprivate var isForCrash: Bool {
    if case .backoff = cause { true } else { false }
  }
}

extension DynoTarget {
  /// Whether the slot is one of those meant.
  func includes(_ slot: SlotID) -> Bool {
    (process.map { $0 == slot.process } ?? true) && (ordinal.map { $0 == slot.ordinal } ?? true)
  }
}

extension EventLine {
  init(_ event: StoredEvent) {
    self.init(
      at: event.at, app: event.app, subject: event.subject, reason: event.reason,
      message: event.message, revision: event.revision)
  }
}
