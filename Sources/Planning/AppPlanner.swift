// Plans one app: which goal counts now, which changes it means, and which steps may be taken.

import FormationModel

/// Plans one app.
struct AppPlanner {
  let outlook: AppOutlook
  /// What was in force by hand and has ended; memory is yet to be told.
  let ends: [OverrideEnd]
  let instances: [ObservedInstance]
  /// What says that it is an instance of the app and cannot prove it.
  let unproven: [UnprovenInstance]
  let world: ObservedFormation
  /// Whether everything could be seen; if not, nothing is stopped or removed.
  let isComplete: Bool
  let memory: AppMemory
  /// Holds that somebody confirmed.
  let confirmed: Set<HoldID>
  let revision: RevisionID?
  /// An app that this one depends on and that is not well.
  let blocker: AppName?
  /// Bytes for dynos beside those that they replace; nil: nothing limits them.
  let room: Int64?
  let context: PlanningContext

  /// The app's part of the plan.
  func plan() -> AppPlan {
    var part = AppPlan(app: outlook.name)
    part.holds = outlook.holds
    part.platformHolds = outlook.platformHolds
    part.errors = outlook.errors
    part.source = (outlook.wanted ?? outlook.inForce)?.app.source
    if part.source != nil {
      part.revision = outlook.wanted == nil ? memory.acceptedRevision : revision
    }
    if !outlook.isLeaving {
      part.overrides = OverrideStanding.all(of: memory.overrides)
      part.stopped = (outlook.wanted ?? outlook.inForce)?.stopped ?? []
    }
    guard !outlook.isSuspended else { return suspended(part) }
    if let wanted = outlook.wanted {
      steer(towards: wanted, &part)
    } else if let inForce = outlook.inForce {
      repair(inForce, &part)
    } else if outlook.isLeaving {
      leave(&part)
    }
    if !outlook.isLeaving {
      releaseCommands.follow(&part)
      fillPostdeploy(&part)
      oneOffs.fill(&part)
    }
    if !isComplete { part.next.removeAll { $0.operation.endsSomething } }
    rememberEnds(&part)
    if let only = context.only, !only.contains(outlook.name) {
      part.next = []
      part.waits = []
    }
    judge(&part)
    return part
  }

  private func rememberEnds(_ part: inout AppPlan) {
    guard !ends.isEmpty else { return }
    let changes = ends.map { MemoryChange.endOverride(outlook.name, $0) }
    part.next.insert(Step(app: outlook.name, .remember(changes), .bookkeeping), at: 0)
  }

  private func formation(_ goal: Goal) -> FormationPlanner {
    var memory = memory
    // What could not start again is not stopped: a restart waits until the secret is back.
    if outlook.holds.contains(where: \.isForLostSecret) { memory.restarts = [:] }
    return FormationPlanner(
      goal: goal, instances: instances.filter { $0.id.kind == .dyno }, unproven: unproven,
      memory: memory,
      isComplete: isComplete, routing: world.routing, room: room, context: context)
  }

  /// The wish is steered towards once what it needs is ready; until then what is in force is kept
  /// in repair, while the changes already show the wish.
  private func steer(towards wanted: Goal, _ part: inout AppPlan) {
    let waitsForAnother =
      blocker != nil && !wanted.isReturn && (!wanted.isRecorded || memory.accepted != wanted.asked)
    let isDue = releaseCommands.isDue(wanted)
    let needs = preparations(for: wanted, beginning: isDue && !waitsForAnother)
    let isReady = !isDue && needs.steps.isEmpty && needs.waits.isEmpty && !waitsForAnother
    let failure = formation(wanted).fill(&part)
    part.changes = releaseChanges(to: wanted, beginning: isDue) + part.changes
    if isReady {
      if let step = turnBack(from: wanted, failure) { return part.next = [step] }
      let writes = takingOver(wanted)
      if !wanted.isRecorded { part.next = [] }
      if !writes.isEmpty {
        part.next.insert(Step(app: outlook.name, .remember(writes), .bookkeeping), at: 0)
      }
      return
    }
    part.next = []
    part.waits = []
    let isWanted = { (slot: SlotID) in
      wanted.app.process(slot.process).map { wanted.slots(of: $0).contains(slot) } ?? false
    }
    if let inForce = outlook.inForce {
      var kept = AppPlan(app: outlook.name)
      repair(inForce, &kept)
      part.next = kept.next.filter { isRepair($0, isWanted) }
      part.waits = kept.waits.filter { $0.slot.map(isWanted) ?? true }
      part.holds += kept.holds.filter { !part.holds.contains($0) }
    }
    if waitsForAnother, let blocker {
      part.waits.append(Wait(app: outlook.name, .dependency(blocker)))
    } else {
      part.next += needs.steps
      part.waits += needs.waits
    }
  }

  /// Whether a step mends what is in force without working against the wish: nothing is stopped for
  /// the old one, nothing is started that the new one does not want.
  private func isRepair(_ step: Step, _ isWanted: (SlotID) -> Bool) -> Bool {
    switch step.operation {
    case .stop: false
    case .start(let spec): isWanted(spec.id.slot)
    case .remember, .generateSecrets, .prepareStack, .prepareSlug, .kill, .remove, .openRouter,
      .route:
      true
    }
  }

