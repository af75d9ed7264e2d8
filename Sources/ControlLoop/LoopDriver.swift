// The thin actor around LoopCore: performs effects, feeds their ends back as events. It decides
// nothing; whoever looks for a decision finds it in Planning.

package import Effects
package import FormationModel
package import Looping
import Planning

/// Runs a loop against the world.
package actor LoopDriver {
  private var core: LoopCore
  private let seams: LoopSeams
  private var resolver: FormationResolver
  private let crashPoint: CrashPoint?
  private let notify: @Sendable (LoopNotice) -> Void
  private let events: AsyncStream<LoopEvent>
  private let inbox: AsyncStream<LoopEvent>.Continuation
  private let gate: Gate
  private var timer: Task<Void, Never>?
  private var verdict: RunVerdict?
  /// Why the repository could not be taken when it was read last; nil when it could.
  package private(set) var sourceProblem: SourceProblem?
  private var history: [StoredEvent] = []
  /// Steps being taken whose end a stop waits for.
  private var taking = 0
  private var isStopping = false
  private var watch = StandingWatch()
  private var memoryWatch = MemoryWatch()
  private var waiting: [(order: Order, answer: CheckedContinuation<Outcome, Never>)] = []
  private var hasEnded = false

  /// Makes a driver; nothing happens before `run`.
  package init(
    options: LoopOptions, memory: Memory, seams: LoopSeams, crashPoint: CrashPoint? = nil,
    notify: @escaping @Sendable (LoopNotice) -> Void
  ) {
    core = LoopCore(options: options, memory: memory, now: seams.clock())
    self.seams = seams
    self.crashPoint = crashPoint
    self.notify = notify
    resolver = FormationResolver(
      digests: seams.digests, stacks: seams.stacks, secrets: seams.secrets)
    (events, inbox) = AsyncStream.makeStream(of: LoopEvent.self)
    gate = Gate(limit: options.limits.concurrentEffects)
  }

  /// Runs until the loop has finished or the task is cancelled, whichever is first.
  package func run() async -> RunResult {
    inbox.yield(.woken)
    await withDiscardingTaskGroup { group in
      group.addTask { [seams, inbox] in
        for await _ in seams.runtime.events() { inbox.yield(.runtimeChanged) }
      }
      group.addTask { [seams, inbox] in
        for await _ in seams.router.routingEvents() { inbox.yield(.runtimeChanged) }
      }
      group.addTask { await self.watchMemory() }
      for await event in events {
        take(event, &group)
        if verdict != nil { break }
      }
      timer?.cancel()
      group.cancelAll()
    }
    hasEnded = true
    while let first = waiting.first { answer(first.order, .failed(LoopCore.tooLate)) }
    await flushHistory()
    return RunResult(
      verdict: verdict, plan: core.plan, formation: core.desired, sourceProblem: sourceProblem)
  }

  /// Tells the loop that something happened; it may be called from anywhere, at any time.
  package nonisolated func send(_ event: LoopEvent) { inbox.yield(event) }

  /// What the loop remembers at this moment.
  package var memory: Memory { core.memory }

  /// What git asks for, as far as it is known at this moment.
  package var formation: ResolvedFormation? { core.desired }

  /// Begins nothing any more; `run` returns once what was begun has ended, except what takes
  /// minutes. What runs goes on, and the next loop finds everything as it is.
  package func stop() {
    isStopping = true
    if taking == 0 { inbox.finish() }
  }

  /// Gives an order. The answer comes when it is durable, or when it is known why it was not taken.
  package func order(_ order: Order) async -> Outcome {
    guard !hasEnded else { return .failed(LoopCore.tooLate) }
    return await withCheckedContinuation { continuation in
      waiting.append((order, continuation))
      inbox.yield(.ordered(order))
    }
  }

  /// Equal orders are answered in the order in which they came.
  private func answer(_ order: Order, _ outcome: Outcome) {
    guard let index = waiting.firstIndex(where: { $0.order == order }) else { return }
    waiting.remove(at: index).answer.resume(returning: outcome)
  }

  private func take(_ event: LoopEvent, _ group: inout DiscardingTaskGroup) {
    let effects = core.handle(event, at: seams.clock())
    if case .effectEnded(let number, _) = event { crashPoint?.pass(number, .after) }
    guard !isStopping else { return }
    for effect in effects { perform(effect, &group) }
  }

  // MARK: - Effects

  private func perform(_ effect: LoopEffect, _ group: inout DiscardingTaskGroup) {
    switch effect {
    case .readMemory:
      group.addTask { await self.readMemory() }
    case .readSource(let inForce):
      notify(.reading)
      group.addTask { await self.readSource(inForce) }
    case .observe:
      notify(.observing)
      group.addTask { [seams, inbox] in
        async let routing = seams.router.routing()
        inbox.yield(.observed(await seams.runtime.observe().with(await routing)))
      }
    case .write(let number, let changes):
      taking += 1
      group.addTask { await self.write(number, changes) }
    case .perform(let number, let step):
      if !step.operation.isPreparation { taking += 1 }
      group.addTask { await self.perform(number, step) }
    case .probe(let instance, let check):
      group.addTask { [seams, inbox] in
        inbox.yield(.probed(instance.id, await seams.runtime.probe(instance, check)))
      }
    case .wake(let at): wake(at)
    case .answer(let order, let outcome):
      notify(.answered(order, outcome))
      answer(order, outcome)
    case .report(let plan):
      notify(.planned(plan))
      history += watch.changes(in: plan, at: seams.clock())
      group.addTask { await self.flushHistory() }
    case .finish(let verdict): self.verdict = verdict
    }
  }

  private func wake(_ at: LoopTime) {
    timer?.cancel()
    let delay = max(.zero, at - seams.clock())
    timer = Task { [inbox] in
      do { try await Task.sleep(for: delay) } catch { return }
      inbox.yield(.timerFired)
    }
  }

  private func readMemory() async {
    do throws(EffectFailure) {
      inbox.yield(.memoryRead(try await seams.store.load()))
    } catch {
      notify(.memoryProblem(error))
      inbox.yield(.memoryUnreadable(error))
    }
  }

  private func readSource(_ inForce: RevisionsInForce) async {
    switch await seams.source.read(inForce: inForce) {
    case .formation(let sourced):
      sourceProblem = nil
      // One reading is under way at a time (LoopCore), so nobody else touches the resolver.
      var resolver = self.resolver
      let resolved = await resolver.resolve(
        sourced, standIns: inForce.standIns, windows: inForce.windows, now: seams.clock())
      self.resolver = resolver
      inbox.yield(.sourceRead(resolved))
    case .problem(let problem):
      sourceProblem = problem
      notify(.sourceProblem(problem))
      inbox.yield(
        .sourceFailed(
          SourceFailure(
            code: problem.kind.rawValue, message: problem.message, fix: problem.fix,
            revision: problem.revision)))
    }
  }

  private func write(_ number: EffectNumber, _ changes: [MemoryChange]) async {
    crashPoint?.pass(number, .before)
    let kept = core.desired?.platform.releasesKept ?? core.memory.platform?.releasesKept ?? 10
    let context = ChangeContext(
      at: seams.clock(), revision: core.memory.revision, commit: core.desired?.revision,
      plan: core.plan)
    let outcome = await seams.store.apply(
      changes, telling: changes.compactMap { seams.tell($0, context) }, at: context.at,
      releasesKept: kept)
    crashPoint?.pass(number, .unrecorded)
    if case .failed(let failure) = outcome { notify(.memoryProblem(failure)) }
    ended(number, outcome, counts: true)
  }

  private func ended(_ number: EffectNumber, _ outcome: Outcome, counts: Bool) {
    inbox.yield(.effectEnded(number, outcome))
    guard counts else { return }
    taking -= 1
    if isStopping && taking == 0 { inbox.finish() }
  }

  private func perform(_ number: EffectNumber, _ step: Step) async {
    let counts = !step.operation.isPreparation
    // The router takes what comes together in one go, however many they are.
    let waitsInLine = counts && !step.operation.isRouting && !step.operation.waitsForSession
    if waitsInLine { await gate.enter() }
    crashPoint?.pass(number, .before)
    notify(.began(number, step))
    let began = ContinuousClock.now
    let outcome = await execute(step)
    crashPoint?.pass(number, .unrecorded)
    if waitsInLine { await gate.leave() }
    notify(.ended(number, step, outcome, took: .now - began))
    if let event = seams.describe(step, outcome, seams.clock(), core.memory.revision) {
      history.append(event)
    }
    ended(number, outcome, counts: counts)
  }

  private func execute(_ step: Step) async -> Outcome {
    let runtime = seams.runtime
    switch step.operation {
    case .remember(let changes):
      return await seams.store.apply(changes, at: seams.clock(), releasesKept: 10)
    case .generateSecrets(let secrets): return await seams.secrets.generate(secrets)
    case .prepareStack(let stack):
      return await runtime.prepare(stack) { [notify] line in notify(.progress(step, line)) }
    case .prepareSlug(let slug): return await runtime.prepare(slug, from: seams.source)
    case .start(let spec): return await start(spec)
    case .stop(let id, let grace):
      return await runtime.stop(id, killAt: seams.clock() + grace)
    case .kill(let id): return await runtime.kill(id)
    case .remove(let id): return await runtime.remove(id)
    case .openRouter(let table): return await seams.router.open(table)
    case .route(let app, let routes): return await seams.router.route(app, routes)
    }
  }

  /// Secret values are looked up here, at the last moment, and go nowhere else.
  private func start(_ spec: InstanceSpec) async -> Outcome {
    var config: [ConfigKey: ConfigValue] = [:]
    for entry in spec.content.config {
      do throws(EffectFailure) {
        config[entry.key] = try await value(of: entry, for: spec)
      } catch {
        return .failed(error)
      }
    }
    return await seams.runtime.start(spec, config: config)
  }

  /// The value that the release names: the version that it was recorded with, also when there is a
  /// newer one.
  private func value(
    of entry: ReleaseConfigEntry, for spec: InstanceSpec
  ) async throws(EffectFailure) -> ConfigValue? {
    if case .literal(let value) = entry.source { return value }
    guard let app = spec.id.slot.app else { return nil }
    guard let (secret, version) = entry.secret(of: app) else {
      throw EffectFailure(
        "secret-missing", "env.\(entry.key) has a secret that was never looked up",
        retry: .withNewContent)
    }
    return try await seams.secrets.value(of: secret, version: version)
  }

  /// Looks at what dynos hold, until the task is cancelled. Nobody tells when a dyno loses a part
  /// of itself for its memory, so that is looked for here, too.
  private func watchMemory() async {
    while true {
      do { try await Task.sleep(for: MemoryWatch.interval) } catch { return }
      // What cannot be measured now is measured the next time.
      guard let sample = try? await seams.runtime.measure() else { continue }
      let dynos = core.plan?.apps.flatMap { $0.dynos.compactMap(\.instance) } ?? []
      history += memoryWatch.events(
        sample, of: dynos, at: seams.clock(), revision: core.plan?.revision)
      await flushHistory()
      if sample.instances.values.contains(where: \.hasRunOutOfMemory) {
        inbox.yield(.runtimeChanged)
      }
    }
  }

  private func flushHistory() async {
    guard !history.isEmpty else { return }
    let events = history
    history = []
    // History is for people: when it cannot be written, the formation comes first.
    _ = await seams.store.append(events)
  }
}
