// The control loop as a value: events in, effects out. No task, no clock, no chance; the driver and
// the simulator run this same struct. What to do is the planner's business, not this file's.

package import FormationModel
package import Planning

/// Reads, observes, plans, acts, and again, until nothing is left to do.
package struct LoopCore {
  /// How it runs.
  package let options: LoopOptions
  /// What is remembered, as far as the store has confirmed it.
  package internal(set) var memory: Memory
  /// The newest plan; nil before the first.
  package internal(set) var plan: Plan?
  /// The newest formation read; nil when the repository could not be taken.
  package internal(set) var desired: ResolvedFormation?
  /// Whether a run that ends has ended.
  package internal(set) var isFinished = false

  /// What a planner is: desired, observed, memory and context in, a plan out.
  package typealias Planning =
    @Sendable (
      ResolvedFormation?, Observation, Memory, PlanningContext
    ) -> Plan

  /// The planner; the simulator puts a broken one in its place, to see that it is found.
  package var planning: Planning = {
    Planner.plan(desired: $0, observed: $1, memory: $2, context: $3)
  }

  var stage = Stage.idle
  var health: [InstanceID: HealthRecord] = [:]
  var setbacks = Setbacks()
  var underWay: [EffectNumber: Step] = [:]
  var probing: Set<InstanceID> = []
  /// Orders that wait to be recorded, oldest first.
  var orders: [Order] = []
  var sourceHold: Hold?
  var instances: [InstanceID: ObservedInstance] = [:]
  var seen: Observation?
  private var nextNumber = 1
  private var isSourceDue = false
  var isPassDue = false
  /// Whether the store may hold something else than `memory`: a write failed, or nobody knows.
  var isMemoryInDoubt = false
  private var isProven = false
  var writing: [MemoryChange] = []
  /// Orders that are being written; they are answered when they are.
  var recording: [Order] = []
  private var basis: (desired: ResolvedFormation?, memory: Memory, world: Observation)?
  private var latest: LoopTime

  /// Where a pass stands.
  enum Stage: Hashable {
    case idle, readingMemory, readingSource, observing
    /// Memory is being written; these steps come after it.
    case writing(EffectNumber, then: [Step])
    /// Steps are being taken.
    case acting
  }

  /// Makes a loop that has seen nothing yet; it starts with `.woken`.
  package init(options: LoopOptions, memory: Memory, now: LoopTime) {
    self.options = options
    self.memory = memory
    latest = now
  }

  /// Takes an event and answers what to do. Effects that change something carry numbers that grow.
  package mutating func handle(_ event: LoopEvent, at now: LoopTime) -> [LoopEffect] {
    if now < latest { setbacks.clockWentBack(to: now) }
    latest = now
    switch event {
    case .woken:
      isSourceDue = true
      return pass(now)
    case .timerFired, .runtimeChanged:
      isPassDue = true
      return pass(now)
    case .memoryRead(let memory): return memoryRead(memory, now)
    case .memoryUnreadable(let failure):
      guard stage == .readingMemory else { return [] }
      return storeFailed(failure, now)
    case .sourceRead(let formation):
      guard stage == .readingSource else { return [] }
      desired = formation
      sourceHold = nil
      return observe()
    case .sourceFailed(let failure):
      guard stage == .readingSource else { return [] }
      desired = nil
      sourceHold = failure.hold(of: nil)
      return observe()
    case .observed(let observation):
      guard stage == .observing else { return [] }
      return decide(observation, now)
    case .effectEnded(let number, let outcome): return ended(number, outcome, now)
    case .probed(let id, let result): return probed(id, result, now)
    case .ordered(let order):
      guard !isFinished else { return [.answer(order, .failed(Self.tooLate))] }
      orders.append(order)
      // What git asks for at that time is noted with the order.
      isSourceDue = true
      return pass(now)
    }
  }

  // MARK: - A pass

  /// Begins what is due, unless a pass is under way: then it begins after it.
  mutating func pass(_ now: LoopTime) -> [LoopEffect] {
    guard stage == .idle, !isFinished else { return [] }
    if isMemoryInDoubt { return readMemory(now) }
    if isSourceDue {
      isSourceDue = false
      isPassDue = false
      stage = .readingSource
      let accepts = sourceHold.map { memory.confirmed.contains($0.id) } ?? false
      let inForce = RevisionsInForce(
        platform: accepts ? nil : memory.revision, sources: memory.sources,
        confirmed: memory.confirmed, standIns: memory.standIns, windows: memory.windows)
      return [.readSource(inForce: inForce)]
    }
    guard isPassDue else { return [] }
    return observe()
  }

  mutating func observe() -> [LoopEffect] {
    isPassDue = false
    stage = .observing
    return [.observe]
  }

  private mutating func decide(_ observation: Observation, _ now: LoopTime) -> [LoopEffect] {
    let observation = remember(observation)
    if !orders.isEmpty {
      let judged = judgeOrders()
      if !judged.changes.isEmpty {
        (isSourceDue, isProven) = (true, false)
        recording = judged.taken
        return judged.answers + write(judged.changes, then: [])
      }
      guard !options.runsOnce else {
        isFinished = true
        return judged.answers + [.finish(.failed)]
      }
      return judged.answers + decide(observation, now)
    }
    let plan = settled(observation, now) ?? planned(observation, now)
    self.plan = plan
    basis = (desired, memory, observation)
    guard options.acts else { return look(plan) }
    let batch = Batch(plan, limit: options.limits.batchSteps)
    if !batch.isEmpty { isProven = false }
    if !batch.changes.isEmpty {
      return [.report(plan)] + write(batch.changes, then: batch.steps)
    }
    if !batch.steps.isEmpty { return [.report(plan)] + perform(batch.steps, now) }
    return rest(plan, now)
  }

  private func planned(_ observation: Observation, _ now: LoopTime) -> Plan {
    let plan = planning(desired, observation, memory, context(now))
    return options.saved?.bounding(plan) ?? plan
  }

  /// The last plan, when it had nothing to do and nothing to wait for, and nothing has changed
  /// since.
  private func settled(_ observation: Observation, _ now: LoopTime) -> Plan? {
    guard let plan, plan.isConverged, let basis, basis.world == observation,
      basis.memory == memory, basis.desired == desired,
      plan.nextOverrideEnd.map({ $0 > now }) ?? true,
      plan.apps.allSatisfy({ $0.nextCycle.map { $0 > now } ?? true })
    else { return nil }
    return plan
  }

  /// Only looks: healths are checked once, then this is the answer.
  private mutating func look(_ plan: Plan) -> [LoopEffect] {
    stage = .idle
    let probes = firstProbes(plan)
    guard probes.isEmpty else { return probes }
    isFinished = true
    return [.report(plan), .finish(plan.verdict(only: options.only))]
  }

  private mutating func write(_ changes: [MemoryChange], then steps: [Step]) -> [LoopEffect] {
    let number = takeNumber()
    writing = changes
    stage = .writing(number, then: steps)
    return [.write(number, changes)]
  }

  private mutating func perform(_ steps: [Step], _ now: LoopTime) -> [LoopEffect] {
    let effects = steps.map { step in
      let number = takeNumber()
      underWay[number] = step
      return LoopEffect.perform(number, step)
    }
    stage = .acting
    return effects + continueAfterActing(now)
  }

  private mutating func takeNumber() -> EffectNumber {
    defer { nextNumber += 1 }
    return EffectNumber(nextNumber)
  }

  // MARK: - Outcomes

  private mutating func ended(
    _ number: EffectNumber, _ outcome: Outcome, _ now: LoopTime
  ) -> [LoopEffect] {
    if case .writing(number, let steps) = stage {
      guard case .failed(let failure) = outcome else {
        setbacks.succeeded(.memory)
        return written(then: steps, now)
      }
      return storeFailed(failure, now)
    }
    guard let step = underWay.removeValue(forKey: number) else { return [] }
    let subject = step.operation.subject
    switch outcome {
    case .done:
      setbacks.succeeded(subject)
      if case .generateSecrets(let secrets) = step.operation { memory.secrets.formUnion(secrets) }
    case .failed(let failure):
      setbacks.failed(subject, failure, now, seed: options.seed)
    }
    isPassDue = true
    return stage == .idle ? pass(now) : continueAfterActing(now)
  }

  private mutating func written(then steps: [Step], _ now: LoopTime) -> [LoopEffect] {
    let kept = desired?.platform.releasesKept ?? memory.platform?.releasesKept ?? 10
    for change in writing { memory.apply(change, releasesKept: kept) }
    writing = []
    isPassDue = true
    let answers = recording.map { order in
      forgetSetbacks(order)
      return LoopEffect.answer(order, .done)
    }
    recording = []
    guard steps.isEmpty else { return answers + perform(steps, now) }
    stage = .idle
    return answers + pass(now)
  }

  /// Steps whose end the pass does not wait for (a stack may take minutes) go on in the background.
  private mutating func continueAfterActing(_ now: LoopTime) -> [LoopEffect] {
    guard stage == .acting, underWay.values.allSatisfy(\.operation.takesLong) else { return [] }
    stage = .idle
    isPassDue = true
    return pass(now)
  }

  // MARK: - Rest

  /// Nothing may be done at this moment: check healths, set the timer, and see whether this is the
  /// end.
  private mutating func rest(_ plan: Plan, _ now: LoopTime) -> [LoopEffect] {
    stage = .idle
    var effects: [LoopEffect] = [.report(plan)]
    if options.runsOnce, underWay.isEmpty, let verdict = plan.ending(only: options.only) {
      if verdict == .converged && !isProven {
        isProven = true
        return effects + observe()
      }
      isFinished = true
      return effects + [.finish(verdict)]
    }
    effects += dueProbes(plan, now)
    effects.append(.wake(at: nextWake(plan, now)))
    if isPassDue || isSourceDue { effects += pass(now) }
    return effects
  }
}
