// What an order changes in memory. What asks for what is in force by hand already changes nothing:
// who asked first, and why, stays known.

extension Memory {
  /// Takes an order that was not refused.
  mutating func take(_ order: Order) {
    switch order.wish {
    case .scale(let app, let wishes, let until):
      change(app) { memory in
        for wish in wishes { memory.overrides.scale(wish, until: until, origin: order.origin) }
      }
    case .stop(let target) where target.process == .run:
      change(target.app) { $0.oneOffs.stop(target.ordinal, origin: order.origin) }
    case .stop(let target):
      change(target.app) { $0.overrides.stop(target, origin: order.origin) }
    case .start(let target):
      change(target.app) { $0.overrides.start(target) }
    case .restart(let target):
      change(target.app) { memory in
        for (slot, attempt) in memory.attempts where target.selects(slot) {
          memory.restarts[slot] = RestartMark(attempt: attempt, by: order.by)
          memory.forgiven[slot] = attempt
        }
      }
    case .suspend(let selection, let suspension):
      suspend(selection, SuspensionOverride(suspension, origin: order.origin))
    case .resume(let selection): resume(selection)
    case .maintenance(let app, let isOn):
      change(app) { $0.maintain(isOn, origin: order.origin) }
    case .retry(let app):
      change(app) { memory in
        memory.forgiven = memory.attempts
        memory.overrides.releaseContents()
        if memory.postdeploy?.failure != nil { memory.postdeploy?.phase = .pending }
      }
    case .rollback(let app, let number):
      guard let number else { return }
      change(app) { $0.turnBack(to: number, .rolledBack, origin: order.origin) }
    case .undo: undo(order.origin)
    case .confirm(let hold): confirmed.insert(hold)
    case .run(let app, let request): change(app) { $0.run(request, origin: order.origin) }
    }
  }

  private mutating func change(_ app: AppName, _ change: (inout AppMemory) -> Void) {
    change(&apps[app, default: AppMemory()])
  }

  private mutating func suspend(_ selection: AppSelection, _ suspension: SuspensionOverride) {
    switch selection {
    case .all: self.suspension = suspension.unlessEqual(to: self.suspension)
    case .apps(let names):
      for name in names {
        change(name) { memory in
          memory.overrides.suspension = suspension.unlessEqual(to: memory.overrides.suspension)
        }
      }
    }
  }

  private mutating func resume(_ selection: AppSelection) {
    switch selection {
    case .all:
      suspension = nil
      for name in apps.keys.sorted() { apps[name]?.overrides = Overrides() }
    case .apps(let names):
      for name in names { apps[name]?.overrides = Overrides() }
    }
  }

  /// What is suspended of the app by hand, and by whom; the platform's own where both let as much
  /// pass.
  package func suspension(of app: AppName) -> SuspensionOverride? {
    guard let own = apps[app]?.overrides.suspension else { return suspension }
    guard let all = suspension else { return own }
    return all.suspension.stricter(own.suspension) == all.suspension ? all : own
  }
}

extension AppMemory {
  fileprivate mutating func maintain(_ isOn: Bool, origin: OrderOrigin) {
    guard overrides.maintenance?.isOn != isOn else { return }
    // What git asks for anyway needs nobody's hand.
    overrides.maintenance =
      accepted?.maintenance == isOn ? nil : MaintenanceOverride(isOn: isOn, origin: origin)
  }

  /// Numbers of one-off dynos that were seen to run after a store was lost are not given again.
  fileprivate mutating func run(_ request: OneOffRequest, origin: OrderOrigin) {
    let seen = attempts.keys.filter { $0.process == .run }.map(\.ordinal).max() ?? 0
    oneOffs.add(request, origin: origin, above: seen)
  }
}

