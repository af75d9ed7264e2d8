// Manifests and a way through them that goes from each to each other one: whatever Muster was told
// before, the same manifest has to give the same formation.

package import FormationModel

/// A history that visits every ordered pair of some manifests, one after the other, once.
package struct Walk: Sendable {
  /// What a platform may ask for, with a name.
  package struct Manifest: Sendable {
    /// What is special about it.
    package let name: String
    /// Its apps.
    package let apps: [AppName: SimulatedApp]
  }

  /// The manifests.
  package let manifests: [Manifest]

  /// Makes a walk through these.
  package init(_ manifests: [Manifest]) { self.manifests = manifests }

  /// The places of the manifests in the order in which they are visited: a circuit through all
  /// edges of the complete directed graph.
  package var circuit: [Int] {
    let count = manifests.count
    guard count > 1 else { return Array(0..<count) }
    // Hierholzer: go on until there is no way left, then back to where there is one.
    var next = Array(repeating: 0, count: count)
    var path = [0]
    var circuit: [Int] = []
    while let here = path.last {
      if next[here] == here { next[here] += 1 }
      if next[here] < count {
        path.append(next[here])
        next[here] += 1
      } else {
        circuit.append(path.removeLast())
      }
    }
    return circuit.reversed()
  }

  /// The walk, with time for everything to stand after each step.
  package func options(pace: Duration = .seconds(300)) -> SimulationOptions {
    var scenario = Scenario()
    var after = Duration.zero
    for place in circuit {
      scenario.push(manifests[place].apps, manifests[place].name, after: after)
      after += pace
    }
    scenario.calmAfter = after
    var options = SimulationOptions(seed: 1, scenario: scenario)
    options.isScripted = true
    options.stableFor = .seconds(14_400)
    options.exactly.consentsAtOnce = true
    options.exactly.checksArrivals = true
    return options
  }
}
