// How a bug is put into a simulated Muster: by what the planner gets, by what becomes of its plan,
// by what becomes of the loop's effects.

import FormationModel
import Looping
import Planning

@testable import SimulationRun

/// What the planner is asked.
struct PlannerCall {
  var desired: ResolvedFormation?
  var observed: Observation
  var memory: Memory
  var context: PlanningContext

  var plan: Plan {
    Planner.plan(desired: desired, observed: observed, memory: memory, context: context)
  }

  /// Changes what is seen, as far as anything is.
  mutating func see(_ edit: (inout ObservedFormation) -> Void) {
    switch observed {
    case .complete(var formation):
      edit(&formation)
      observed = .complete(formation)
    case .partial(var formation, let missing):
      edit(&formation)
      observed = .partial(formation, missing: missing)
    case .unavailable: break
    }
  }

  /// Changes every instance that is seen.
  mutating func seeInstances(_ edit: (inout ObservedInstance) -> Void) {
    see { formation in
      for index in formation.instances.indices { edit(&formation.instances[index]) }
    }
  }

  /// What is seen, in part or as a whole.
  var instances: [ObservedInstance] {
    switch observed {
    case .complete(let formation), .partial(let formation, _): formation.instances
    case .unavailable: []
    }
  }

  /// Changes what is remembered of every app.
  mutating func remember(_ edit: (inout AppMemory) -> Void) {
    for app in memory.apps.keys { edit(&memory.apps[app, default: AppMemory()]) }
  }

  /// Changes every manifest, the new ones and those in force.
  mutating func ask(_ edit: (inout DesiredApp) -> Void) {
    for index in (desired?.apps ?? []).indices {
      guard var app = desired?.apps[index].app else { continue }
      edit(&app)
      desired?.apps[index].app = app
    }
    remember { known in
      guard var app = known.accepted else { return }
      edit(&app)
      known.accepted = app
    }
  }
}

/// A bug.
struct Mutation: Sendable {
  typealias Effects = @Sendable (LoopEffect) -> LoopEffect?

  /// Changes what the planner gets.
  private var call: @Sendable (inout PlannerCall) -> Void = { _ in }
  /// Changes what it answers to what it was really asked.
  private var plan: @Sendable (inout Plan, PlannerCall) -> Void = { _, _ in }
  /// Makes what changes effects in one run; nil: they stay as they are.
  private var effects: (@Sendable () -> Effects)?

  /// The planner gets something else.
  static func call(_ edit: @escaping @Sendable (inout PlannerCall) -> Void) -> Mutation {
    Mutation(call: edit)
  }

  /// The planner answers something else.
  static func plan(_ edit: @escaping @Sendable (inout Plan, PlannerCall) -> Void) -> Mutation {
    Mutation(plan: edit)
  }

  /// Steps of the plan are others, or left out.
  static func steps(_ edit: @escaping @Sendable (Step) -> Step?) -> Mutation {
    Mutation(plan: { plan, _ in plan.edit(edit) })
  }

  /// Writes are others, or left out.
  static func writes(_ edit: @escaping @Sendable (MemoryChange) -> MemoryChange?) -> Mutation {
    Mutation(plan: { plan, _ in
      plan.platform = plan.platform.compactMap(edit)
      plan.edit { step in
        guard case .remember(let changes) = step.operation else { return step }
        let edited = changes.compactMap(edit)
        return edited.isEmpty ? nil : Step(app: step.app, .remember(edited), step.reason)
      }
    })
  }

  /// Manifests are read as others; what is taken over of them is what they say.
  static func manifests(_ edit: @escaping @Sendable (inout DesiredApp) -> Void) -> Mutation {
    Mutation(
      call: { $0.ask(edit) },
      plan: { plan, call in
        let apps = (call.desired?.apps ?? []).map(\.app)
        plan.edit { step in
          guard case .remember(let changes) = step.operation else { return step }
          let restored = changes.map { change -> MemoryChange in
            guard case .accept(var app, let revision) = change,
              let real = apps.first(where: { $0.name == app.name })
            else { return change }
            app = real
            return .accept(app, revision)
          }
          return Step(app: step.app, .remember(restored), step.reason)
        }
      })
  }

  /// The loop's effects are others, or left out.
  static func effects(_ make: @escaping @Sendable () -> Effects) -> Mutation {
    Mutation(effects: make)
  }

  /// The same run with the bug.
  func applied(to options: SimulationOptions) -> SimulationOptions {
    var options = options
    options.planning = { desired, observed, memory, context in
      let original = PlannerCall(
        desired: desired, observed: observed, memory: memory, context: context)
      var edited = original
      call(&edited)
      var answer = edited.plan
      plan(&answer, original)
      return answer
    }
    if let effects { options.tamper = effects() }
    return options
  }
}

extension Plan {
  /// Changes the steps of the apps, or leaves them out.
  mutating func edit(_ edit: (Step) -> Step?) {
    for index in apps.indices { apps[index].next = apps[index].next.compactMap(edit) }
    if let step = router?.step { router?.step = edit(step) }
  }

  /// Adds a step to the part of its app.
  mutating func add(_ step: Step) {
    guard let index = apps.firstIndex(where: { $0.app == step.app }) else { return }
    apps[index].next.append(step)
  }
}
