// How fast slots may change hands: the strategy of web, and what each means in numbers.

import FormationModel

extension TypeRollout {
  /// The strategy of `web`; other types are replaced stop-first, one at a time.
  private var strategy: RolloutPolicy.Strategy {
    if let strategy = planner.goal.app.rollout.strategy { return strategy }
    return size.tier == .eco || size.tier == .basic ? .recreate : .preboot
  }

  /// Whether a new dyno is to be started beside the one that it replaces, where there is room.
  var prefersToStartFirst: Bool {
    process.type == .web ? strategy == .preboot : process.overlap
  }

  var startsFirst: Bool { prefersToStartFirst && gap == nil }

  var recreates: Bool { process.type == .web && strategy == .recreate }

  var surgeLimit: Int {
    let share = Self.share(planner.goal.app.rollout.maxSurgePercent, of: process.quantity)
    guard let room = planner.room else { return share }
    return max(1, min(share, Int(room / max(1, size.memoryBytes))))
  }

  var unavailableLimit: Int {
    guard process.type == .web else { return 1 }
    return recreates
      ? max(1, process.quantity)
      : Self.share(planner.goal.app.rollout.maxUnavailablePercent, of: process.quantity)
  }

  private static func share(_ percent: Int, of quantity: Int) -> Int {
    max(1, (quantity * percent + 99) / 100)
  }

  func isAvailable(_ view: SlotView) -> Bool {
    // Where there is no room for another one beside it, one that is unwatched serves all the same.
    let serves = { (old: ObservedInstance) in old.phase == .running || gap != nil }
    if view.outdated.contains(where: serves) { return true }
    guard let newest = view.current.first else { return false }
    return planner.judge.standing(of: newest, process) == .up
  }

  /// Whether what the slot asks for has died early in it.
  func hasFailed(_ view: SlotView) -> Bool { crashCount(view) > 0 }
}
