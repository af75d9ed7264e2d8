// Nine scripted histories: undisturbed, with Muster killed at each of its effects, with each look
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
    for effect in Share.ofCases(reference.effects) {
      for moment in SimulationOptions.CrashPoint.Moment.allCases {
        var options = workload.options
        options.crash = .init(effect: effect, moment: moment)
        let report = Simulation.run(options)
        let story = report.failure.map { "\($0)" } ?? "another formation"
        #expect(report.failure == nil, "\(workload), \(moment) effect \(effect): \(story)")
        #expect(report.formation == reference.formation)
        #expect(report.kills == 1, "\(workload): effect \(effect) was never asked for")
      }
    }
  }

  @Test(arguments: Workload.allCases)
  func `told an old list at any time, the same formation stands`(_ workload: Workload) {
    let reference = Simulation.run(workload.options)
    for look in Share.ofCases(reference.looks) {
      var options = workload.options
      options.staleLook = look
      let report = Simulation.run(options)
      let story = report.failure.map { "\($0)" } ?? "another formation"
      #expect(report.failure == nil, "\(workload), look \(look): \(story)")
      #expect(report.formation == reference.formation)
    }
  }

  @Test(arguments: Workload.allCases)
  func `with any wake-up lost, the same formation stands`(_ workload: Workload) {
    let reference = Simulation.run(workload.options)
    for event in Share.ofCases(reference.events) {
      var options = workload.options
      options.lostEvent = event
      let report = Simulation.run(options)
      let story = report.failure.map { "\($0)" } ?? "another formation"
      #expect(report.failure == nil, "\(workload), event \(event): \(story)")
      #expect(report.formation == reference.formation)
    }
  }
}
