// A command that is begun once, whatever crashes, and never again by itself: followed from the note
// that it begins to the note of how it ended.

import FormationModel

/// A command that has begun.
struct OnceCommand {
  /// The time that it gets after SIGTERM.
  static let grace = Duration.seconds(30)

  let app: AppName
  /// Who runs it.
  let id: InstanceID
  let content: ReleaseContent
  /// What is written down of it.
  let phase: ReleasePhase
  /// How long it may take.
  let timeout: Duration
  /// What was seen of this command and those like it.
  let instances: [ObservedInstance]
  let isComplete: Bool
  let context: PlanningContext
  /// What is different for one that runs beside the formation; nil: the formation waits for it.
  var beside: Beside?
  /// The write that notes how far it is.
  let noting: (ReleasePhase) -> MemoryChange

  /// A command that nobody waits for and that is not tried again.
  struct Beside {
    /// Who asked for its end; nil: nobody did.
    let stopped: String?
  }

  /// What is written down when it is certain that it never began.
  private var notBegun: ReleasePhase { beside == nil ? .pending : .failed(.notStarted) }

  /// Follows it to its end and removes what is left of it.
  func follow(_ part: inout AppPlan) {
    // Between the making of its container and its start it looks as if it had never begun.
    let start = OperationSubject.slot(id.slot, content.digest)
    if context.underWay.contains(start) { return wait(until: nil, &part) }
    guard let instance = instances.first(where: { $0.id == id }) else {
      return settleUnseen(context.setbacks[start], &part)
    }
    switch instance.phase {
    case .created: note(notBegun, &part)  // It never began; nobody else starts it.
    case .running: watch(instance, &part)
    case .unsupervised where beside != nil: watch(instance, &part)
    case .unsupervised: wait(until: nil, &part)  // It goes on; how it ends nobody will know.
    case .stopping(let killAt):
      if context.now >= killAt { Self.add(.kill(id), .graceOver, of: app, context, &part) }
      wait(until: killAt, &part)
    case .exited(let exit):
      let ended = phase(after: exit)
      if ended == phase {
        Self.sweep(instance, of: app, context, &part)
      } else {
        note(ended, &part)
      }
    }
  }

  /// It is not there: a start that failed for certain is tried again, everything else is unknown.
  private func settleUnseen(_ setback: Setback?, _ part: inout AppPlan) {
    // Else it is written down already that nobody knows.
    guard case .begun = phase else { return }
    guard isComplete else { return wait(until: nil, &part) }
    if let setback, setback.failure.retry != .afterObserving {
      note(notBegun, &part)
    } else {
      note(.failed(.unknown(attempt: id.attempt)), &part)
    }
  }

  private func watch(_ instance: ObservedInstance, _ part: inout AppPlan) {
    let until = (instance.startedAt ?? context.now) + timeout
    if let reason = reasonToStop(instance, until) {
      Self.add(.stop(id, grace: Self.grace), reason, of: app, context, &part)
    }
    guard beside != nil else { return wait(until: until, &part) }
    part.nextCycle = [part.nextCycle, until].compactMap { $0 }.min()
  }

  private func reasonToStop(_ instance: ObservedInstance, _ until: LoopTime) -> Reason? {
    if let beside {
      if let person = beside.stopped { return .stoppedByHand(by: person) }
      if instance.isAttended == false { return .sessionGone }
    }
    return context.now >= until ? .releaseTimeout(timeout) : nil
  }

  private func phase(after exit: InstanceExit) -> ReleasePhase {
    switch exit.code {
    case 0: .succeeded
    case nil: .failed(.unknown(attempt: id.attempt))
    case _ where exit.requested && beside == nil: .failed(.timedOut(timeout))
    case _: .failed(.exited(exit))
    }
  }

  private func note(_ phase: ReleasePhase, _ part: inout AppPlan) {
    part.next.append(Step(app: app, .remember([noting(phase)]), .bookkeeping))
  }

  private func wait(until: LoopTime?, _ part: inout AppPlan) {
    part.waits.append(Wait(app: app, slot: id.slot, .command(id), until: until))
  }

  // MARK: - What is left

  /// Removes what is left of a command whose end is written down, or that never began.
  static func sweep(
    _ instance: ObservedInstance, of app: AppName, _ context: PlanningContext,
    _ part: inout AppPlan
  ) {
    let wait = { Wait(app: app, slot: instance.id.slot, .command(instance.id), until: $0) }
    switch instance.phase {
    case .created: add(.remove(instance.id), .neverStarted, of: app, context, &part)
    case .exited: add(.remove(instance.id), .bookkeeping, of: app, context, &part)
    // Nobody remembers it (the store was lost): it is let go on, and nothing begins beside it.
    case .running, .unsupervised: part.waits.append(wait(nil))
    case .stopping(let killAt):
      if context.now >= killAt { add(.kill(instance.id), .graceOver, of: app, context, &part) }
      part.waits.append(wait(killAt))
    }
  }

  private static func add(
    _ operation: Operation, _ reason: Reason, of app: AppName, _ context: PlanningContext,
    _ part: inout AppPlan
  ) {
    var needs = Preparations(app: app, context: context)
    needs.add(operation, waitingFor: "the command", reason)
    part.next += needs.steps
    part.waits += needs.waits
  }
}

extension Preparations {
  /// Adds the start of a command that runs once, after the note that it begins.
  mutating func begin(_ spec: InstanceSpec, noting change: MemoryChange, _ reason: Reason) {
    let count = steps.count
    add(.start(spec), waitingFor: "the command", reason)
    guard steps.count > count else { return }
    let changes = [change, .attempt(spec.id.slot, spec.id.attempt)]
    steps.insert(Step(app: app, .remember(changes), reason), at: count)
  }
}
