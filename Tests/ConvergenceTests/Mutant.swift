// Seeded bugs, each with the runs in which it has to be found.

import FormationModel
import Planning
import Testing

@testable import SimulationRun

/// A Muster with one bug.
struct Mutant: Sendable, CustomTestStringConvertible {
  /// Runs in which a bug may show.
  enum Trial: Sendable {
    /// A scripted history; people consent at once.
    case workload(Workload)
    /// The same with Muster killed at each effect.
    case crashes(Workload)
    /// Random histories with the faults of their seeds.
    case seeds
    /// Random histories with that fault alone.
    case fault(Fault)
    /// A commit takes away too much.
    case vanishing(Vanishing)
  }

  /// How many seeds are tried.
  static let seeds: UInt64 = 200

  /// What it does wrong, in a few words.
  let name: String
  /// Where it shows.
  let trial: Trial
  /// The bug.
  let mutation: Mutation

  init(_ name: String, _ trial: Trial, _ mutation: Mutation) {
    self.name = name
    self.trial = trial
    self.mutation = mutation
  }

  var testDescription: String { name }

  /// Every mutant.
  static let all = memory + eyes + wishes + plans + order + effects

  /// The first failure that it causes, with the run in which it does; nil when nobody finds it.
  func found() -> (failure: SimulationFailure, options: SimulationOptions)? {
    for options in trial.runs {
      if let failure = Simulation.run(mutation.applied(to: options)).failure {
        return (failure, options)
      }
    }
    return nil
  }
}

extension Mutant.Trial: CustomStringConvertible {
  /// The runs, in the order in which they are tried.
  var runs: some Sequence<SimulationOptions> {
    (0..<count).lazy.map(run)
  }

  private var count: UInt64 {
    switch self {
    case .workload, .vanishing: 1
    case .crashes: 60
    case .seeds, .fault: Mutant.seeds
    }
  }

  private func run(_ number: UInt64) -> SimulationOptions {
    switch self {
    case .workload(let workload): return Self.consenting(workload.options)
    case .crashes(let workload):
      var options = Self.consenting(workload.options)
      let moments = SimulationOptions.CrashPoint.Moment.allCases
      options.crash = .init(
        effect: Int(number) / moments.count + 1, moment: moments[Int(number) % moments.count])
      return options
    case .seeds: return .random(seed: number)
    case .fault(let fault):
      var options = SimulationOptions.random(seed: number)
      options.faults = FaultMix(fault, perMille: 150)
      options.exactly.consentsAtOnce = true
      return options
    case .vanishing(let vanishing):
      var options = vanishing.options
      // Each life of Muster reads from its store what the last commit allowed.
      options.runsOnce = true
      // Stopping dynos without draining would be found first.
      options.hasRouter = false
      return options
    }
  }

  private static func consenting(_ options: SimulationOptions) -> SimulationOptions {
    var options = options
    options.exactly.consentsAtOnce = true
    return options
  }

  var description: String {
    switch self {
    case .workload(let workload): workload.rawValue
    case .crashes(let workload): "\(workload.rawValue), killed at each effect"
    case .seeds: "random seeds"
    case .fault(let fault): "random seeds, \(fault) alone"
    case .vanishing(let vanishing): "\(vanishing.rawValue) vanish"
    }
  }
}
