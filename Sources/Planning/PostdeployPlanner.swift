// The postdeploy script of an app: due when the app has stood for the first time, begun once,
// whatever crashes, and never again by itself.

import FormationModel

/// Plans the postdeploy script of one app.
struct PostdeployPlanner {
  let app: AppName
  let memory: AppMemory
  /// Everything of the app that was seen.
  let instances: [ObservedInstance]
  let isComplete: Bool
  /// Holds that somebody confirmed.
  let confirmed: Set<HoldID>
  let context: PlanningContext

  private var ownInstances: [ObservedInstance] {
    instances.filter { $0.id.slot == .postdeploy(of: app) && $0.id.kind == .oneOff }
  }

  /// Follows the script to its end; what failed is held until somebody has seen to it.
  func follow(_ part: inout AppPlan) {
    var kept: InstanceID?
    if let known = memory.postdeploy, let attempt = known.phase.openAttempt {
      let id = InstanceID.postdeploy(known.release, of: app, attempt: attempt)
      kept = id
      follow(id, known, &part)
    }
    for instance in ownInstances where instance.id != kept {
      OnceCommand.sweep(instance, of: app, context, &part)
    }
    guard let known = memory.postdeploy, let failure = known.failure else { return }
    let hold = Hold(failure, ofPostdeployOf: app)
    guard confirmed.contains(hold.id) else { return part.holds.append(hold) }
    part.next.append(Step(app: app, .remember([note(.live, known)]), .bookkeeping))
  }

  private func follow(_ id: InstanceID, _ known: Postdeploy, _ part: inout AppPlan) {
    guard
      let content = memory.releases.first(where: { $0.number == known.release })?.content
        ?? memory.currentRelease?.content
    else { return }
    OnceCommand(
      app: app, id: id, content: content, phase: known.phase,
      timeout: ReleaseCommandPlanner.usualTimeout, instances: ownInstances,
      isComplete: isComplete, context: context
    ) { note($0, known) }.follow(&part)
  }

  private func note(_ phase: ReleasePhase, _ known: Postdeploy) -> MemoryChange {
    .postdeploy(app, Postdeploy(release: known.release, phase))
  }

  /// Whether it is to begin.
  var isDue: Bool {
    memory.postdeploy?.phase == .pending && isComplete && ownInstances.isEmpty
  }

  /// Adds its begin with the release that is in force.
  func begin(_ goal: Goal, _ needs: inout Preparations) {
    guard let command = goal.asked.postdeploy else {
      // Git has it no more: what is not wanted is not made up for later.
      let change = MemoryChange.postdeploy(app, Postdeploy(release: goal.number, .live))
      return needs.steps.append(Step(app: app, .remember([change]), .bookkeeping))
    }
    guard let size = context.catalog.dynoTypes[self.size(goal)] else { return }
    let seen = instances.filter { $0.id.slot == .postdeploy(of: app) }.map(\.id.attempt).max() ?? 0
    let attempt = 1 + max(seen, memory.attempts[.postdeploy(of: app)] ?? 0)
    let process = DesiredProcess(type: .postdeploy, command: command, quantity: 0, size: size.name)
    let spec = InstanceSpec(
      id: .postdeploy(goal.number, of: app, attempt: attempt), content: goal.content,
      command: command, size: size, stopTimeout: OnceCommand.grace, tcpPort: nil, crashes: 0,
      form: InstanceForm(content: goal.content, process: process, size: size))
    let begun = Postdeploy(release: goal.number, .begun(attempt: attempt))
    needs.begin(spec, noting: .postdeploy(app, begun), .postdeploy)
  }

  /// The size of the app's web dynos, or else of its first process type.
  private func size(_ goal: Goal) -> CatalogName {
    (goal.asked.process(.web) ?? goal.asked.processes.first)?.size ?? .standardSize
  }

  /// That it is to begin once the app stands, or now; nil when it is not.
  func announced(_ wanted: Goal?, _ inForce: Goal?) -> Change? {
    let isPending = memory.postdeploy?.phase == .pending
    guard let goal = isPending ? inForce ?? wanted : wanted ?? inForce,
      goal.asked.postdeploy != nil
    else { return nil }
    let isFirst = memory.postdeploy == nil && memory.convergence == nil && !hasStoodUnseen
    guard isFirst || isPending else { return nil }
    return Change(
      .start, app: app, slot: .postdeploy(of: app), to: goal.number, .postdeploy)
  }

  /// Whether dynos of the app are there, or what is left of some, and nobody remembers it: memory
  /// was lost, and the app has stood before.
  var hasStoodUnseen: Bool {
    !memory.isAccepted && memory.releases.isEmpty
      && instances.contains { $0.id.kind == .dyno }
  }
}

extension FormationPlanner {
  /// That the postdeploy script is due, as the app stands for the first time; nil when it is not.
  var duePostdeploy: MemoryChange? {
    guard goal.asked.postdeploy != nil, memory.postdeploy == nil, memory.convergence == nil
    else { return nil }
    return .postdeploy(goal.app.name, Postdeploy(release: goal.number, .pending))
  }
}

extension Hold {
  /// What a postdeploy script leaves that failed, or of which nobody knows how it ended.
  fileprivate init(_ failure: ReleaseFailure, ofPostdeployOf app: AppName) {
    let id = HoldID("postdeploy/\(app)")
    self.init(
      id, app: app, .postdeployFailed(failure),
      release: "muster confirm \(id) once it is seen to, or `muster retry \(app)` to run it again")
  }
}
