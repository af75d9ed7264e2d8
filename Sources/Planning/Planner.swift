// The only place that chooses. Desired, observed, memory and context in, one plan out; no clock, no
// chance, no dictionary order. Who wonders why Muster does something starts reading here.

package import FormationModel

/// Decides what has to happen until the formation that runs is the one that is asked for.
package enum Planner {
  /// The plan for this moment. `desired` is nil when the repository could not be taken: then the
  /// formations that were taken over last stay in force.
  package static func plan(
    desired: ResolvedFormation?, observed: Observation, memory: Memory, context: PlanningContext
  ) -> Plan {
    let world: ObservedFormation
    let isComplete: Bool
    switch observed {
    case .complete(let formation): (world, isComplete) = (formation, true)
    case .partial(let formation, _): (world, isComplete) = (formation, false)
    case .unavailable(let reason): return blind(reason, desired, memory, context)
    }
    let before = Outlooks(
      desired: desired, world: world, isComplete: isComplete, memory: memory, context: context)
    let promises = MemoryPromises(
      desired?.platform ?? memory.platform, machine: world.memoryBytes, memory: memory,
      context: context)
    let (outlooks, ends) = before.settled(within: promises)
    let memory = outlooks.memory
    var plan = Plan(
      revision: desired?.revision?.id, apps: [],
      platform: platformChanges(desired, memory: memory, outlooks: outlooks),
      platformHolds: outlooks.platformHolds, leftAlone: leftAlone(observed))
    plan.apps = parts(outlooks, ends, within: promises)
    routes(desired, outlooks, memory, context).fill(&plan)
    // A part of the world says nothing of how the whole is.
    guard isComplete else { return plan }
    var marks = SinceMarks(plan, knowsSource: desired != nil, memory: memory, context: context)
    plan.platform += marks.changes()
    return plan
  }

  /// Every app's part, sorted by name: planned in an order in which dependencies come first.
  private static func parts(
    _ outlooks: Outlooks, _ ends: [AppName: [OverrideEnd]], within promises: MemoryPromises?
  ) -> [AppPlan] {
    let (world, memory) = (outlooks.world, outlooks.memory)
    let unproven = Dictionary(grouping: world.unproven, by: \.id.slot.app)
    var finished: [AppName: AppPlan] = [:]
    let room = promises?.room(beside: outlooks)
    for name in outlooks.dependencyOrder {
      guard let outlook = outlooks.apps[name] else { continue }
      let blocker = outlooks.dependencies(of: name).first { finished[$0]?.isWell != true }
      let planner = AppPlanner(
        outlook: outlook, ends: ends[name] ?? [], instances: outlooks.instances[name] ?? [],
        unproven: unproven[name] ?? [], world: world, isComplete: outlooks.isComplete,
        memory: memory.apps[name] ?? AppMemory(), confirmed: memory.confirmed,
        revision: outlooks.desired?.revision(of: outlook.wanted?.app.source),
        blocker: blocker, room: room, context: outlooks.context)
      finished[name] = planner.plan()
    }
    return finished.values.sorted { $0.app < $1.app }
  }

  private static func routes(
    _ desired: ResolvedFormation?, _ outlooks: Outlooks, _ memory: Memory,
    _ context: PlanningContext
  ) -> RoutePlanner {
    let platform = desired?.platform ?? memory.platform
    return RoutePlanner(outlooks, memory: memory, platform: platform?.router, context: context)
  }

  private static func leftAlone(_ observed: Observation) -> [String] {
    switch observed {
    case .complete(let formation): formation.unproven.map(\.story) + formation.strangers
    case .partial(let formation, let missing):
      formation.unproven.map(\.story) + formation.strangers + missing
    case .unavailable: []
    }
  }

  /// The plan when the runtime says nothing: no step, and nobody pretends to know.
  private static func blind(
    _ reason: String, _ desired: ResolvedFormation?, _ memory: Memory, _ context: PlanningContext
  ) -> Plan {
    let names = Set(desired?.apps.map(\.name) ?? [])
      .union(desired?.rejected.map(\.name) ?? [])
      .union(memory.apps.filter { $0.value.isAccepted }.keys)
    let apps = names.sorted().map { name in
      var part = AppPlan(app: name)
      part.sync = SyncStatus(.unknown, .runtimeUnavailable)
      part.health = HealthStatus(.missing, .runtimeUnavailable)
      return part
    }
    var plan = Plan(
      revision: desired?.revision?.id, apps: apps, platform: [],
      platformHolds: context.sourceHold.map { [$0] } ?? [], leftAlone: [])
    plan.blindness = reason
    return plan
  }

  /// What memory has to take over for the platform as a whole.
  private static func platformChanges(
    _ desired: ResolvedFormation?, memory: Memory, outlooks: Outlooks
  ) -> [MemoryChange] {
    var changes: [MemoryChange] = []
    if let desired, let revision = desired.revision?.id {
      var platform = desired.platform
      // What the commit may remove is not for the same commit to say.
      if outlooks.holdsRemoval, let known = memory.platform {
        platform.deletionBudget = known.deletionBudget
      }
      if memory.revision != revision || memory.platform != platform {
        changes.append(.takeOver(revision, platform))
      }
    }
    if let desired, desired.revision != nil {
      let sources = revisions(of: desired.sources, memory)
      if sources != memory.sources { changes.append(.takeOverSources(sources)) }
    }
    if let desired {
      // Nothing is in force by hand for what is not there. Whose source could not be taken may be
      // there, without anybody who knows from where it comes.
      let isWhole = desired.sources.allSatisfy { $0.failure == nil }
      let gone = memory.apps.lazy.filter { name, app in
        isWhole && !app.isAccepted && !app.overrides.isEmpty && outlooks.apps[name] == nil
      }
      changes += gone.map(\.key).sorted().map { .forget($0) }
      // Consent to pass a window is kept for what it was given for, and until that is in force.
      let passing = Set(outlooks.apps.values.compactMap(\.windowConsent))
      changes += passing.subtracting(memory.confirmed).sorted().map { .confirm($0) }
      changes += memory.confirmed.subtracting(outlooks.consentsInUse.union(passing)).sorted().map {
        .withdraw($0)
      }
    }
    return changes
  }

  /// The revisions of other sources: those that could be taken, else those taken over before.
  private static func revisions(
    of standings: [SourceStanding], _ memory: Memory
  ) -> [AppSource: RevisionID] {
    var revisions: [AppSource: RevisionID] = [:]
    for standing in standings {
      let taken = standing.failure == nil ? standing.revision?.id : nil
      revisions[standing.source] = taken ?? memory.sources[standing.source]
    }
    return revisions
  }
}

extension AppPlan {
  /// Whether apps that depend on this one may go ahead.
  var isWell: Bool { health.value == .healthy && waits.isEmpty }
}
