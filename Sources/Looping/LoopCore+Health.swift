// What the loop knows of healths between passes: which checks are due, and what their answers mean.

import FormationModel
import Planning

extension LoopCore {
  /// Takes an answer; only one that can change a verdict makes a pass.
  mutating func probed(
    _ id: InstanceID, _ result: ProbeResult, _ now: LoopTime
  ) -> [LoopEffect] {
    probing.remove(id)
    guard instances[id] != nil else { return [] }
    let before = health[id] ?? HealthRecord()
    let record = before.noting(result, at: now)
    health[id] = record
    guard options.acts else { return stage == .idle && probing.isEmpty ? observe() : [] }
    if record.isNews(after: before) { return passSoon(now) }
    guard stage == .idle, !isFinished, let plan else { return [] }
    return [.wake(at: nextWake(plan, now))]
  }

  private mutating func passSoon(_ now: LoopTime) -> [LoopEffect] {
    handle(.runtimeChanged, at: now)
  }

  /// Takes note of what is there; what is known of instances that are gone is forgotten, unless not
  /// everything could be seen. Returns what was seen before when it is the same: comparing that
  /// with itself costs nothing.
  mutating func remember(_ observation: Observation) -> Observation {
    if let seen, seen == observation { return seen }
    seen = observation
    switch observation {
    case .complete(let formation):
      see(formation)
      health = health.filter { instances[$0.key] != nil }
    case .partial(let formation, _): see(formation)
    case .unavailable: break
    }
    return observation
  }

  private mutating func see(_ formation: ObservedFormation) {
    instances = Dictionary(
      formation.instances.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// Checks that are due now, of dynos that the plan waits for.
  mutating func dueProbes(_ plan: Plan, _ now: LoopTime) -> [LoopEffect] {
    var effects: [LoopEffect] = []
    for (id, check) in checks(plan) {
      guard !probing.contains(id), let instance = instances[id],
        nextCheck(instance, check, now) <= now
      else { continue }
      probing.insert(id)
      effects.append(.probe(instance, check))
    }
    return effects
  }

  /// Checks of dynos whose health is not known at all, or only by half.
  mutating func firstProbes(_ plan: Plan) -> [LoopEffect] {
    checks(plan).compactMap { id, check in
      let record = health[id]
      guard let instance = instances[id], record?.failures ?? 0 == 0,
        record?.successes ?? 0 < check.successesNeeded, probing.insert(id).inserted
      else { return nil }
      return .probe(instance, check)
    }
  }

  /// When something has to happen at the latest: a check, the end of a wait, the next full pass.
  func nextWake(_ plan: Plan, _ now: LoopTime) -> LoopTime {
    var times = [now + options.fullPassInterval]
    times += checks(plan).compactMap { id, check in
      probing.contains(id) ? nil : instances[id].map { nextCheck($0, check, now) }
    }
    times += plan.waits.compactMap(\.until)
    times += plan.apps.compactMap(\.nextCycle)
    times += [plan.nextOverrideEnd, plan.nextOpening].compactMap { $0 }
    let earliest = times.min() ?? now
    // A wait that is over and still there (a boot limit, fewer checks than a verdict needs) is
    // looked at again soon, not at once.
    return max(earliest, now + .milliseconds(20))
  }

  /// Web dynos whose health the plan waits for, and those that go on being checked, with how to
  /// check each. A run that ends does not stay to see a dyno fail.
  private func checks(_ plan: Plan) -> [(InstanceID, Healthcheck)] {
    let watched = plan.apps.flatMap { part in
      options.runsOnce ? [] : part.watched.map { (app: part.app, id: $0) }
    }
    let awaited =
      watched
      + plan.apps.flatMap { part in
        part.waits.compactMap { wait -> (app: AppName, id: InstanceID)? in
          switch wait.cause {
          case .boot(let id), .unwell(let id, _):
            return id.slot.process == .web ? (part.app, id) : nil
          case .content, .draining, .stopping, .backoff, .turn, .dependency, .retry, .underWay,
            .unproven, .command:
            return nil
          }
        }
      }
    if awaited.isEmpty { return [] }
    let positions = Dictionary(
      (desired?.apps ?? []).enumerated().map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first })
    return awaited.map { app, id in
      let wanted = positions[app].flatMap { desired?.apps[$0].app } ?? memory.apps[app]?.accepted
      return (id, wanted?.process(.web)?.healthcheck ?? Healthcheck())
    }
  }

  /// A young dyno is asked often, so that one that starts in milliseconds is up in milliseconds; an
  /// older one at its interval.
  private func nextCheck(
    _ instance: ObservedInstance, _ check: Healthcheck, _ now: LoopTime
  ) -> LoopTime {
    guard let last = health[instance.id]?.checkedAt, last <= now else { return now }
    let age = now - (instance.startedAt ?? now)
    return last + min(check.interval, max(.milliseconds(40), age / 4))
  }
}

extension HealthRecord {
  /// The record with one more answer.
  fileprivate func noting(_ result: ProbeResult, at now: LoopTime) -> HealthRecord {
    var record = self
    record.last = result
    record.checkedAt = now
    if result == .healthy {
      record.successes += 1
      record.failures = 0
      record.failingSince = nil
      record.hasBeenHealthy = hasBeenHealthy || record.successes >= 2
    } else {
      record.failures += 1
      record.successes = 0
      record.failingSince = failingSince ?? now
    }
    return record
  }

  /// Whether the answer may change a verdict: one more of the same does not.
  fileprivate func isNews(after before: HealthRecord) -> Bool {
    failures == 0
      ? before.successes < Self.successesOfAVerdict
      : failures == Self.failuresBeforeVerdict && hasBeenHealthy
  }

  /// Good answers in a row after which another one says nothing new.
  private static let successesOfAVerdict = 2
}
