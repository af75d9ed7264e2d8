// What stands at the moment before something new is asked for: a history that gives Muster time
// has to find everything as it was asked for last.

import FormationModel
import Planning
import SimulatedWorld

extension Simulation {
  /// Checks what stands now.
  mutating func checkStanding() {
    guard phase == .faults, let pushed, failure == nil else { return }
    if options.exactly.checksArrivals { checkArrival(pushed) }
    if options.isUndisturbed { checkOrders() }
  }

  /// Invariant 22: what stands is what the commit says, by whatever way it was reached. Where it
  /// cannot be brought about (broken, suspended), an app is left out.
  private mutating func checkArrival(_ index: Int) {
    let commit = options.scenario.pushes[index].commit
    let others = commit.apps.filter {
      $0.isBroken || $0.isUnresolvable || $0.app.suspension != .none
    }
    let leftOut = Set(others.map(\.app.name))
    let name = "\(index) \(commit.subject)"
    guard let plan = lastPlan, plan.revision == commit.id else {
      return fail(.converges, "\(name): nobody has planned for it")
    }
    let waiting = plan.apps.filter { part in
      !leftOut.contains(part.app)
        && !(part.changes.isEmpty && part.waits.isEmpty && part.next.isEmpty)
    }
    if !waiting.isEmpty || !plan.platformHolds.isEmpty {
      return fail(.converges, "\(name): " + Narration.of(plan))
    }
    if let (invariant, story) = FormationChecks.difference(
      machine, commit: commit, leavingOut: leftOut, hasRouter: options.hasRouter)
    {
      return fail(invariant, "\(name): \(story)")
    }
    if let story = FormationChecks.misled(machine, commit, leavingOut: leftOut) {
      fail(.pathIndependence, "\(name): \(story)")
    }
  }

  /// Quantities and stops in force by hand are what runs, where nothing is waited for.
  private mutating func checkOrders() {
    for (name, known) in memory.apps.sorted(by: { $0.key < $1.key }) {
      let overrides = known.overrides
      guard let app = known.accepted?.overlaid(by: overrides), overrides.heldContents.isEmpty,
        memory.suspension(of: name) == nil,
        let part = lastPlan?.apps.first(where: { $0.app == name }), part.waits.isEmpty,
        part.next.isEmpty
      else { continue }
      for process in app.processes where process.type != .release {
        let wanted = (0..<process.quantity).count { index in
          overrides.stop(of: SlotID(name, process.type, index + 1)) == nil
        }
        let running = machine.instances.values.count {
          $0.isStaying && $0.id.slot.app == name && $0.id.slot.process == process.type
        }
        guard running != wanted else { continue }
        fail(.ordersObeyed, "\(name) \(process.type): \(running) run, wanted \(wanted)")
      }
      checkRestarts(known)
    }
  }

  private mutating func checkRestarts(_ known: AppMemory) {
    let old = machine.instances.values.filter { instance in
      instance.isStaying
        && instance.id.attempt <= known.restarts[instance.id.slot]?.attempt ?? 0
    }
    guard let id = old.map(\.id).min() else { return }
    fail(.ordersObeyed, "\(id) runs, and was to be restarted")
  }
}

extension FormationChecks {
  /// A host or a page that the router has otherwise than the commit says; nil when none is. Hosts
  /// that an app in `leavingOut` may still have are not looked at.
  static func misled(
    _ machine: SimulatedMachine, _ commit: SimulatedCommit, leavingOut: Set<AppName>
  ) -> String? {
    let kept = Set(leavingOut.flatMap { machine.router.table.apps[$0]?.hosts ?? [] })
    for app in commit.apps.map(\.app) where !leavingOut.contains(app.name) {
      guard let routes = machine.router.table.apps[app.name] else { continue }
      let missing = app.domains.first { !routes.hosts.contains($0) && !kept.contains($0) }
      if let missing { return "\(missing) does not lead to \(app.name)" }
      // Besides its own domains an app has its default host.
      if routes.hosts.count > app.domains.count + 1 { return "\(app.name) has \(routes.hosts)" }
      if routes.isInMaintenance != app.maintenance { return "\(app.name): another page is shown" }
    }
    return nil
  }
}
