// Every invariant has a world that breaks it, and the checks find it.

import FormationModel
import Planning
import SimulatedWorld
import Testing

@testable import SimulationRun

@Suite struct `Every check can fail` {
  @Test(arguments: Invariant.allCases)
  func `a broken world is found`(_ invariant: Invariant) throws {
    #expect(try found(invariant) == invariant)
  }

  @Test func `a good world is not`() throws {
    var world = try BadWorld()
    world.memory.apply(.attempt(world.slot(0, 1), 1), releasesKept: 4)
    let spec = try world.spec(world.slot(0, 1), attempt: 1)
    #expect(world.decision(.start(spec)) == nil)
    #expect(world.violation(.start(spec)) == nil)
  }

  private func found(_ invariant: Invariant) throws -> Invariant? {
    switch invariant {
    case .converges, .stays, .idle, .ordersDurable: Runs.found(invariant)
    case .oneAtATime, .noStorm, .ordersObeyed, .dependencies: Guards.found(invariant)
    case .sameInputs, .independence: try Plans.found(invariant)
    case .twoPerSlot, .stopFirst, .surge, .enoughHealthy, .strangers, .idsOnce, .routedHealthy,
      .drainedFirst, .grace:
      try Operations.found(invariant)
    case .releaseNumbers, .invalidChangesNothing, .deletionBudget, .suspension, .memoryFirst,
      .heldContent, .releaseOnce:
      try Decisions.found(invariant)
    case .orphans, .pathIndependence, .exactlyChanges: try Ends.found(invariant)
    }
  }
}

/// Worlds after an operation.
private enum Operations {
  static func found(_ invariant: Invariant) throws -> Invariant? {
    var world = try BadWorld()
    let web = world.slot(0, 1)
    let worker = world.slot(1, 1)
    switch invariant {
    case .twoPerSlot:
      try world.run(web, attempts: 1...2)
      return world.violation(.start(try world.spec(web, attempt: 3)))
    case .stopFirst:
      try world.run(worker)
      return world.violation(.start(try world.spec(worker, attempt: 2)))
    case .surge:
      for ordinal in 2...3 { try world.run(world.slot(1, ordinal)) }
      return world.violation(.start(try world.spec(worker, attempt: 1)))
    case .enoughHealthy:
      try world.run(web)
      try world.run(world.slot(0, 2))
      let id = InstanceID(slot: web, release: 1, attempt: 1)
      world.ledger.healthy = [id]
      return world.violation(.stop(id, grace: .seconds(1)), .superseded)
    case .strangers:
      let id = InstanceID(slot: web, release: 1, attempt: 1)
      world.machine.strangers = [id.description]
      world.ledger.strangers = world.machine.strangers
      return world.violation(.remove(id))
    case .routedHealthy:
      try world.run(web)
      return world.violation(.openRouter(world.routing(web)), .routerDown)
    case .drainedFirst:
      try world.run(web)
      _ = world.machine.router.open(world.routing(web), at: world.now)
      world.ledger.isRouterSeen = true
      let id = InstanceID(slot: web, release: 1, attempt: 1)
      return world.violation(.stop(id, grace: .seconds(1)), .superseded)
    case .grace: return try killsEarly(&world, web)
    case .idsOnce:
      let spec = try world.spec(web, attempt: 1)
      world.ledger.usedIDs = [spec.id]
      return world.violation(.start(spec))
    default: return nil
    }
  }
}

extension Operations {
  private static func killsEarly(_ world: inout BadWorld, _ slot: SlotID) throws -> Invariant? {
    try world.run(slot)
    let id = InstanceID(slot: slot, release: 1, attempt: 1)
    _ = world.machine.stop(id, killAt: world.now + .seconds(30), at: world.now)
    world.ledger.latest = world.now
    return world.violation(.kill(id), .graceOver)
  }
}

