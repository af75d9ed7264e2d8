// A simulated machine under a real loop that reads a real repository: everything of a pass but the
// waiting. Time is a value here and jumps to whenever the loop wants to be woken.

import ControlLoop
import Effects
import FormationModel
import GitSource
import Looping
import ManifestParsing
import Planning
import SimulatedWorld
import StateStore

/// Runs passes one after the other and counts what they change.
struct QuietWorld {
  /// Writes to memory and steps that changed something.
  private(set) var mutations = 0
  private var core: LoopCore
  private var machine = SimulatedMachine()
  private var resolver = FormationResolver(digests: KeylessDigests(), stacks: NamedStacks())
  private var now = LoopTime(milliseconds: 1_700_000_000_000)
  private var alarm: LoopTime?
  private let source: GitSource

  init(source: GitSource) {
    self.source = source
    let options = LoopOptions(runsOnce: false, catalog: ShippedCatalog.catalog)
    core = LoopCore(options: options, memory: Memory(), now: now)
  }

  /// How many instances run.
  var running: Int { machine.observed.instances.count(where: \.isLive) }

  /// Passes until everything is healthy.
  mutating func converge() async throws {
    _ = try await run(.woken, until: { $0.isConverged })
  }

  /// One pass from the repository on.
  mutating func pass() async throws -> Plan { try await run(.woken, until: { _ in true }) }

  private mutating func run(_ event: LoopEvent, until isEnough: (Plan) -> Bool) async throws -> Plan
  {
    var events = [event]
    var rounds = 0
    while rounds < 1_000_000 {
      rounds += 1
      if events.isEmpty {
        guard let alarm else { throw Refusal(reason: "the loop sleeps without an alarm") }
        now = max(now, alarm)
        _ = machine.advance(to: now)
        events = [.timerFired]
      }
      for effect in core.handle(events.removeFirst(), at: now) {
        if case .report(let plan) = effect, isEnough(plan) { return plan }
        if let answer = await perform(effect) { events.append(answer) }
      }
    }
    throw Refusal(reason: "the loop does not come to rest")
  }

  private mutating func perform(_ effect: LoopEffect) async -> LoopEvent? {
    switch effect {
    case .readSource(let inForce): await read(inForce)
    case .observe: .observed(.complete(machine.observed))
    case .write(let number, _): change(number) { _, _ in .done }
    case .perform(let number, let step): change(number) { $0.take(step, at: $1) }
    case .probe(let instance, let check):
      .probed(instance.id, machine.probe(instance.id, check, at: now))
    case .wake(let time): wake(time)
    case .report, .finish: nil
    }
  }

  private mutating func wake(_ time: LoopTime) -> LoopEvent? {
    alarm = time
    return nil
  }

  private mutating func change(
    _ number: EffectNumber, _ work: (inout SimulatedMachine, LoopTime) -> Outcome
  ) -> LoopEvent {
    mutations += 1
    return .effectEnded(number, work(&machine, now))
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
    }
  }
}

/// Stacks whose digest is their name's.
private struct NamedStacks: StackResolving {
  func resolve(_ stack: Stack) async throws(EffectFailure) -> StackReference {
    StackReference(stack: stack, digest: KeylessDigests().digest(stack.name.rawValue))
  }
}