  /// Keeps what is in force; when its stack or slug got lost, they are made ready before any start.
  private func repair(_ inForce: Goal, _ part: inout AppPlan) {
    let failure = formation(inForce).fill(&part)
    if let step = turnBack(from: inForce, failure) { return part.next = [step] }
    guard part.next.contains(where: \.operation.isStart) else { return }
    let needs = contentPreparations(for: inForce)
    guard !needs.steps.isEmpty || !needs.waits.isEmpty else { return }
    part.next.removeAll { $0.operation.isStart || $0.operation.subject == .memory }
    part.next += needs.steps
    part.waits += needs.waits
  }

  /// What has to be there before the wish's release goes live.
  private func preparations(
    for wanted: Goal, beginning isDue: Bool
  ) -> (steps: [Step], waits: [Wait]) {
    var needs = contentPreparations(for: wanted)
    if !outlook.secretsToMake.isEmpty {
      needs.add(.generateSecrets(outlook.secretsToMake), waitingFor: "generated secrets")
    }
    if isDue, needs.steps.isEmpty, needs.waits.isEmpty, let revision {
      let recording = {
        var release = release(of: wanted, from: revision)
        release.phase = .pending
        return release
      }
      releaseCommands.prepare(wanted, recording: recording, &needs)
    }
    return (needs.steps, needs.waits)
  }

  /// The stack and the slug, as far as they are not ready.
  func contentPreparations(for wanted: Goal) -> Preparations {
    contentPreparations(wanted.content)
  }

  /// The stack and the slug of a content, as far as they are not ready.
  func contentPreparations(_ content: ReleaseContent) -> Preparations {
    var needs = Preparations(app: outlook.name, context: context)
    let stack = content.stack
    if !world.stacks.contains(stack.digest) {
      needs.add(.prepareStack(stack), waitingFor: "stack \(stack.stack.name)")
    }
    if !world.slugs.contains(content.slug.digest) {
      needs.add(.prepareSlug(content.slug), waitingFor: "slug of \(outlook.name)")
    }
    return needs
  }

  /// The app left git, with consent or within the budget: its dynos stop, its memory lets go.
  private func leave(_ part: inout AppPlan) {
    var leaving = FormationPlanner.Leaving(
      app: outlook.name, instances: instances, routing: world.routing, context: context)
    leaving.fill(&part)
    if memory.isAccepted || !memory.overrides.isEmpty {
      part.next.insert(
        Step(
          app: outlook.name,
          .remember([.depart(outlook.name, because: revision, context.now)]), .appRemoved), at: 0)
    }
  }

  private func suspended(_ part: AppPlan) -> AppPlan {
    var part = part
    // Remembered, so that it holds as well while the repository cannot be read.
    if outlook.isSuspendedByManifest, var accepted = memory.accepted,
      let since = memory.acceptedRevision,
      accepted.suspension != .everything
    {
      accepted.suspension = .everything
      part.next.append(
        Step(app: outlook.name, .remember([.accept(accepted, since)]), .bookkeeping))
    }
    rememberEnds(&part)
    part.dynos = standing()
    // What runs once goes on to its end, which is written down; nothing begins.
    oneOffs.fill(&part, begins: false)
    if !isComplete { part.next.removeAll { $0.operation.endsSomething } }
    part.sync = SyncStatus(.outOfSync, .held)
    part.health = HealthStatus(
      .suspended, outlook.isSuspendedByManifest ? .suspendedByManifest : .suspendedByHand)
    return part
  }

  /// How the dynos stand that are left as they are: none of them starts next.
  private func standing() -> [DynoStanding] {
    guard let goal = outlook.inForce ?? outlook.wanted else { return [] }
    var seen = AppPlan(app: outlook.name)
    formation(goal).fill(&seen)
    return seen.dynos.map { dyno in
      var dyno = dyno
      dyno.nextStart = nil
      return dyno
    }
  }

  private func judge(_ part: inout AppPlan) {
    if let obstacle = outlook.obstacle {
      part.sync = SyncStatus(obstacle == .sourceProblem ? .unknown : .outOfSync, obstacle)
    } else if !part.changes.isEmpty {
      let isHeld = part.holds.contains { $0.code == "UnprovenInstance" }
      part.sync = SyncStatus(.outOfSync, isHeld ? .held : .changesPending)
    } else if !part.overrides.isEmpty {
      part.sync = SyncStatus(.synced, .overridden)
    }
    part.health =
      HealthJudge(
        part: part, goal: outlook.wanted ?? outlook.inForce,
        isFirst: memory.convergence == nil && memory.releases.count == 1
      ).status
  }
}

extension Operation {
  /// Whether it stops or removes something.
  var endsSomething: Bool {
    switch self {
    case .stop, .kill, .remove: true
    case .remember, .generateSecrets, .prepareStack, .prepareSlug, .start, .openRouter, .route:
      false
    }
  }

  /// Whether it starts something.
  var isStart: Bool {
    if case .start = self { true } else { false }
  }

  /// Whether it only writes to memory.
  var isMemory: Bool {
    if case .remember = self { true } else { false }
  }
}

extension Operation {
  /// Whether it tells the router something.
  package var isRouting: Bool {
    switch self {
    case .openRouter, .route: true
    case .remember, .generateSecrets, .prepareStack, .prepareSlug, .start, .stop, .kill, .remove:
      false
    }
  }
}
