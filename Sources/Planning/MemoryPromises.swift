// What dynos are promised of the machine's memory, against what platform.yaml lets be promised:
// whether a wish fits, and whether a new dyno fits beside the one that it replaces.

import FormationModel

/// The promises of one moment.
struct MemoryPromises {
  /// No machine has more; so that no sum of sizes is more than a number can be.
  private static let largestSize: Int64 = 1 << 43

  /// Bytes that may be promised.
  private let limit: Int64
  /// Bytes that the machine has.
  private let machine: Int64
  /// Those of the world by app.
  private let instances: [AppName?: [ObservedInstance]]
  private let memory: Memory
  private let context: PlanningContext

  /// Nil where nothing is limited: platform.yaml says nothing, or nobody tells what there is.
  init?(
    _ platform: Platform?, machine: Int64?, instances: [AppName?: [ObservedInstance]],
    memory: Memory, context: PlanningContext
  ) {
    guard let percent = platform?.capacityPercent, let machine else { return nil }
    self.machine = min(machine, Self.largestSize)
    limit = self.machine * Int64(percent) / 100
    self.instances = instances
    self.memory = memory
    self.context = context
  }

  // MARK: - Wishes

  /// The apps whose wish does not fit. Wishes that ask for no more than the app has are taken, and
  /// so are those that have begun and going back; the others in the order of their names, as long
  /// as there is room.
  func excesses(_ apps: [AppName: AppOutlook]) -> [AppName: MemoryExcess] {
    var total: Int64 = 0
    var growing: [(name: AppName, had: Int64, wish: Int64)] = []
    for (name, outlook) in apps.sorted(by: { $0.key < $1.key }) where !outlook.isLeaving {
      let had = had(outlook)
      let wish = outlook.wanted.map(promised(to:)) ?? had
      let isTaken = wish <= had || passes(outlook)
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

  /// Whether the wish is taken whatever it asks for: its release command may have run already, or
  /// it goes back and asks for the formation that there is.
  private func passes(_ outlook: AppOutlook) -> Bool {
    guard let wanted = outlook.wanted else { return true }
    let newest = memory.apps[outlook.name]?.releases.last
    if let newest, newest.isUnderWay, newest.content == wanted.content { return true }
    return wanted.isReturn && wanted.asked.processes == outlook.inForce?.asked.processes
  }

  /// What an app has: what it was promised, and also what runs beyond that, as it was scaled by
  /// hand before a commit said the same.
  private func had(_ outlook: AppOutlook) -> Int64 {
    let live = (instances[outlook.name] ?? []).filter { $0.isLive && $0.id.kind == .dyno }
    let largest = Dictionary(
      live.map { ($0.id.slot, size($0)) }, uniquingKeysWith: { max($0, $1) })
    return max(outlook.inForce.map(promised(to:)) ?? 0, largest.values.reduce(0, +))
  }

  /// What the slots of a goal are promised.
  private func promised(to goal: Goal) -> Int64 {
    goal.app.processes.reduce(0) { $0 + size($1) * Int64(goal.slots(of: $1).count) }
  }

  private func size(_ process: DesiredProcess) -> Int64 {
    let bytes = process.type == .release ? 0 : context.catalog.dynoTypes[process.size]?.memoryBytes
    return min(bytes ?? 0, Self.largestSize)
  }

  private func size(_ instance: ObservedInstance) -> Int64 {
    min(instance.form?.memoryBytes ?? 0, Self.largestSize)
  }

  private func taken(_ name: AppName?) -> Int64 {
    (instances[name] ?? []).reduce(0) { $0 + ($1.isLive ? size($1) : 0) }
  }

  // MARK: - Room

  /// The room for dynos beside those that they replace.
  func room(beside apps: [AppName: AppOutlook]) -> MemoryRoom {
    let names = instances.keys
    let unplanned = names.filter { name in name.map { apps[$0] == nil } ?? true }
    return MemoryRoom(
      lasting: limit - apps.values.reduce(0) { $0 + steady($1) }
        - unplanned.reduce(0) { $0 + taken($1) },
      now: limit - apps.values.reduce(0) { $0 + empty($1) } - names.reduce(0) { $0 + taken($1) })
  }

  /// What an app takes once it stands.
  private func steady(_ outlook: AppOutlook) -> Int64 {
    if outlook.isLeaving { return 0 }
    let promised = (outlook.wanted ?? outlook.inForce).map(promised(to:))
    guard let promised, !outlook.isSuspended else { return max(promised ?? 0, taken(outlook.name)) }
    return promised
  }

  /// What the slots of an app take that nothing fills yet, and what is on its way into the others.
  private func empty(_ outlook: AppOutlook) -> Int64 {
    guard let goal = outlook.wanted ?? outlook.inForce else { return 0 }
    let filled = filled(outlook.name)
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
    let filled = filled(part.app)
    return part.next.reduce(0) { sum, step in
      guard case .start(let spec) = step.operation, filled.contains(spec.id.slot) else {
        return sum
      }
      return sum + min(spec.size.memoryBytes, Self.largestSize)
    }
  }

  private func filled(_ app: AppName) -> Set<SlotID> {
    Set((instances[app] ?? []).filter(\.isLive).map(\.id.slot))
  }
}

/// Bytes that dynos may be promised beside those that they replace; below zero when more is promised
/// already than may be.
struct MemoryRoom {
  /// Once every app stands: where it does not suffice, a rollout stops first.
  let lasting: Int64
  /// At this moment: where it does not suffice, a rollout waits until others have ended.
  var now: Int64
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
  /// Why no dyno is started beside the one that it replaces; nil when there is room.
  var gap: MemoryGap? {
    guard prefersToStartFirst, let room, room.lasting < size.memoryBytes else { return nil }
    return MemoryGap(needed: size.memoryBytes, room: max(0, room.lasting))
  }

  /// Whether a dyno may be started beside those of the slot at this moment, or is already.
  func hasRoomNow(_ view: SlotView) -> Bool {
    guard let left = roomLeft?.now, view.isOccupied else { return true }
    return isBegunBeside(view) || left >= size.memoryBytes
  }

  /// Whether a dyno is being started beside the one that it replaces.
  func isBegunBeside(_ view: SlotView) -> Bool {
    view.isOccupied
      && planner.context.underWay.contains(.slot(view.slot, planner.goal.content.digest))
  }

  /// The room that the type leaves to others.
  var roomLeft: MemoryRoom? {
    room.map { room in
      MemoryRoom(
        lasting: room.lasting, now: room.now - Int64(begunBeside) * size.memoryBytes)
    }
  }

  /// The slot keeps what it has until others have ended. Where its new dyno has died again and
  /// again, that is what is told.
  mutating func waitForTurn(_ view: SlotView) {
    if hasFailed(view), let exit = view.tombstones.first?.exit {
      wait(view, .backoff(exit, count: crashCount(view)))
    } else {
      wait(view, .turn)
    }
  }
}
