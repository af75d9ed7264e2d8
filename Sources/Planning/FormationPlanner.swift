// Plans the slots of one app towards one goal: which are kept, filled, replaced, emptied, in which
// order, and what gates the rest.

import FormationModel

/// Plans slots towards a goal. A class without anything that changes: every process type refers
/// to it.
final class FormationPlanner {
  let goal: Goal
  /// The app's dynos, without what runs commands.
  let instances: [ObservedInstance]
  let bySlot: [SlotID: [ObservedInstance]]
  let unproven: [UnprovenInstance]
  let memory: AppMemory
  let isComplete: Bool
  let routing: ObservedRouting
  /// Bytes for dynos beside those that they replace; nil: nothing limits them.
  let room: Int64?
  let context: PlanningContext
  let judge: Judge

  init(
    goal: Goal, instances: [ObservedInstance], unproven: [UnprovenInstance], memory: AppMemory,
    isComplete: Bool, routing: ObservedRouting, room: Int64?, context: PlanningContext
  ) {
    self.goal = goal
    self.instances = instances
    bySlot = Dictionary(grouping: instances) { $0.id.slot }
    self.unproven = unproven
    self.memory = memory
    self.isComplete = isComplete
    self.routing = routing
    self.room = room
    self.context = context
    judge = Judge(memory: memory, context: context)
  }

  /// What a dyno of the goal's release did in place of getting healthy.
  struct Failure {
    let slot: SlotID
    let cause: RolloutFailure
  }

  /// Adds changes, steps, waits and dyno standings to the app's part of the plan. Returns why the
  /// goal's release does not get healthy; nil when nothing is known against it.
  @discardableResult
  func fill(_ part: inout AppPlan) -> Failure? {
    var rollouts: [TypeRollout] = []
    for process in goal.app.processes where process.type != .release {
      guard let rollout = TypeRollout(process, planner: self) else { continue }
      rollouts.append(rollout)
    }
    let wanted = Set(rollouts.flatMap { $0.views.map(\.slot) })
    var surplus = Leaving(
      app: goal.app.name,
      instances: instances.filter { !wanted.contains($0.id.slot) },
      routing: routing, context: context)
    surplus.goal = goal
    surplus.quantities = memory.convergence?.quantities ?? acceptedQuantities
    surplus.fill(&part)
    var attempts: [MemoryChange] = []
    for index in rollouts.indices {
      rollouts[index].decide()
      part.changes += rollouts[index].changes
      part.waits += rollouts[index].waits
      part.holds += rollouts[index].holds
      part.dynos += rollouts[index].dynos
      part.draining.formUnion(rollouts[index].draining)
      part.watched += rollouts[index].watched
      part.nextCycle = [part.nextCycle, rollouts[index].nextCycle].compactMap { $0 }.min()
      attempts += rollouts[index].attempts
      part.next += rollouts[index].steps
    }
    if !attempts.isEmpty {
      part.next.insert(Step(app: goal.app.name, .remember(attempts), .bookkeeping), at: 0)
    }
    part.dynos.sort { $0.slot < $1.slot }
    if let convergence = convergence(part, rollouts) {
      let changes = [.converged(goal.app.name, convergence), duePostdeploy]
      part.next.append(
        Step(app: goal.app.name, .remember(changes.compactMap { $0 }), .bookkeeping))
    }
    return rollouts.lazy.compactMap(\.failure).first
  }

  private var acceptedQuantities: [ProcessType: Int] {
    Dictionary(
      (memory.accepted?.processes ?? []).map { ($0.type, $0.quantity) },
      uniquingKeysWith: { _, last in last })
  }

  /// How the app stands, when every slot is healthy and memory does not know it yet.
  private func convergence(_ part: AppPlan, _ rollouts: [TypeRollout]) -> Convergence? {
    let revision = memory.accepted == goal.asked ? memory.acceptedRevision : nil
    guard part.changes.isEmpty, part.waits.isEmpty, part.next.isEmpty, isComplete,
      goal.isRecorded, let revision
    else { return nil }
    let pairs = rollouts.flatMap(\.views).compactMap { view in
      view.current.first.map { (view.slot, $0.id.attempt) }
    }
    var convergence = Convergence(
      release: goal.number, revision: revision,
      attempts: Dictionary(pairs, uniquingKeysWith: { _, last in last }),
      quantities: Dictionary(
        goal.app.processes.map { ($0.type, $0.quantity) }, uniquingKeysWith: { _, last in last }))
    // Of a stand-in also those that git asks for no more; what is in force by hand is not git's.
    convergence.processes = goal.app.processes.map { goal.asked.process($0.type) ?? $0 }
    return memory.convergence == convergence ? nil : convergence
  }
}
