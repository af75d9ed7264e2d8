// What one simulation is made from.

package import Looping

/// The inputs of a simulation: equal options give equal runs.
package struct SimulationOptions: Sendable {
  /// Where a run is told to kill Muster.
  package struct CrashPoint: Hashable, Sendable {
    /// The moments around an effect.
    package enum Moment: String, Sendable, CaseIterable {
      /// The effect was asked for and has not happened.
      case before
      /// It has happened, and Muster knows; nothing that follows has been begun.
      case after
      /// It has happened, and Muster has not heard of it.
      case unrecorded
    }

    /// The effect's number, counted over the whole run from 1.
    package let effect: Int
    /// The moment.
    package let moment: Moment

    /// Makes a crash point.
    package init(effect: Int, moment: Moment) {
      self.effect = effect
      self.moment = moment
    }
  }

  /// The seed of everything that is drawn while it runs.
  package var seed: UInt64
  /// What the team does.
  package var scenario: Scenario
  /// Which kind of history that is.
  package var history = History.random
  /// Which faults there are before the calm.
  package var faults = FaultMix.none
  /// Where Muster is killed, besides.
  package var crash: CrashPoint?
  /// The number of the look at the world, from 1, that is answered with the oldest list known.
  package var staleLook: Int?
  /// The number of the wake-up, from 1, that gets lost.
  package var lostEvent: Int?
  /// Whether Muster runs as `reconcile` does, again and again, instead of as `serve` does.
  package var runsOnce = false
  /// Whether everything takes the same time and commits wait for one another, so that effects have
  /// the same numbers in every run; without faults, what is done is compared with plans' changes.
  package var isScripted = false
  /// Whether there is a router.
  package var hasRouter = true
  /// Whether dynos that ran for a day are replaced; then nothing is still for a day.
  package var cycles = false
  /// Whether the log's text is kept.
  package var keepsLog = false
  /// How long the end has to stay as it is.
  package var stableFor: Duration = .seconds(86_400)
  /// Changes or drops what Muster asks for: how tests break Muster. Nil: as it is.
  package var tamper: (@Sendable (LoopEffect) -> LoopEffect?)?

  /// What stands in for the planner: how tests break it. Nil: the planner itself.
  package var planning: LoopCore.Planning?
  /// What more goes wrong at a number of its own.
  package var exactly = ExactFaults()

  /// Makes the options of a scenario without faults.
  package init(seed: UInt64, scenario: Scenario) {
    self.seed = seed
    self.scenario = scenario
  }

  /// Draws everything from a seed.
  package static func random(seed: UInt64) -> SimulationOptions {
    var chance = Chance(seed: seed, stream: 3)
    let history = History.drawn(from: &chance)
    var options = SimulationOptions(seed: seed, scenario: history.scenario(seed: seed))
    options.history = history
    options.faults = FaultMix(from: &chance)
    options.runsOnce = chance.happens(perMille: 150)
    options.hasRouter = !chance.happens(perMille: 100)
    return options
  }
}
