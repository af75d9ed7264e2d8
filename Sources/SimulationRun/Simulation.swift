// One simulated run: Muster's loop against a simulated machine, repository, store and people, with
// a clock of its own. This file holds the state and goes through time; what happens at each moment
// is in the extensions.

import FormationModel
import Looping
import Planning
import SimulatedWorld

/// A run under way.
package struct Simulation {
  /// Something that is going to happen; what is large stays where it is while it waits.
  enum Occurrence {
    /// Muster is started.
    case boot
    /// An effect of that life of Muster reaches the world.
    indirect case act(life: Int, LoopEffect)
    /// An answer reaches that life of Muster.
    indirect case tell(life: Int, LoopEvent)
    /// A timer of that life of Muster is due, unless it was replaced.
    case timer(life: Int, generation: Int)
    /// A commit is pushed.
    case push(Int)
    /// Somebody polls the repository.
    case poll
    /// The world has a chance to go wrong.
    case mischief
    /// The source is as it should be again.
    case sourceMended
    /// Somebody sees to a record that cannot be read.
    case recordMended(InstanceID)
    /// Somebody confirms a hold.
    indirect case confirm(Hold)
    /// Somebody asks for something by hand.
    indirect case order(Wish)
    /// Whoever gave that order has waited long enough.
    indirect case impatience(Order)
    /// Everything by hand is ended.
    case endOrders
    /// Faults stop.
    case calm
    /// A dyno's end has come.
    case breath
    /// A server has ended its requests.
    case drained
    /// Somebody visits an app.
    case visit
  }

  /// How far the run is.
  enum Phase: Equatable {
    /// Faults happen and commits come.
    case faults
    /// No faults any more: it has to converge.
    case calm(since: LoopTime)
    /// It has converged: nothing may happen.
    case stable(since: LoopTime)
    /// Muster was started anew in the stable phase: its first pass has to be idle.
    case proof(passes: Int)
    /// The run is over.
    case over
  }

  var options: SimulationOptions
  var chance: Chance
  var faults: FaultMix
  var now = Scenario.beginning
  /// What the machine's clock is off.
  var skew = Duration.zero
  var agenda = Agenda<Occurrence>()
  var phase = Phase.faults
  var log: SimulationLog
  var report: SimulationReport
  var failure: SimulationFailure?

  // The world.
  var machine = SimulatedMachine()
  var memory = Memory()
  /// When the next instance ends by itself.
  var nextEnd: LoopTime?
  var pushed: Int?
  /// Where the branch points when it was moved back.
  var rewoundTo: Int?
  var isSourceDown = false
  /// Until when the store neither reads nor writes; nil: it works.
  var storeDownUntil: LoopTime?
  /// Instances whose records cannot be read.
  var unread: Set<InstanceID> = []
  var snapshots: [Snapshot] = []
  var looks = 0
  var events = 0

  // Muster.
  var core: LoopCore?
  var life = 0
  var timers = 0
  var ledger = Ledger()
  var visitors = Visitors()
  var lastPlan: Plan?
  /// The effect after which Muster is to be killed, once it has happened.
  var doomed: LoopEffect?
  var doomedMoment: SimulationOptions.CrashPoint.Moment?

  /// Prepares a run.
  package init(_ options: SimulationOptions) {
    self.options = options
    chance = Chance(seed: options.seed, stream: 4)
    faults = options.faults
    log = SimulationLog(isKept: options.keepsLog)
    report = SimulationReport(seed: options.seed)
  }

  /// The time as the machine's clock has it.
  var wall: LoopTime { now + skew }

  var isStoreDown: Bool { storeDownUntil.map { now < $0 } ?? false }

  /// Runs to the end, or to the first violation.
  package static func run(_ options: SimulationOptions) -> SimulationReport {
    var simulation = Simulation(options)
    return simulation.play()
  }

  /// Runs the seed's own scenario with the seed's own faults.
  package static func run(seed: UInt64, keepsLog: Bool = false) -> SimulationReport {
    var options = SimulationOptions.random(seed: seed)
    options.keepsLog = keepsLog
    return run(options)
  }

  /// Bounds a run whose loop never comes to rest within a moment.
  private static let mostOccurrences = 200_000

  /// Runs to the end, or to the first violation.
  mutating func play() -> SimulationReport {
    begin()
    return playOn()
  }

  /// Runs on from where it is.
  mutating func playOn() -> SimulationReport {
    while step() {}
    return finishedReport()
  }

  /// Sees to it that something is going to happen.
  mutating func begin() {
    log.note(now, "seed \(options.seed), faults: \(faults.summary)")
    for (index, push) in options.scenario.pushes.enumerated() {
      agenda.add(.push(index), at: now + push.after)
    }
    for ordering in options.scenario.orders {
      agenda.add(.order(ordering.wish), at: now + ordering.after)
    }
    agenda.add(.calm, at: now + options.scenario.calmAfter + .seconds(1))
    agenda.add(.boot, at: now + .milliseconds(1))
    agenda.add(.poll, at: now + Self.pollInterval)
    agenda.add(.mischief, at: now + Self.mischiefInterval)
    if !options.isScripted, options.hasRouter { agenda.add(.visit, at: now) }
  }

  /// Lets the next thing happen; false when there is none, or the run is over.
  mutating func step() -> Bool {
    guard failure == nil, phase != .over, let (time, item) = agenda.next() else { return false }
    report.occurrences += 1
    if report.occurrences > Self.mostOccurrences + 1_000 * options.scenario.pushes.count {
      fail(.converges, "no end after \(report.occurrences) occurrences")
    }
    now = max(now, time)
    live()
    happen(item)
    checkProgress()
    return true
  }

  private mutating func finishedReport() -> SimulationReport {
    report.virtualTime = now - Scenario.beginning
    report.log = log.lines
    report.logDigest = log.digest
    report.failure = failure
    report.formation = runningSlots
    report.history = options.history
    return report
  }

  /// Notes the first violation; the run ends with it.
  mutating func fail(_ invariant: Invariant, _ story: String) {
    guard failure == nil else { return }
    failure = SimulationFailure(
      seed: options.seed, step: report.effects, invariant: invariant, story: story)
    log.note(now, "VIOLATED \(invariant.rawValue): \(story)")
  }

  private mutating func happen(_ item: Occurrence) {
    switch item {
    case .boot: boot()
    case .act(let life, let effect): act(effect, of: life)
    case .tell(let life, let event): tell(event, to: life)
    case .timer(let life, let generation): ring(generation, of: life)
    case .push(let index): push(index)
    case .poll: poll()
    case .mischief: mischief()
    case .sourceMended: mendSource()
    case .recordMended(let id): mendRecord(id)
    case .confirm(let hold): confirm(hold)
    case .order(let wish): order(wish)
    case .impatience(let order): loseWaiting(for: order)
    case .endOrders: endOrders()
    case .calm: calm()
    case .breath: break
    case .drained: wake(.runtimeChanged)
    case .visit: visit()
    }
  }
}