/// Decisions of a Muster that is not right.
private enum Decisions {
  static func found(_ invariant: Invariant) throws -> Invariant? {
    var world = try BadWorld()
    let web = world.slot(0, 1)
    world.memory.apply(.attempt(web, 1), releasesKept: 4)
    switch invariant {
    case .releaseNumbers:
      world.ledger.highestRelease[world.app.app.name] = 7
      let release = Release(
        number: 7, content: try world.content(slug: 2), revision: world.commit.id,
        recordedAt: world.now, summary: "again")
      return world.decision(.record(world.app.app.name, release))
    case .releaseOnce:
      let pending = Release(
        number: 2, content: try world.content(slug: 2), revision: world.commit.id,
        recordedAt: world.now, summary: "pending", phase: .pending)
      world.memory.apply(.record(world.app.app.name, pending), releasesKept: 4)
      return world.decision(.start(try world.spec(web, attempt: 1, release: 2, slug: 2)))
    case .heldContent: return try recordsWhatWasLeft(&world)
    case .invalidChangesNothing:
      world.ask { $0.isBroken = true }
      return world.decision(.start(try world.spec(web, attempt: 1, slug: 2)))
    case .suspension:
      world.ask { $0.app.suspension = .everything }
      return world.decision(.start(try world.spec(web, attempt: 1)))
    case .memoryFirst:
      return world.decision(.start(try world.spec(web, attempt: 2)))
    case .deletionBudget:
      world.ask { $0.app.processes.removeFirst() }
      world.ledger.removed.slots = [world.slot(0, 2)]
      let id = InstanceID(slot: web, release: 1, attempt: 1)
      return world.decision(.stop(id, grace: .seconds(1)), .processRemoved)
    default: return nil
    }
  }
}

extension Decisions {
  private static func recordsWhatWasLeft(_ world: inout BadWorld) throws -> Invariant? {
    let name = world.app.app.name
    let (revision, now) = (world.commit.id, world.now)
    let contents = try (1...2).map { try world.content(slug: $0) }
    let left = { (number: Int, slug: Int) in
      Release(
        number: number, content: contents[slug - 1], revision: revision, recordedAt: now,
        summary: "left")
    }
    world.ledger.left.note(.record(name, left(1, 1)))
    world.ledger.left.note(.record(name, left(2, 2)))
    let order = Order(by: "ada", at: now, .rollback(name, to: 1))
    world.ledger.left.note(.order(order))
    return world.decision(.record(name, left(4, 2)))
  }
}

/// What is left at the end.
private enum Ends {
  static func found(_ invariant: Invariant) throws -> Invariant? {
    var world = try BadWorld()
    switch invariant {
    case .orphans:
      try world.run(world.slot(0, 1))
      let id = InstanceID(slot: world.slot(0, 1), release: 1, attempt: 1)
      world.machine.die(id, code: 1, at: world.now)
      return FormationChecks.difference(world.machine, commit: world.commit, leavingOut: [])?.0
    case .pathIndependence:
      try world.run(world.slot(0, 1))
      return FormationChecks.difference(world.machine, commit: world.commit, leavingOut: [])?.0
    case .exactlyChanges:
      var prediction = Prediction()
      prediction.predicted = ["start alder web.1"]
      prediction.done = ["start alder web.1", "stop alder web.1"]
      return prediction.violation?.invariant
    default: return nil
    }
  }
}

/// Planners that are no functions of their inputs.
private enum Plans {
  static func found(_ invariant: Invariant) throws -> Invariant? {
    let world = try BadWorld()
    let context = PlanningContext(
      now: world.now, catalog: SimulatedCatalog.platform.catalog, seed: 1)
    var checks = PlannerChecks(
      desired: world.commit.resolved, observed: world.machine.observed, memory: world.memory,
      context: context)
    #expect(checks.violation(0) == nil)
    var calls = 0
    checks.plan = { desired, observed, memory, context in
      calls += 1
      var plan = Planner.plan(
        desired: desired, observed: .complete(observed), memory: memory, context: context)
      if invariant == .sameInputs { plan.leftAlone = ["\(calls)"] }
      if invariant == .independence, desired.apps.count > 1 { plan.apps[0].next = [] }
      return plan
    }
    return checks.violation(0)?.invariant
  }
}
