// The command of a release: begun once, whatever crashes, and never again by itself. Nothing of the
// release starts before the command has ended with 0.

import FormationModel

/// Plans the release commands of one app.
struct ReleaseCommandPlanner {
  /// Heroku's limit.
  static let usualTimeout = Duration.seconds(3_600)
  private static let grace = Duration.seconds(30)

  let app: AppName
  let memory: AppMemory
  /// Everything of the app that was seen.
  let instances: [ObservedInstance]
  let isComplete: Bool
  let timeout: Duration
  let context: PlanningContext

  private var slot: SlotID { .release(of: app) }

  private var ownInstances: [ObservedInstance] {
    instances.filter { $0.id.kind == .release }.sorted { $0.id < $1.id }
  }

  /// Whether the goal's release has a command that has to run first. Content that a team did not
  /// change (another version of a secret), and content that was gone back to, does without.
  func isDue(_ goal: Goal) -> Bool {
    guard goal.content.releaseCommand != nil, !goal.isRecorded, !goal.isReturn,
      known(goal)?.phase != .succeeded
    else { return false }
    guard let current = memory.currentRelease else { return !isServed(goal.content) }
    return !current.content.isSameByHand(as: goal.content)
  }

  /// The goal's release, when it is recorded and not live.
  func known(_ goal: Goal) -> Release? {
    memory.releases.first { $0.number == goal.number && $0.content == goal.content }
  }

  /// Whether dynos run the content: after a loss of memory they prove that its command succeeded.
  private func isServed(_ content: ReleaseContent) -> Bool {
    instances.contains { $0.id.kind == .dyno && $0.form?.release == content.digest }
  }

  // MARK: - What has begun

  /// Follows the commands that have begun, of whatever release, to their ends, and removes what is
  /// left of them.
  func follow(_ part: inout AppPlan) {
    var kept: Set<InstanceID> = []
    for release in memory.releases {
      guard let attempt = release.openAttempt else { continue }
      let id = InstanceID.release(release.number, of: app, attempt: attempt)
      kept.insert(id)
      follow(id, release, &part)
    }
    for instance in ownInstances where !kept.contains(instance.id) { sweep(instance, &part) }
  }

  private func follow(_ id: InstanceID, _ release: Release, _ part: inout AppPlan) {
    // Between the making of its container and its start it looks as if it had never begun.
    let start = OperationSubject.slot(slot, release.content.digest)
    if context.underWay.contains(start) { return wait(id, until: nil, &part) }
    guard let instance = ownInstances.first(where: { $0.id == id }) else {
      return settleUnseen(id, release, context.setbacks[start], &part)
    }
    switch instance.phase {
    case .created: note(.pending, of: release, &part)  // It never began; nobody else starts it.
    case .running: watch(instance, &part)
    case .unsupervised: wait(id, until: nil, &part)  // It goes on; how it ends nobody will know.
    case .stopping(let killAt):
      if context.now >= killAt { add(.kill(id), .graceOver, &part) }
      wait(id, until: killAt, &part)
    case .exited(let exit):
      let phase = phase(exit, of: id)
      if phase == release.phase { sweep(instance, &part) } else { note(phase, of: release, &part) }
    }
  }

  /// It is not there: a start that failed for certain is tried again, everything else is unknown.
  private func settleUnseen(
    _ id: InstanceID, _ release: Release, _ setback: Setback?, _ part: inout AppPlan
  ) {
    // Else it is written down already that nobody knows.
    guard case .begun = release.phase else { return }
    guard isComplete else { return wait(id, until: nil, &part) }
    if let setback, setback.failure.retry != .afterObserving {
      note(.pending, of: release, &part)
    } else {
      note(.failed(.unknown(attempt: id.attempt)), of: release, &part)
    }
  }

  private func watch(_ instance: ObservedInstance, _ part: inout AppPlan) {
    let until = (instance.startedAt ?? context.now) + timeout
    if context.now >= until {
      add(.stop(instance.id, grace: Self.grace), .releaseTimeout(timeout), &part)
    }
    wait(instance.id, until: until, &part)
  }

  private func phase(_ exit: InstanceExit, of id: InstanceID) -> ReleasePhase {
    switch exit.code {
    case 0: .succeeded
    case nil: .failed(.unknown(attempt: id.attempt))
    case _ where exit.requested: .failed(.timedOut(timeout))
    case _: .failed(.exited(exit))
    }
  }

  /// What is left of a command whose end is written down, or that never began.
  private func sweep(_ instance: ObservedInstance, _ part: inout AppPlan) {
    switch instance.phase {
    case .created: add(.remove(instance.id), .neverStarted, &part)
    case .exited: add(.remove(instance.id), .bookkeeping, &part)
    // Nobody remembers it (the store was lost): it is let go on, and nothing begins beside it.
    case .running, .unsupervised: wait(instance.id, until: nil, &part)
    case .stopping(let killAt):
      if context.now >= killAt { add(.kill(instance.id), .graceOver, &part) }
      wait(instance.id, until: killAt, &part)
    }
  }

  // MARK: - What is to begin

  /// Adds what has to happen until the goal's release may go live.
  func prepare(_ goal: Goal, recording release: () -> Release, _ needs: inout Preparations) {
    // One at a time, and what is left of the one before goes first.
    guard ownInstances.isEmpty, !hasBegun else { return }
    guard let known = known(goal) else {
      needs.steps.append(
        Step(app: app, .remember([.record(app, release())]), .releaseCommand))
      return
    }
    guard known.phase == .pending, isComplete else { return }
    begin(goal, &needs)
  }

  /// Whether the command of any release has begun, and its end is not written down.
  private var hasBegun: Bool {
    memory.releases.contains { if case .begun = $0.phase { true } else { false } }
  }

  private func begin(_ goal: Goal, _ needs: inout Preparations) {
    guard let command = goal.content.releaseCommand,
      let process = goal.asked.process(.release),
      let size = context.catalog.dynoTypes[process.size]
    else { return }
    let seen = ownInstances.map(\.id.attempt).max() ?? 0
    let attempt = 1 + max(seen, memory.attempts[slot] ?? 0)
    let id = InstanceID.release(goal.number, of: app, attempt: attempt)
    let spec = InstanceSpec(
      id: id, content: goal.content, command: command, size: size, stopTimeout: Self.grace,
      tcpPort: nil, crashes: 0,
      form: InstanceForm(content: goal.content, process: process, size: size))
    let count = needs.steps.count
    needs.add(.start(spec), waitingFor: "the release command", .releaseCommand)
    guard needs.steps.count > count else { return }
    let changes: [MemoryChange] = [
      .phase(app, release: goal.number, .begun(attempt: attempt), context.now),
      .attempt(slot, attempt),
    ]
    needs.steps.insert(Step(app: app, .remember(changes), .releaseCommand), at: count)
  }

  // MARK: - Parts of a plan

  private func note(_ phase: ReleasePhase, of release: Release, _ part: inout AppPlan) {
    part.next.append(
      Step(
        app: app, .remember([.phase(app, release: release.number, phase, context.now)]),
        .bookkeeping))
  }

  private func wait(_ id: InstanceID, until: LoopTime?, _ part: inout AppPlan) {
    part.waits.append(Wait(app: app, slot: id.slot, .releaseCommand(id), until: until))
  }

  private func add(_ operation: Operation, _ reason: Reason, _ part: inout AppPlan) {
    var needs = Preparations(app: app, context: context)
    needs.add(operation, waitingFor: "the release command", reason)
    part.next += needs.steps
    part.waits += needs.waits
  }
}
