// Which of an app's web dynos take requests, and what visitors get where none can.

import FormationModel

/// The routes that one app ought to have at this moment.
struct AppRouting {
  private let part: AppPlan
  private let web: [ObservedInstance]
  private let planner: RoutePlanner
  private let goal: Goal?
  private let judge: Judge
  /// Who is asked to stop in this pass.
  private let stopped: Set<InstanceID>

  init(_ part: AppPlan, _ instances: [ObservedInstance], _ planner: RoutePlanner) {
    self.part = part
    self.planner = planner
    web = instances.filter { $0.id.slot.process == .web && $0.id.kind == .dyno }
    goal = planner.outlooks[part.app]?.inForce
    stopped = Set(
      part.next.compactMap { step in
        if case .stop(let id, _) = step.operation { id } else { nil }
      })
    judge = Judge(memory: planner.memory.apps[part.app] ?? AppMemory(), context: planner.context)
  }

  /// The routes; nil when the app has no web process and no dyno that still has requests.
  var routes: AppRoutes? {
    let servers = servers
    let isLeaving = planner.outlooks[part.app]?.isLeaving ?? true
    if let goal, !isLeaving, var routes = planner.wish(of: goal, absence: absence(servers)) {
      routes.servers = servers
      return routes
    }
    // Nobody is sent there any more; what is under way comes to its end.
    let ending = servers.map { RouteServer($0.id, at: $0.endpoint, isDraining: true) }
    return ending.isEmpty ? nil : AppRoutes(hosts: [], absence: .none, servers: ending)
  }

  private var servers: [RouteServer] {
    let judged = web.compactMap { instance in
      instance.endpoint.flatMap { endpoint in
        place(of: instance).map { (RouteServer(instance.id, at: endpoint), $0) }
      }
    }
    // Where every dyno fails its check, a page from one of them is worth more than none.
    let hasServing = judged.contains { $0.1 == .serving }
    return judged.compactMap { server, place in
      var server = server
      switch place {
      case .serving: break
      case .failing: if hasServing { return nil }
      case .ending: server.isDraining = true
      }
      return server
    }.sorted { $0.id < $1.id }
  }

  /// What the router does with an instance.
  private enum Place {
    /// It takes requests.
    case serving
    /// It fails its check.
    case failing
    /// It gets no new ones.
    case ending
  }

  private func place(of instance: ObservedInstance) -> Place? {
    let isRouted = planner.world.routing.server(of: instance.id) != nil
    if stopped.contains(instance.id) { return isRouted ? .ending : nil }
    if part.draining.contains(instance.id) { return .ending }
    switch judge.standing(of: instance, goal?.app.process(.web)) {
    case .up: return .serving
    case .unwell: return .failing
    // After a restart of Muster its health is not known, which takes nothing away.
    case .booting(let until): return until == nil || isServing(instance) ? .serving : nil
    case .unsupervised: return judge.hasBeenHealthy(instance) ? .serving : nil
    case .stopping: return isRouted ? .ending : nil
    case .created, .failedBoot, .exited: return nil
    }
  }

  /// Whether the router sends it requests, as an earlier life of Muster had it do, and nothing is
  /// known against it.
  private func isServing(_ instance: ObservedInstance) -> Bool {
    guard let server = planner.world.routing.server(of: instance.id), !server.isDraining else {
      return false
    }
    return planner.context.health[instance.id]?.isFailing != true
  }

  /// Heroku tells visitors apart whose app has no dyno, has none that works, or has one that boots.
  private func absence(_ servers: [RouteServer]) -> RouteAbsence {
    guard let goal, let process = goal.app.process(.web) else { return .blank }
    if goal.slots(of: process).isEmpty { return .none }
    // Should the last one die, its successor is on its way at once.
    if servers.contains(where: { !$0.isDraining }) { return .booting }
    let dynos = part.dynos.filter { $0.slot.process == .web }
    let onlyCrashed = !dynos.isEmpty && dynos.allSatisfy { $0.state == .crashed }
    return onlyCrashed ? .crashed : .booting
  }
}
