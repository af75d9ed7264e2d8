// Brings a formation of thousands of dynos up in seconds: a real loop and a real store on a machine
// in memory, whose time is a value that jumps to whenever the loop wants to be woken.

import ControlLoop
import Effects
import FormationModel
import Looping
import ManifestParsing
import Planning
import SimulatedWorld

/// A loop on a machine in memory.
struct QuietWorld {
  /// The machine.
  private(set) var machine = SimulatedMachine()
  /// Its time.
  private(set) var now = LoopTime(milliseconds: 1_700_000_000_000)
  private var core: LoopCore
  private var resolver: FormationResolver
  private var alarm: LoopTime?
  private let source: any FormationSource
  private let store: any FormationStore

  init(source: any FormationSource, store: any FormationStore, digests: any Digesting) {
    self.source = source
    self.store = store
    resolver = FormationResolver(digests: digests, stacks: SimulatedStacks(digests: digests))
    let options = LoopOptions(runsOnce: false, catalog: ShippedCatalog.catalog)
    core = LoopCore(options: options, memory: Memory(), now: now)
  }

  /// Passes until everything is healthy.
  mutating func converge() async throws {
    var events = [LoopEvent.woken]
    for _ in 0..<1_000_000 {
      if events.isEmpty {
        guard let alarm else { throw Refusal(reason: "the loop sleeps without an alarm") }
        now = max(now, alarm)
        _ = machine.advance(to: now)
        events = [.timerFired]
      }
      for effect in core.handle(events.removeFirst(), at: now) {
        if case .report(let plan) = effect, plan.isConverged { return }
        if let answer = await perform(effect) { events.append(answer) }
      }
    }
    throw Refusal(reason: "the loop does not come to rest")
  }

  private mutating func perform(_ effect: LoopEffect) async -> LoopEvent? {
    switch effect {
    case .readSource(let inForce): return await read(inForce.platform)
    case .observe: return .observed(.complete(machine.observed))
    case .write(let number, let changes):
      return .effectEnded(number, await store.apply(changes, at: now, releasesKept: 10))
    case .perform(let number, let step): return .effectEnded(number, machine.take(step, at: now))
    case .probe(let instance, let check):
      return .probed(instance.id, machine.probe(instance.id, check, at: now))
    case .wake(let time): alarm = time
    // Nothing fails in a quiet world, so memory is never in doubt.
    case .report, .answer, .finish, .readMemory: break
    }
    return nil
  }

  private mutating func read(_ inForce: RevisionID?) async -> LoopEvent {
    switch await source.read(inForce: inForce) {
    case .formation(let sourced): return .sourceRead(await resolver.resolve(sourced))
    case .problem(let problem):
      return .sourceFailed(
        SourceFailure(
          code: problem.kind.rawValue, message: problem.message, fix: problem.fix, revision: nil))
    }
  }
}

extension SimulatedMachine {
  /// Takes a step of a plan.
  fileprivate mutating func take(_ step: Step, at now: LoopTime) -> Outcome {
    switch step.operation {
    case .remember, .generateSecrets: .done
    case .prepareStack(let stack): prepare(stack)
    case .prepareSlug(let slug): prepare(slug)
    case .start(let spec): start(spec, config: [:], at: now)
    case .stop(let id, let grace): stop(id, killAt: now + grace, at: now)
    case .kill(let id): kill(id, at: now)
    case .remove(let id): remove(id)
    case .openRouter(let table): router.open(table, at: now)
    case .route(let app, let routes): router.route(app, routes, at: now)
    }
  }
}
