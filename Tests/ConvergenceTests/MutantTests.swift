// A Muster with a bug is caught: what the simulator's checks are worth.

import FormationModel
import Foundation
import Looping
import Planning
import SimulationRun
import Testing

@Suite struct `Mutants are caught` {
  @Test(arguments: Mutant.all)
  func `whoever has a bug is found`(_ mutant: Mutant) throws {
    let found = try #require(mutant.found(), "nobody finds: \(mutant.name)")
    let invariant = found.failure.invariant.rawValue
    print("mutant: \(mutant.name) | \(mutant.trial) | \(invariant)")
    // It is the bug that is found, not the history.
    let sound = Simulation.run(found.options).failure
    #expect(sound == nil, "without the bug: \(sound.map { "\($0)" } ?? "")")
  }

  @Test func `every mutant stands in the page of the simulator`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let page = try String(
      contentsOf: root.appending(path: "docs/explanation/simulator.md"), encoding: .utf8)
    for mutant in Mutant.all { #expect(page.contains("| \(mutant.name) |")) }
    #expect(Set(Mutant.all.map(\.name)).count == Mutant.all.count)
  }

  @Test(arguments: Vanishing.allCases.filter { $0 != .everyApp })
  func `the deletion budget is not looked at`(_ vanishing: Vanishing) {
    var options = vanishing.options
    // Each life of Muster reads from its store what the last commit allowed.
    options.runsOnce = true
    options.tamper = { effect in
      guard case .write(let number, let changes) = effect else { return effect }
      return .write(number, changes.map(Vanishing.allowAll))
    }
    let found = Simulation.run(options).failure
    #expect(found?.invariant == .deletionBudget, "\(String(describing: found))")
    options.tamper = nil
    #expect(Simulation.run(options).failure == nil)
  }
}
