// What dynos are promised of the machine's memory, against what platform.yaml lets be promised:
// whether a wish fits, and whether a rollout may start a dyno beside the one that it replaces. Only
// what is asked for counts, never who happens to run at the moment (unless nothing else is known of
// an app): a dyno that crashes or takes long to end changes no answer.

import FormationModel

/// What may be promised, and to whom it is.
struct MemoryPromises {
  /// No machine has more; so that no sum of sizes is more than a number can be.
  private static let largestSize: Int64 = 1 << 43

  /// Bytes that may be promised.
  private let limit: Int64
  /// Bytes that the machine has.
  private let machine: Int64
  private let memory: Memory
  private let context: PlanningContext

  /// Nil where nothing is limited: platform.yaml says nothing, or nobody tells what there is.
  init?(_ platform: Platform?, machine: Int64?, memory: Memory, context: PlanningContext) {
    guard let percent = platform?.capacityPercent, let machine else { return nil }
    self.machine = min(machine, Self.largestSize)
    limit = self.machine * Int64(percent) / 100
    self.memory = memory
    self.context = context
  }

  /// The apps whose wish does not fit. Wishes that ask for no more than the app had are taken, and
  /// so are those that have begun and going back; the others in the order of their names, as long
  /// as there is room. `before` is how the apps were before the commit ended what was in force by
  /// hand.
  func excesses(_ outlooks: Outlooks, before: Outlooks) -> [AppName: MemoryExcess] {
    var total: Int64 = 0
    var growing: [(name: AppName, had: Int64, wish: Int64)] = []
    for (name, outlook) in outlooks.apps.sorted(by: { $0.key < $1.key }) where !outlook.isLeaving {
      let had = standing(before.apps[name] ?? outlook, in: before)
      let wish = isActedOn(name) ? outlook.wanted.map(promised(to:)) ?? had : had
      let isTaken = wish <= had || passes(outlook, in: before)
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

  /// Bytes for dynos beside those that they replace, once every app stands as it is asked for;
  /// below zero when more is promised already than may be.
  func room(beside outlooks: Outlooks) -> Int64 {
    limit
      - outlooks.apps.values.reduce(0) { sum, outlook in
        if outlook.isLeaving { return sum }
        let wanted = isActedOn(outlook.name) ? outlook.wanted : nil
        return sum + (wanted.map(promised(to:)) ?? standing(outlook, in: outlooks))
      }
  }

  /// Whether this run does anything for the app: what it does not do makes no room.
  private func isActedOn(_ name: AppName) -> Bool { context.only?.contains(name) ?? true }

  /// Whether the wish is taken whatever it asks for: its release command may have run already, it
  /// goes back and asks for the formation that there is, or what runs of it is all that is known of
  /// it (a lost store).
  private func passes(_ outlook: AppOutlook, in before: Outlooks) -> Bool {
    guard let wanted = outlook.wanted else { return true }
    if outlook.inForce == nil, before.instances[outlook.name]?.isEmpty == false { return true }
    let newest = memory.apps[outlook.name]?.releases.last
    if let newest, newest.hasBegun, newest.content == wanted.content { return true }
    return wanted.isReturn && wanted.asked.processes == outlook.inForce?.asked.processes
  }

  /// What an app is promised by what is in force; where nobody remembers that, what runs of it.
  private func standing(_ outlook: AppOutlook, in outlooks: Outlooks) -> Int64 {
    if let inForce = outlook.inForce { return promised(to: inForce) }
    let live = (outlooks.instances[outlook.name] ?? []).filter {
      $0.isLive && $0.id.kind == .dyno
    }
    let largest = live.map { ($0.id.slot, min($0.form?.memoryBytes ?? 0, Self.largestSize)) }
    return Dictionary(largest, uniquingKeysWith: { max($0, $1) }).values.reduce(0, +)
  }

  /// What the slots of a goal are promised.
  private func promised(to goal: Goal) -> Int64 {
    goal.app.processes.reduce(0) { $0 + size($1) * Int64(goal.slots(of: $1).count) }
  }

  private func size(_ process: DesiredProcess) -> Int64 {
    let bytes = process.type == .release ? 0 : context.catalog.dynoTypes[process.size]?.memoryBytes
    return min(bytes ?? 0, Self.largestSize)
  }
}

extension Release {
  /// Whether its release command has begun, and its dynos do not stand yet.
  fileprivate var hasBegun: Bool {
    if case .pending = phase { return false }
    return isUnderWay
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
  /// Why no dyno is started beside the one that it replaces; nil when there is room.
  var gap: MemoryGap? {
    guard prefersToStartFirst, let room = planner.room, room < size.memoryBytes else { return nil }
    return MemoryGap(needed: size.memoryBytes, room: max(0, room))
  }
}
