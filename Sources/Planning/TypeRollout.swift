// Brings the slots of one process type to its goal, never faster than its strategy allows.

import FormationModel

/// The slots of one process type on their way to the goal.
struct TypeRollout {
  let process: DesiredProcess
  let planner: FormationPlanner
  let size: DynoType
  let form: InstanceForm
  let views: [SlotView]
  var changes: [Change] = []
  private(set) var steps: [Step] = []
  var waits: [Wait] = []
  var holds: [Hold] = []
  private(set) var attempts: [MemoryChange] = []
  var dynos: [DynoStanding] = []
  /// What a new dyno did in place of getting healthy; nil when none is known to have.
  var failure: FormationPlanner.Failure?
  /// Web dynos that end their requests before they are stopped.
  private(set) var draining: Set<InstanceID> = []
  /// Web dynos that are up and go on being checked.
  private(set) var watched: [InstanceID] = []
  /// Whether a dyno of the type is being replaced, so that no failing one is besides.
  var isReviving = false
  /// Slots that are neither up nor still served by what they are to be rid of.
  var unavailable = 0
  /// Slots in which a new instance is on its way beside an old one.
  private var surging = 0
  /// Dynos of the type that count against its ceiling, those above the quantity too.
  private(set) var occupied = 0

  /// Nil when the dyno type is not in the catalog in force; validation has refused that before.
  init?(_ process: DesiredProcess, planner: FormationPlanner) {
    guard let size = planner.context.catalog.dynoTypes[process.size] else { return nil }
    self.process = process
    self.planner = planner
    self.size = size
    let form = InstanceForm(content: planner.goal.content, process: process, size: size)
    self.form = form
    let views = planner.goal.slots(of: process).map { slot in
      SlotView(
        slot: slot, instances: planner.bySlot[slot] ?? [], form: form,
        restarted: planner.memory.restarts[slot]?.attempt ?? 0)
    }
    guard let cycled = Self.cycled(views, process, planner) else {
      self.views = views
      return
    }
    self.views = views.map { view in
      guard view.slot == cycled.id.slot else { return view }
      return SlotView(
        slot: view.slot, instances: planner.bySlot[view.slot] ?? [], form: form,
        restarted: cycled.id.attempt)
    }
  }

  /// Decides for every slot, lowest number first.
  mutating func decide() {
    unavailable = views.count { !isAvailable($0) && claims(on: $0).isEmpty }
    surging = views.count { view in
      view.outdated.count > 1
        || (!view.outdated.isEmpty
          && (view.current.first != nil || hasFailed(view) && claims(on: view).isEmpty))
    }
    occupied = occupiedSlots
    isReviving = Self.isBusy(views)
    for view in views {
      noteFailure(view)
      sweep(view)
      wind(view)
      if let newest = view.current.first {
        settle(view, newest)
      } else if let oldest = view.outdated.last {
        replace(view, oldest)
      } else {
        fillEmpty(view)
      }
    }
  }

  /// How many dynos of the type may be running: those seen and, where not everything could be seen,
  /// every slot that was ever started and is not known to have ended.
  private var occupiedSlots: Int {
    let ofType = planner.instances.lazy.filter { $0.id.slot.process == process.type }
    guard planner.isComplete else {
      let ended = Dictionary(grouping: ofType.filter { $0.exit != nil }) { $0.id.slot }
      return planner.memory.attempts.count { slot, attempt in
        slot.process == process.type
          && (prefersToStartFirst || !Self.haveEnded(attempt, seen: ended[slot] ?? []))
      }
    }
    let live = ofType.count { instance in
      if prefersToStartFirst, case .stopping = instance.phase { return false }
      return instance.isLive
    }
    return live + claims.count
  }

  // MARK: - One slot

  /// Containers that were made and never started.
  private mutating func sweep(_ view: SlotView) {
    for instance in view.created { add(.remove(instance.id), .neverStarted) }
    for instance in view.tombstones.dropFirst() { add(.remove(instance.id), .bookkeeping) }
  }

  /// Instances that were asked to stop.
  private mutating func wind(_ view: SlotView) {
    for instance in view.stopping {
      guard case .stopping(let killAt) = instance.phase else { continue }
      if planner.context.now >= killAt { add(.kill(instance.id), .graceOver) }
      wait(view, .stopping(instance.id), until: killAt)
    }
  }

