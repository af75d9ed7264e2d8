// One history, disturbed at each of its moments in turn. What comes before the moment is the same
// in all of these runs, so it is played once: a simulation is a value.

extension Simulation {
  /// A kind of moment, counted from 1 over a run.
  package enum Moment: Sendable {
    /// Muster asks for an effect that changes something.
    case effect
    /// Muster looks at the world.
    case look
    /// Muster is to be woken.
    case wakeUp
  }

  /// Plays a history and, from before each moment of that kind, once more with each of the options
  /// that `variants` gives for the moment's number; `ended` gets how these runs ended.
  package static func branch(
    _ options: SimulationOptions, at moment: Moment,
    variants: (Int) -> [SimulationOptions],
    ended: (SimulationOptions, SimulationReport) -> Void
  ) {
    var trunk = Simulation(options)
    trunk.begin()
    while true {
      let before = trunk
      guard trunk.step() else { return }
      let (first, last) = (before.count(moment), trunk.count(moment))
      guard first < last else { continue }
      for variant in (first + 1...last).flatMap(variants) {
        var branch = before
        branch.options = variant
        ended(variant, branch.playOn())
      }
    }
  }

  private func count(_ moment: Moment) -> Int {
    switch moment {
    case .effect: report.effects
    case .look: looks
    case .wakeUp: events
    }
  }
}
