// What dynos are promised of the machine's memory, against what platform.yaml lets be promised:
// whether a wish fits, and whether a new dyno fits beside the one that it replaces.

import FormationModel

/// The promises of one moment.
struct MemoryPromises {
  /// Bytes that may be promised.
  private let limit: Int64
  /// Bytes that the machine has.
  private let machine: Int64
  /// Those of the world by app.
  private let instances: [AppName?: [ObservedInstance]]
  private let context: PlanningContext

  /// Nil where nothing is limited: platform.yaml says nothing, or nobody tells what there is.
  init?(
    _ platform: Platform?, machine: Int64?, instances: [AppName?: [ObservedInstance]],
    context: PlanningContext
  ) {
    guard let percent = platform?.capacityPercent, let machine else { return nil }
    limit = machine * Int64(percent) / 100
    self.machine = machine
    self.instances = instances
    self.context = context
  }

  // MARK: - Wishes

  /// The apps whose wish does not fit. Wishes that ask for no more than the app has are taken, and
  /// so is going back; the others in the order of their names, as long as there is room.
  func excesses(_ apps: [AppName: AppOutlook]) -> [AppName: MemoryExcess] {
    var total: Int64 = 0
    var growing: [(name: AppName, had: Int64, wish: Int64)] = []
    for (name, outlook) in apps.sorted(by: { $0.key < $1.key }) where !outlook.isLeaving {
      let had = outlook.inForce.map(promised(to:)) ?? taken(instances[name] ?? [])
      let wish = outlook.wanted.map(promised(to:)) ?? had
      let isTaken = wish <= had || outlook.wanted?.isReturn == true
      total += isTaken ? wish : had
      if !isTaken { growing.append((name, had, wish)) }
    }
    let held = growing.filter { app in
      guard total - app.had + app.wish <= limit else { return true }
      total += app.wish - app.had
      return false
    }
    let excesses = held.map { app in
      MemoryExcess(wanted: app.wish, others: total - app.had, limit: limit, machine: machine)
    }
    return Dictionary(uniqueKeysWithValues: zip(held.map(\.name), excesses))
  }

  /// What the slots of a goal are promised.
  private func promised(to goal: Goal) -> Int64 {
    goal.app.processes.reduce(0) { $0 + size($1) * Int64(goal.slots(of: $1).count) }
  }

  private func size(_ process: DesiredProcess) -> Int64 {
    process.type == .release ? 0 : context.catalog.dynoTypes[process.size]?.memoryBytes ?? 0
  }

  private func taken(_ instances: [ObservedInstance]) -> Int64 {
    instances.reduce(0) { $0 + ($1.isLive ? $1.form?.memoryBytes ?? 0 : 0) }
  }

  // MARK: - Room

  /// What may be promised to dynos beside those that they replace; below zero when more is promised
  /// already than may be.
  func room(beside apps: [AppName: AppOutlook]) -> Int64 {
    instances.keys.reduce(limit - apps.values.reduce(0) { $0 + empty($1) }) {
      $0 - taken(instances[$1] ?? [])
    }
  }

  /// What the slots of an app take that nothing fills yet, and what is on its way into the others.
  private func empty(_ outlook: AppOutlook) -> Int64 {
    guard let goal = outlook.wanted ?? outlook.inForce else { return 0 }
    let filled = Set((instances[outlook.name] ?? []).filter(\.isLive).map(\.id.slot))
    return goal.app.processes.reduce(0) { sum, process in
      let coming = goal.slots(of: process).count { slot in
        !filled.contains(slot)
          || context.underWay.contains(.slot(slot, goal.content.digest))
      }
      return sum + size(process) * Int64(coming)
    }
  }

  /// What the part of the plan takes of the room: dynos that it starts beside others.
  func surge(of part: AppPlan) -> Int64 {
    let filled = Set((instances[part.app] ?? []).filter(\.isLive).map(\.id.slot))
    return part.next.reduce(0) { sum, step in
      guard case .start(let spec) = step.operation, filled.contains(spec.id.slot) else {
        return sum
      }
      return sum + spec.size.memoryBytes
    }
  }
}

extension AppOutlook {
  /// Holds the wish: it does not fit.
  mutating func hold(_ excess: MemoryExcess) {
    wanted = nil
    obstacle = .held
    holds.append(
      Hold(
        HoldID("capacity/\(name)"), app: name, .capacityExceeded(excess),
        release: "ask for fewer or smaller dynos, or raise capacity.memory in platform.yaml"))
  }
}

extension TypeRollout {
  /// How many slots have two dynos at this moment, or the second one is being started.
  var doubled: Int {
    views.count { view in
      view.current.count + view.outdated.count + view.stopping.count > 1 || isBegunBeside(view)
    }
  }

  /// Whether a dyno is being started beside the one that it replaces.
  func isBegunBeside(_ view: SlotView) -> Bool {
    view.isOccupied
      && planner.context.underWay.contains(.slot(view.slot, planner.goal.content.digest))
  }

  /// Why no dyno can be started beside the one that it replaces; nil when one can, and while one
  /// has been.
  var gap: MemoryGap? {
    guard let room, room < size.memoryBytes, doubled == 0 else { return nil }
    return MemoryGap(needed: size.memoryBytes, room: max(0, room))
  }

  /// The room that the type leaves to others.
  var roomLeft: Int64? { room.map { $0 - Int64(begunBeside) * size.memoryBytes } }
}
