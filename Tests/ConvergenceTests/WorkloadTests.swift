// Scripted histories: undisturbed, with Muster killed at each of its effects, with each look
// at the world answered by an old list, and with each wake-up lost.

import SimulationRun
import Testing

@Suite struct `Workloads` {
  @Test(arguments: Workload.allCases)
  func `undisturbed, exactly the plan's changes are done`(_ workload: Workload) {
    let report = Simulation.run(workload.options)
    #expect(report.failure == nil, "\(workload): \(report.failure.map { "\($0)" } ?? "")")
    #expect(report.effects > 0)
  }

  @Test(arguments: Workload.allCases)
  func `killed at any effect, the same formation stands`(_ workload: Workload) {
    let reference = Simulation.run(workload.options)
    Share.tell("effects of \(workload)", reference.effects)
    let chosen = Set(Share.ofCases(reference.effects))
    var runs = 0
    Simulation.branch(workload.options, at: .effect) { effect in
      guard chosen.contains(effect) else { return [] }
      return SimulationOptions.CrashPoint.Moment.allCases.map { moment in
        var options = workload.options
        options.crash = .init(effect: effect, moment: moment)
        return options
      }
    } ended: { options, report in
      runs += 1
      expect(report, reference, "\(workload), \(options.crash.map { "\($0)" } ?? "")")
      #expect(report.kills == 1, "\(workload): that effect was never asked for")
    }
    #expect(runs == chosen.count * SimulationOptions.CrashPoint.Moment.allCases.count)
  }

  @Test(arguments: Workload.allCases)
  func `told an old list at any time, the same formation stands`(_ workload: Workload) {
    let reference = Simulation.run(workload.options)
    let chosen = Set(Share.ofCases(reference.looks))
    var runs = 0
    Simulation.branch(workload.options, at: .look) { look in
      guard chosen.contains(look) else { return [] }
      var options = workload.options
      options.staleLook = look
      return [options]
    } ended: { options, report in
      runs += 1
      expect(report, reference, "\(workload), look \(options.staleLook ?? 0)")
    }
    #expect(runs == chosen.count)
  }

  @Test(arguments: Workload.allCases)
  func `with any wake-up lost, the same formation stands`(_ workload: Workload) {
    let reference = Simulation.run(workload.options)
    let chosen = Set(Share.ofCases(reference.events))
    var runs = 0
    Simulation.branch(workload.options, at: .wakeUp) { event in
      guard chosen.contains(event) else { return [] }
      var options = workload.options
      options.lostEvent = event
      return [options]
    } ended: { options, report in
      runs += 1
      expect(report, reference, "\(workload), event \(options.lostEvent ?? 0)")
    }
    #expect(runs == chosen.count)
  }

  private func expect(
    _ report: SimulationReport, _ reference: SimulationReport, _ place: String
  ) {
    #expect(report.failure == nil, "\(place): \(report.failure.map { "\($0)" } ?? "")")
    #expect(report.formation == reference.formation, "\(place): another formation")
  }
}