  /// The slot has what it asks for: see that it is well, then let go of what came before.
  private mutating func settle(_ view: SlotView, _ newest: ObservedInstance) {
    for surplus in view.current.dropFirst() { stop(surplus, .duplicate) }
    if newest.hasRunOutOfMemory { return end(view, newest) }
    switch planner.judge.standing(of: newest, process) {
    case .up:
      show(view, .up, newest)
      if isWatched { watched.append(newest.id) }
      for old in view.outdated { stop(old, .superseded) }
      for tombstone in view.tombstones.prefix(1) { add(.remove(tombstone.id), .bookkeeping) }
    case .booting(let until):
      show(view, .starting, newest)
      wait(view, .boot(newest.id), until: until)
    case .unwell(let result, let since):
      show(view, .up, newest)
      revive(view, newest, result, failingSince: since)
    case .failedBoot(let result):
      show(view, .crashed, newest)
      let limit = process.healthcheck.bootTimeout
      fail(newest.id, .bootTimeout(result, limit: limit))
      let reason = Reason.bootTimeout(result, limit: limit)
      change(.replace, view, from: newest.id.release, reason)
      stop(newest, reason)
    case .created, .stopping, .exited, .unsupervised:
      break  // `current` holds running instances only.
    }
  }

  /// The slot has something else than it asks for.
  private mutating func replace(_ view: SlotView, _ old: ObservedInstance) {
    let (reason, because) = reasonToReplace(old)
    // No dyno that serves is stopped for one that is known to die.
    let startsFirst = self.startsFirst || prefersToStartFirst && hasFailed(view)
    let stopsFirst = !startsFirst && view.outdated.count == 1 && claims(on: view).isEmpty
    change(
      .replace, view, from: old.id.release, reason, because: because, gap: stopsFirst ? gap : nil)
    show(view, old.phase == .unsupervised ? .crashed : .up, old)
    if view.outdated.count > 1 {
      let kept = bestServing(view)?.id
      for other in view.outdated where other.id != kept { stop(other, .superseded) }
      wait(view, .turn)
    } else if let claim = claims(on: view).first {
      hold(view, claim)
    } else if startsFirst {
      if hasFailed(view) || surging < surgeLimit {
        if !hasFailed(view) { surging += 1 }
        start(view, reason)
      } else {
        wait(view, .turn)
      }
    } else if !isAvailable(view) || unavailable < unavailableLimit {
      // A slot that does not serve already takes nobody's turn.
      if isAvailable(view) { unavailable += 1 }
      for instance in view.outdated { stop(instance, gap.map { .noRoom($0) } ?? reason) }
    } else {
      wait(view, .turn)
    }
  }

  /// Nothing of the slot runs, or only what was asked to stop.
  private mutating func fillEmpty(_ view: SlotView) {
    let (action, reason, because) = reasonToStart(view)
    change(action, view, from: view.tombstones.first?.id.release, reason, because: because)
    if view.stopping.contains(where: { !startsFirst || $0.form == form }) {
      show(view, .starting, view.stopping.first)
    } else if recreates && views.contains(where: { !$0.outdated.isEmpty || !$0.stopping.isEmpty }) {
      show(view, .down, nil)
      wait(view, .turn)
    } else {
      start(view, reason)
    }
  }

  /// Of several old instances the one that serves: a slot has at most two that are not stopping, so
  /// content that supersedes a rollout under way first lets go of what that had started. Of a type
  /// that never runs twice the newest is kept: once its end is seen, the slot is known to be empty.
  private func bestServing(_ view: SlotView) -> ObservedInstance? {
    guard prefersToStartFirst else { return view.outdated.first }
    return view.outdated.first { planner.judge.standing(of: $0, process) == .up }
      ?? view.outdated.last
  }

  // MARK: - Starting and stopping

