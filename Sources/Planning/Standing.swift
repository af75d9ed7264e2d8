// Where an instance stands in the eyes of the planner: one visible table from what was observed and
// checked to a verdict.

package import FormationModel

/// Where an instance stands.
enum Standing: Hashable {
  /// Made, never started: to be removed.
  case created
  /// Runs; its health gate is open until the given time, or for as long as nothing is known.
  case booting(until: LoopTime?)
  /// Healthy.
  case up
  /// Was healthy; its check fails, since then.
  case unwell(ProbeResult?, since: LoopTime?)
  /// Did not become healthy within its boot limit.
  case failedBoot(ProbeResult?)
  /// Was asked to stop.
  case stopping(killAt: LoopTime)
  /// Its process is gone.
  case exited(InstanceExit)
  /// Runs unwatched.
  case unsupervised
}

/// Judges instances of one app by what is known at one moment.
final class Judge {
  private let memory: AppMemory
  private let context: PlanningContext

  init(memory: AppMemory, context: PlanningContext) {
    self.memory = memory
    self.context = context
  }

  /// Where the instance stands; `process` gives the gates, nil when its type is not known any more.
  func standing(of instance: ObservedInstance, _ process: DesiredProcess?) -> Standing {
    switch instance.phase {
    case .created: .created
    case .running: running(instance, process)
    case .stopping(let killAt): .stopping(killAt: killAt)
    case .exited(let exit): .exited(exit)
    case .unsupervised: .unsupervised
    }
  }

  /// Whether the instance is known to have been healthy once.
  func hasBeenHealthy(_ instance: ObservedInstance) -> Bool {
    context.health[instance.id]?.hasBeenHealthy == true
      || memory.convergence?.attempts[instance.id.slot] == instance.id.attempt
  }

  /// Whether an instance that ended had started well before, so that its end is a first crash.
  func startedWell(
    _ instance: ObservedInstance, _ process: DesiredProcess?, exit: InstanceExit
  ) -> Bool {
    guard let startedAt = instance.startedAt else { return false }
    let lived = exit.at - startedAt
    // One that is up at once and dies at once is no good start either.
    if instance.id.slot.process == .web {
      return hasBeenHealthy(instance) && lived >= Backoff.firstDelay
    }
    return lived >= max(process?.minHealthy ?? .seconds(10), Backoff.firstDelay)
  }

  private func running(_ instance: ObservedInstance, _ process: DesiredProcess?) -> Standing {
    let startedAt = instance.startedAt ?? context.now
    guard let process else { return .up }
    guard process.type == .web else {
      let healthyAt = startedAt + process.minHealthy
      // What began in the future began before a clock went back: long enough ago.
      let isOld = context.now >= healthyAt || startedAt > context.now
      return isOld ? .up : .booting(until: healthyAt)
    }
    let record = context.health[instance.id] ?? HealthRecord()
    if record.successes >= process.healthcheck.successesNeeded { return .up }
    if hasBeenHealthy(instance) {
      if record.isFailing { return .unwell(record.last, since: record.failingSince) }
      return record.hasBeenHealthy ? .up : .booting(until: nil)
    }
    let limit = startedAt + process.healthcheck.bootTimeout
    if context.now >= limit, record.isFailing {
      return .failedBoot(record.last)
    }
    return .booting(until: limit)
  }
}

extension Healthcheck {
  /// Good answers in a row that make a dyno healthy: two where a path is asked, else one.
  package var successesNeeded: Int { path == nil ? 1 : 2 }
}