extension Overrides {
  mutating func scale(_ wish: ScaleWish, until: LoopTime?, origin: OrderOrigin) {
    guard let git = wish.git else { return }
    var scale = scales[wish.type] ?? ScaleOverride()
    if let quantity = wish.quantity {
      scale.quantity = FieldOverride(quantity, git: git.quantity, until: until, origin: origin)
        .unlessEqual(to: scale.quantity)
    }
    if let size = wish.size {
      scale.size = FieldOverride(size, git: git.size, until: until, origin: origin)
        .unlessEqual(to: scale.size)
    }
    scales[wish.type] = scale == ScaleOverride() ? nil : scale
  }

  mutating func stop(_ target: DynoSelector, origin: OrderOrigin) {
    let same = stops.first { $0.target == target && $0.exceptions.isEmpty }
    stops.removeAll { target.covers($0.target) }
    for index in stops.indices { stops[index].exceptions.removeAll(where: target.covers) }
    // Within a wider stop it is stopped already, unless it had been started again.
    stops.append(same ?? StopOverride(target, origin: origin))
    stops.sort { $0.target < $1.target }
  }

  mutating func start(_ target: DynoSelector) {
    stops.removeAll { target.covers($0.target) }
    for index in stops.indices where stops[index].target.covers(target) {
      stops[index].exceptions.removeAll(where: target.covers)
      stops[index].exceptions.append(target)
      stops[index].exceptions.sort()
    }
  }

  mutating func end(_ subject: OverrideEnd.Subject) {
    switch subject {
    case .quantity(let type): scales[type]?.quantity = nil
    case .size(let type): scales[type]?.size = nil
    case .stop(let target): stops.removeAll { $0.target == target }
    }
    scales = scales.filter { $0.value != ScaleOverride() }
  }

  /// What of it has ended by now: `asked` is what git asks for, nil where that is not known.
  package func ends(_ now: LoopTime, asked: DesiredApp?) -> [OverrideEnd] {
    var ends: [OverrideEnd] = []
    for type in scales.keys.sorted() {
      let process = asked?.process(type)
      func cause<Value>(_ field: FieldOverride<Value>, _ git: Value?) -> OverrideEnd.Cause? {
        if asked != nil && process == nil { return .removedFromGit }
        if let git, git != field.git { return .changedInGit }
        return field.until.map { $0 <= now } == true ? .timeOver : nil
      }
      if let field = scales[type]?.quantity, let cause = cause(field, process?.quantity) {
        ends.append(OverrideEnd(.quantity(type), cause))
      }
      if let field = scales[type]?.size, let cause = cause(field, process?.size) {
        ends.append(OverrideEnd(.size(type), cause))
      }
    }
    for stop in stops {
      guard let asked, let type = stop.target.process, asked.process(type) == nil else { continue }
      ends.append(OverrideEnd(.stop(stop.target), .removedFromGit))
    }
    return ends
  }

  /// When something of it ends by itself next; nil when nothing does.
  package var nextEnd: LoopTime? {
    scales.values.flatMap { [$0.quantity?.until, $0.size?.until].compactMap { $0 } }.min()
  }
}

extension FieldOverride {
  /// The one in force when this one asks for the same, else this one.
  fileprivate func unlessEqual(to former: FieldOverride?) -> FieldOverride {
    guard let former, former.value == value, former.git == git, former.until == until else {
      return self
    }
    return former
  }
}

extension SuspensionOverride {
  /// The one in force when this one asks for the same, else this one.
  fileprivate func unlessEqual(to former: SuspensionOverride?) -> SuspensionOverride {
    former.flatMap { $0.suspension == suspension ? $0 : nil } ?? self
  }
}

extension DesiredApp {
  /// The app with what is in force by hand laid over it; what was stopped is not in it.
  package func overlaid(by overrides: Overrides) -> DesiredApp {
    var app = self
    for index in app.processes.indices {
      let scale = overrides.scales[app.processes[index].type]
      if let quantity = scale?.quantity { app.processes[index].quantity = quantity.value }
      if let size = scale?.size { app.processes[index].size = size.value }
    }
    if let maintenance = overrides.maintenance { app.maintenance = maintenance.isOn }
    return app
  }
}
