// Checks of the planner as a function, on the inputs that a run happens to come by.

import FormationModel
import Planning

/// Oracles over plans for one moment.
struct PlannerChecks {
  let desired: ResolvedFormation
  let observed: ObservedFormation
  let memory: Memory
  let context: PlanningContext
  /// The planner; tests put another one in its place to see the checks fail.
  var plan: (ResolvedFormation, ObservedFormation, Memory, PlanningContext) -> Plan = {
    Planner.plan(desired: $0, observed: .complete($1), memory: $2, context: $3)
  }

  /// The first invariant that is broken; `index` chooses the app that is looked at alone.
  func violation(_ index: Int) -> Violation? {
    let plan = plan(desired, observed, memory, context)
    return same(plan) ?? independent(plan, index)
  }

  /// Invariant 16: dictionaries and sets that were built in another order hold the same.
  private func same(_ first: Plan) -> Violation? {
    var memory = memory
    memory.apps = rebuilt(
      memory.apps.mapValues { app in
        var app = app
        app.attempts = rebuilt(app.attempts)
        app.overrides.scales = rebuilt(app.overrides.scales)
        app.restarts = rebuilt(app.restarts)
        app.forgiven = rebuilt(app.forgiven)
        return app
      })
    var context = context
    context.health = rebuilt(context.health)
    var observed = observed
    observed.slugs = Set(observed.slugs.sorted().reversed())
    observed.stacks = Set(observed.stacks.sorted().reversed())
    let again = plan(desired, observed, memory, context)
    return again == first ? nil : Violation(.sameInputs, Narration.of(again))
  }

  /// Invariant 15: an app alone is planned as it is among others. What is shared, the deletion
  /// budget and other apps that it depends on, is left out.
  private func independent(_ together: Plan, _ index: Int) -> Violation? {
    guard !desired.apps.isEmpty, together.platformHolds.isEmpty else { return nil }
    let app = desired.apps[index % desired.apps.count].app
    guard app.dependsOn.isEmpty else { return nil }
    let name = app.name
    var alone = desired
    alone.apps.removeAll { $0.name != name }
    alone.rejected = []
    var memory = memory
    memory.apps = memory.apps.filter { $0.key == name }
    var observed = observed
    observed.instances.removeAll { $0.id.slot.app != name }
    observed.unproven.removeAll { $0.id.slot.app != name }
    let lonely = plan(alone, observed, memory, context)
    guard lonely.platformHolds.isEmpty else { return nil }
    // The router as a whole is shared: without the others it may have to begin or to end.
    guard together.router == nil, lonely.router == nil else { return nil }
    let parts = [together, lonely].map { $0.apps.first { $0.app == name } }
    return parts[0] == parts[1]
      ? nil : Violation(.independence, "\(name) is planned otherwise when it is alone")
  }

  /// The same in another place of another size: which order that gives is a matter of luck, so
  /// every seed tries its own.
  private func rebuilt<Key: Comparable, Value>(_ old: [Key: Value]) -> [Key: Value] {
    var new = [Key: Value](minimumCapacity: (old.count + 2) << (1 + context.seed % 7))
    for key in old.keys.sorted().reversed() { new[key] = old[key] }
    return new
  }
}
