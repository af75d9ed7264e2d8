// Plans what the router does: which hosts lead to which app, and which of its web dynos take
// requests. Dynos are judged by the rules that rollouts go by; nothing here starts or stops one.

import FormationModel

/// Plans routes for all apps. A class without anything that changes: every app's routing refers to
/// it.
final class RoutePlanner {
  let outlooks: [AppName: AppOutlook]
  /// Those of the world by app.
  let instances: [AppName?: [ObservedInstance]]
  let world: ObservedFormation
  let memory: Memory
  let platform: PlatformRouter?
  let context: PlanningContext

  init(_ outlooks: Outlooks, memory: Memory, platform: PlatformRouter?, context: PlanningContext) {
    self.outlooks = outlooks.apps
    instances = outlooks.instances
    world = outlooks.world
    self.memory = memory
    self.platform = platform
    self.context = context
  }

  /// Adds to the plan what has to be done about routes; nothing where there can be no router. One
  /// that nobody needs is stopped.
  func fill(_ plan: inout Plan) {
    guard world.routing != .none else { return }
    let targets = targets(plan)
    let entry = targets.isEmpty ? nil : context.router?.entry(for: platform)
    let known = world.routing.table?.apps ?? [:]
    guard let table = world.routing.table, table.entry == entry else {
      if entry != nil || world.routing.table != nil {
        plan.router = open(RouteTable(entry: entry, apps: targets))
      }
      return
    }
    guard entry != nil else { return }
    for index in plan.apps.indices {
      let app = plan.apps[index].app
      follow(&plan.apps[index], from: known[app], to: targets[app])
    }
    // Whoever is gone from git, memory and machine has no part in the plan.
    for app in known.keys.filter({ targets[$0] == nil && !plan.has($0) }).sorted() {
      var part = AppPlan(app: app)
      follow(&part, from: known[app], to: nil)
      plan.apps.append(part)
    }
    plan.apps.sort { $0.app < $1.app }
  }

  private func targets(_ plan: Plan) -> [AppName: AppRoutes] {
    guard context.router != nil else { return [:] }
    var targets: [AppName: AppRoutes] = [:]
    for part in plan.apps {
      targets[part.app] = AppRouting(part, instances[part.app] ?? [], self).routes
    }
    settleHosts(&targets)
    return targets
  }

  /// The router as a whole, with every route at once.
  private func open(_ table: RouteTable) -> RouterPlan {
    var part = RouterPlan(entry: table.entry, apps: table.apps.count)
    let setback = context.setbacks[.router]
    part.failure = setback?.failure
    let isDue = setback.map { $0.until.map { $0 <= context.now } ?? false } ?? true
    if isDue, !context.underWay.contains(.router), case .table = world.routing {
      part.step = Step(app: nil, .openRouter(table), .routerDown)
    }
    if case .unavailable(let reason) = world.routing {
      part.failure = EffectFailure("router-unavailable", reason, retry: .later)
    }
    return part
  }

  /// One app's routes, when they are not what they ought to be.
  private func follow(_ part: inout AppPlan, from old: AppRoutes?, to new: AppRoutes?) {
    if context.only.map({ !$0.contains(part.app) }) ?? false { return }
    note(&part, from: old, to: new)
    guard old != new, outlooks[part.app]?.isSuspended != true else { return }
    let wasAtRest = part.changes.isEmpty && part.waits.isEmpty && part.next.isEmpty
    let subject = OperationSubject.routes(part.app)
    guard !context.underWay.contains(subject) else { return }
    if let setback = context.setbacks[subject], setback.until.map({ $0 > context.now }) ?? true {
      part.waits.append(Wait(app: part.app, .retry(setback.failure), until: setback.until))
      return
    }
    let isDrift = wasAtRest && old != nil && memory.apps[part.app]?.convergence != nil
    let reason: Reason = isDrift ? .routesDrifted : .dynosChanged
    if isDrift { part.changes.append(Change(.route, app: part.app, reason)) }
    part.next.append(Step(app: part.app, .route(part.app, new), reason))
  }

  /// Shows what a commit or an order changes of the routes of an app that has some.
  private func note(_ part: inout AppPlan, from old: AppRoutes?, to new: AppRoutes?) {
    guard let old, let outlook = outlooks[part.app], !outlook.isSuspended,
      let goal = outlook.wanted ?? outlook.inForce, let wish = wish(of: goal, absence: .booting)
    else { return }
    let fields = old.changes(to: wish)
    guard let first = fields.first else { return }
    part.changes.append(
      Change(
        .route, app: part.app, .routesChanged(fields),
        because: Because(first, at: mark(first.field, goal))))
  }

  private func mark(_ field: FieldPath, _ goal: Goal) -> SourceMark? {
    field == "maintenance" && goal.overrides.maintenance != nil ? nil : goal.app.marks[field]
  }

  /// What a goal asks of the router, without its dynos; nil when it has no web process.
  func wish(of goal: Goal, absence: RouteAbsence) -> AppRoutes? {
    guard goal.app.process(.web) != nil else { return nil }
    return AppRoutes(
      hosts: Set(goal.app.domains + [platform.defaultHost(of: goal.app.name)]).sorted(),
      absence: absence,
      isInMaintenance: goal.overrides.maintenance?.isOn ?? goal.app.maintenance,
      settings: goal.app.routing ?? RoutingSettings())
  }

  /// Every host leads to one app: the one that has it keeps it, else an app keeps its default host,
  /// else the first by name gets it.
  private func settleHosts(_ targets: inout [AppName: AppRoutes]) {
    var owners: [String: AppName] = [:]
    for (app, routes) in (world.routing.table?.apps ?? [:]).sorted(by: { $0.key < $1.key }) {
      for host in routes.hosts where targets[app]?.hosts.contains(host) == true {
        owners[host] = app
      }
    }
    for app in targets.keys.sorted() {
      let host = platform.defaultHost(of: app)
      if targets[app]?.hosts.contains(host) == true, owners[host] == nil { owners[host] = app }
    }
    for app in targets.keys.sorted() {
      targets[app]?.hosts.removeAll { host in
        if owners[host] == nil { owners[host] = app }
        return owners[host] != app
      }
    }
  }
}

extension Plan {
  fileprivate func has(_ app: AppName) -> Bool { apps.contains { $0.app == app } }
}

extension AppRoutes {
  /// What a manifest says of them, field by field.
  fileprivate func changes(to new: AppRoutes) -> [FieldChange] {
    func change<Value: Equatable>(
      _ field: FieldPath, _ value: (AppRoutes) -> Value, _ word: (Value) -> String
    ) -> FieldChange? {
      let (from, to) = (value(self), value(new))
      return from == to ? nil : FieldChange(field, from: word(from), to: word(to))
    }
    return [
      change("domains", \.hosts) { $0.joined(separator: ", ") },
      change("maintenance", \.isInMaintenance) { "\($0)" },
      change("router.timeout", \.settings.timeout) { "\($0)" },
      change("router.idle", \.settings.idle) { "\($0)" },
      change("router.affinity", \.settings.affinity) { "\($0)" },
    ].compactMap { $0 }
  }
}
