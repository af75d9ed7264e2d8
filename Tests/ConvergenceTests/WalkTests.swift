// Every way from one manifest to another gives the formation that the second one says, whatever
// came before.

import FormationModel
import SimulationRun
import Testing

@Suite struct `Walks between manifests` {
  @Test func `every way to a manifest gives the same formation`() {
    let walk = Walk.everything
    #expect(walk.manifests.count >= 40)
    let report = Simulation.run(walk.options())
    #expect(report.failure == nil, "\(report.failure.map { "\($0)" } ?? "")")
    if report.failure != nil { Self.tell(walk) }
    print("walk: \(walk.circuit.count - 1) steps, \(report.effects) effects")
  }

  /// Prints the last steps of a walk that fails.
  private static func tell(_ walk: Walk) {
    var options = walk.options()
    options.keepsLog = true
    print(Simulation.run(options).log.suffix(80).joined(separator: "\n"))
  }

  @Test func `a walk goes from each manifest to each other one, once`() {
    let walk = Walk.everything
    let circuit = walk.circuit
    var seen: Set<[Int]> = []
    for (here, there) in zip(circuit, circuit.dropFirst()) {
      #expect(here != there)
      #expect(seen.insert([here, there]).inserted, "\(here) to \(there) twice")
    }
    #expect(seen.count == walk.manifests.count * (walk.manifests.count - 1))
  }

  @Test func `a Muster that reads every quantity as one is found on the way`() {
    let walk = Walk(Array(Walk.everything.manifests.prefix(5)))
    let options = Mutation.manifests { app in
      for index in app.processes.indices { app.processes[index].quantity = 1 }
    }.applied(to: walk.options())
    #expect(Simulation.run(options).failure != nil)
  }
}