  private mutating func start(_ view: SlotView, _ reason: Reason) {
    let context = planner.context
    let attempt = 1 + max(view.highestAttempt, planner.memory.attempts[view.slot] ?? 0)
    let crashes = crashCount(view)
    if let claim = claimInTheWay(of: view) {
      hold(view, claim)
      if view.outdated.isEmpty { showEmpty(view, nextStart: nil) }
      return
    }
    let subject = OperationSubject.slot(view.slot, planner.goal.content.digest)
    if let blocked = blocker(view, subject, crashes: crashes) {
      waits.append(blocked)
      if view.outdated.isEmpty { showEmpty(view, nextStart: blocked.until) }
      return
    }
    occupied += 1
    let id = InstanceID(slot: view.slot, release: planner.goal.number, attempt: attempt)
    attempts.append(.attempt(view.slot, attempt))
    steps.append(
      Step(
        app: planner.goal.app.name,
        .start(
          InstanceSpec(
            id: id, content: planner.goal.content, command: form.command, size: size,
            stopTimeout: process.stopTimeout, tcpPort: process.tcpPort, crashes: crashes,
            form: form)), reason))
    if view.outdated.isEmpty { showEmpty(view, nextStart: context.now) }
  }

  /// Why the slot may not be started at this moment; nil when it may.
  private func blocker(_ view: SlotView, _ subject: OperationSubject, crashes: Int) -> Wait? {
    let context = planner.context
    let app = planner.goal.app.name
    if context.underWay.contains(subject) { return Wait(app: app, slot: view.slot, .underWay) }
    if let setback = context.setbacks[subject], setback.until.map({ $0 > context.now }) ?? true {
      return Wait(app: app, slot: view.slot, .retry(setback.failure), until: setback.until)
    }
    // Surplus dynos go first: a clock is not to run twice because two slots change at once.
    if occupied >= ceiling {
      return Wait(app: app, slot: view.slot, planner.isComplete ? .turn : .unproven)
    }
    if !planner.isComplete && !isProvenEmpty(view) {
      return Wait(app: app, slot: view.slot, .unproven)
    }
    guard let tombstone = view.tombstones.first, crashes > 0, let exit = tombstone.exit else {
      return nil
    }
    let delay = Backoff.delay(count: crashes, of: tombstone.id, seed: context.seed)
    let due = exit.at + delay
    // A clock that went back must not make the wait longer than the delay itself.
    let until = min(due, context.now + delay)
    guard until > context.now else { return nil }
    return Wait(app: app, slot: view.slot, .backoff(exit, count: crashes), until: until)
  }

  /// With an incomplete view only a slot all of whose attempts are seen to have ended is empty.
  private func isProvenEmpty(_ view: SlotView) -> Bool {
    guard let attempt = planner.memory.attempts[view.slot] else { return true }
    return !prefersToStartFirst && Self.haveEnded(attempt, seen: view.tombstones)
  }

  /// Whether every attempt up to the last one is among those that were seen to have ended. The last
  /// alone proves little: an old list may once have let it start beside the one before.
  private static func haveEnded(_ last: Int, seen: [ObservedInstance]) -> Bool {
    let attempts = Set(seen.map(\.id.attempt))
    return last > 0 && (1...last).allSatisfy(attempts.contains)
  }

  /// Asks it to stop, once the router sends it nothing any more.
  mutating func stop(_ instance: ObservedInstance, _ reason: Reason) {
    if isDrained(instance) { add(.stop(instance.id, grace: process.stopTimeout), reason) }
  }

  /// Whether nothing is under way with it and it takes no requests; else notes the wait for that.
  mutating func isDrained(_ instance: ObservedInstance) -> Bool {
    guard !planner.context.underWay.contains(.instance(instance.id)) else { return false }
    if let until = planner.routing.drainEnd(of: instance, now: planner.context.now) {
      draining.insert(instance.id)
      waits.append(
        Wait(
          app: planner.goal.app.name, slot: instance.id.slot, .draining(instance.id), until: until))
      return false
    }
    return true
  }

  mutating func add(_ operation: Operation, _ reason: Reason) {
    let context = planner.context
    let subject = operation.subject
    guard !context.underWay.contains(subject) else { return }
    if let setback = context.setbacks[subject], setback.until.map({ $0 > context.now }) ?? true {
      waits.append(
        Wait(app: planner.goal.app.name, .retry(setback.failure), until: setback.until))
      return
    }
    steps.append(Step(app: planner.goal.app.name, operation, reason))
  }
}
