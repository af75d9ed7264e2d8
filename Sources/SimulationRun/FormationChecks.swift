// Compares what runs with what a commit says, from scratch: no plan, no memory, no history.

import FormationModel
import Planning
import SimulatedWorld

/// Oracles over what runs when everything stands.
enum FormationChecks {
  /// What the commit says has to run, sorted by slot.
  static func expected(_ commit: SimulatedCommit, leavingOut: Set<AppName>) -> [RunningSlot] {
    var slots: [RunningSlot] = []
    for app in commit.apps where !leavingOut.contains(app.app.name) {
      guard let content = app.content(in: commit.id) else { continue }
      for process in app.app.processes {
        guard let size = SimulatedCatalog.platform.catalog.dynoTypes[process.size] else { continue }
        let form = InstanceForm(content: content, process: process, size: size)
        for ordinal in 1...max(1, process.quantity) where ordinal <= process.quantity {
          slots.append(
            RunningSlot(slot: SlotID(app.app.name, process.type, ordinal), form: form))
        }
      }
    }
    return slots.sorted()
  }

  /// What differs; nil when the machine has exactly what the commit says and nothing else.
  static func difference(
    _ machine: SimulatedMachine, commit: SimulatedCommit?, leavingOut: Set<AppName>,
    hasRouter: Bool = false
  ) -> (Invariant, String)? {
    guard let commit else { return (.converges, "there is no commit") }
    let ours = machine.instances.values.filter { instance in
      instance.id.slot.app.map { !leavingOut.contains($0) } ?? true
    }
    let isWhole = { (one: SimulatedInstance) in one.phase == .running && one.isStarved != true }
    if let remnant = ours.filter({ !isWhole($0) }).map(\.id).min() {
      return (.orphans, "\(remnant) is left over, unwatched, or not whole")
    }
    if hasRouter,
      let story = misrouted(machine, commit, leavingOut)
        ?? misled(machine, commit, leavingOut: leavingOut)
    {
      return (.pathIndependence, story)
    }
    let running = ours.map { RunningSlot(slot: $0.id.slot, form: $0.form) }.sorted()
    let expected = expected(commit, leavingOut: leavingOut)
    if running == expected { return nil }
    let runs = running.map { "\($0.slot.app?.rawValue ?? "").\($0.slot.dynoName)" }
    let wanted = expected.map { "\($0.slot.app?.rawValue ?? "").\($0.slot.dynoName)" }
    let story =
      runs == wanted
      ? "a dyno runs something else than the commit says"
      : "runs \(runs.joined(separator: " ")), wanted \(wanted.joined(separator: " "))"
    return (.pathIndependence, story)
  }
}

extension FormationChecks {
  /// What the router does otherwise than the commit and the machine say; nil when nothing is.
  private static func misrouted(
    _ machine: SimulatedMachine, _ commit: SimulatedCommit, _ leavingOut: Set<AppName>
  ) -> String? {
    let web = machine.instances.values.filter { $0.id.slot.process == .web && $0.isStaying }
    let running = Dictionary(grouping: web) { $0.id.slot.app }
    let known = machine.router.table.apps.keys
    for app in known.filter({ !leavingOut.contains($0) }).sorted()
    where !commit.apps.contains(where: { $0.app.name == app && $0.app.process(.web) != nil }) {
      return "the router knows \(app), which is gone"
    }
    for app in commit.apps where !leavingOut.contains(app.app.name) {
      guard app.app.process(.web) != nil, app.content(in: commit.id) != nil else { continue }
      let servers = machine.router.table.apps[app.app.name]?.servers
      let ids = servers?.filter { !$0.isDraining }.map(\.id)
      let wanted = (running[app.app.name] ?? []).map(\.id).sorted()
      if ids != wanted || servers?.count != wanted.count {
        return "\(app.app.name): the router sends requests to \(ids ?? []), up are \(wanted)"
      }
    }
    return nil
  }
}

extension Simulation {
  /// What runs, without what depends on how it came about.
  var runningSlots: [RunningSlot] {
    machine.instances.values.filter(\.isStaying)
      .map { RunningSlot(slot: $0.id.slot, form: $0.form) }.sorted()
  }
}
