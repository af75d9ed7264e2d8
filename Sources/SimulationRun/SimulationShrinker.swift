// Makes a failing history small: leaves out one thing after the other, and keeps what still fails
// in the same way. What is left is what the failure needs.

import FormationModel

/// Shrinks the options of a run that fails.
package struct SimulationShrinker {
  /// What came of it.
  package struct Result: Sendable {
    /// Options that still fail with the same invariant, and from which nothing can be left out.
    package internal(set) var options: SimulationOptions
    /// How they fail.
    package internal(set) var failure: SimulationFailure
    /// How many runs it took.
    package internal(set) var runs = 0

    /// What is left, for people: a line for the faults, one for each commit and each order.
    package var summary: [String] {
      let scenario = options.scenario
      return ["faults: \(options.faults.summary)"]
        + scenario.pushes.map { push in
          let apps = push.commit.apps.map { app in
            let processes = app.app.processes.map { "\($0.type)=\($0.quantity) `\($0.command)`" }
            return "\(app.app.name) " + processes.joined(separator: " ")
          }
          return "after \(push.after): \(apps.joined(separator: "; "))"
        }
        + scenario.orders.map { "after \($0.after): \(Narration.of($0.wish))" }
    }
  }

  /// How many runs it may take.
  package var mostRuns = 500

  /// Makes a shrinker.
  package init() {}

  /// The smallest options that this can find; nil when the run does not fail.
  package func shrink(_ options: SimulationOptions) -> Result? {
    guard let failure = Simulation.run(options).failure else { return nil }
    var result = Result(options: options, failure: failure, runs: 1)
    while result.runs < mostRuns, tryAll(&result) {}
    return result
  }

  /// Tries to leave out each thing once. Returns whether anything could be.
  private func tryAll(_ result: inout Result) -> Bool {
    var hasShrunk = false
    var index = 0
    // What was left out makes the list of what could be shorter: the next one takes its place.
    while result.runs < mostRuns {
      let candidates = candidates(result.options, result.failure.invariant)
      guard index < candidates.count else { break }
      result.runs += 1
      if let failure = Simulation.run(candidates[index]).failure,
        failure.invariant == result.failure.invariant
      {
        result.options = candidates[index]
        result.failure = failure
        hasShrunk = true
      } else {
        index += 1
      }
    }
    return hasShrunk
  }

  /// The options with one thing less, the largest things first.
  private func candidates(
    _ options: SimulationOptions, _ invariant: Invariant
  ) -> [SimulationOptions] {
    let isAboutTheEnd: Bool =
      switch invariant {
      case .converges, .stays, .idle, .exactlyChanges, .pathIndependence, .orphans: true
      default: false
      }
    return withoutFaults(options) + withoutOrders(options)
      + options.scenario.smaller(keepingTheLast: isAboutTheEnd).map { scenario in
        var smaller = options
        smaller.scenario = scenario
        return smaller
      }
  }

  private func withoutFaults(_ options: SimulationOptions) -> [SimulationOptions] {
    var all: [SimulationOptions] = []
    for fault in Fault.allCases where options.faults[fault] > 0 {
      var smaller = options
      smaller.faults[fault] = 0
      all.append(smaller)
    }
    let edits: [(Bool, (inout SimulationOptions) -> Void)] = [
      (options.crash != nil, { $0.crash = nil }),
      (options.exactly.laterCrash != nil, { $0.exactly.laterCrash = nil }),
      (options.staleLook != nil, { $0.staleLook = nil }),
      (options.lostEvent != nil, { $0.lostEvent = nil }),
      (options.runsOnce, { $0.runsOnce = false }),
    ]
    for (applies, edit) in edits where applies {
      var smaller = options
      edit(&smaller)
      all.append(smaller)
    }
    return all
  }

  private func withoutOrders(_ options: SimulationOptions) -> [SimulationOptions] {
    options.scenario.orders.indices.map { index in
      var smaller = options
      smaller.scenario.orders.remove(at: index)
      return smaller
    }
  }
}

extension Scenario {
  /// The history with one thing less: a push, an app, an app's edit in one push, a process type.
  /// The last commit says what has to stand at the end: without it, another one has to.
  fileprivate func smaller(keepingTheLast: Bool) -> [Scenario] {
    withoutPushes(keepingTheLast) + withoutApps + withoutEdits + withoutProcesses
  }

  private func withoutPushes(_ keepingTheLast: Bool) -> [Scenario] {
    guard pushes.count > 1 else { return [] }
    return pushes.indices.reversed().compactMap { index in
      let isLast = index == pushes.count - 1
      if isLast && keepingTheLast { return nil }
      var smaller = rebuilt(from: pushes.enumerated().filter { $0.offset != index }.map(\.element))
      {
        $1
      }
      if isLast { smaller.endsMended = false }
      return smaller
    }
  }

  private var withoutApps: [Scenario] {
    let names = Set(pushes.flatMap { $0.commit.apps.map(\.app.name) })
    guard names.count > 1 else { return [] }
    return names.sorted().map { name in
      rebuilt(from: pushes) { _, apps in apps.filter { $0.key != name } }
    }
  }

  /// Without what a commit changes of one app.
  private var withoutEdits: [Scenario] {
    pushes.indices.dropFirst().flatMap { index -> [Scenario] in
      let before = Self.apps(of: pushes[index - 1].commit)
      let now = Self.apps(of: pushes[index].commit)
      let edited = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }
      return edited.sorted().map { name in
        rebuilt(from: pushes) { place, apps in
          var apps = apps
          if place == index { apps[name] = before[name] }
          return apps
        }
      }
    }
  }

  private var withoutProcesses: [Scenario] {
    let all = pushes.flatMap { push in
      push.commit.apps.flatMap { app in app.app.processes.map { SlotID(app.app.name, $0.type, 1) } }
    }
    return Set(all).sorted().compactMap { slot in
      let smaller = rebuilt(from: pushes) { _, apps in
        apps.mapValues { app in
          var app = app
          if app.app.name == slot.app {
            app.app.processes.removeAll { $0.type == slot.process }
          }
          return app
        }
      }
      // An app without a process is not a manifest.
      let isValid = smaller.pushes.allSatisfy { push in
        push.commit.apps.allSatisfy { !$0.app.processes.isEmpty }
      }
      return isValid ? smaller : nil
    }
  }

  /// The same times and orders with other commits.
  private func rebuilt(
    from pushes: [Push], _ edit: (Int, [AppName: SimulatedApp]) -> [AppName: SimulatedApp]
  ) -> Scenario {
    var scenario = Scenario()
    let start = pushes.first?.after ?? .zero
    for (index, push) in pushes.enumerated() {
      scenario.push(
        edit(index, Self.apps(of: push.commit)), push.commit.subject,
        // Something has to be there at the beginning.
        after: index == 0 ? .zero : push.after - start, consents: push.commit.consents)
    }
    scenario.orders = orders
    scenario.calmAfter = calmAfter
    scenario.endsMended = endsMended
    return scenario
  }

  private static func apps(of commit: SimulatedCommit) -> [AppName: SimulatedApp] {
    Dictionary(commit.apps.map { ($0.app.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
