// Dynos that run and are not well. Web dynos that were healthy and fail their check are out of the
// router at once, and replaced where the manifest says after how long; dynos that ran out of memory
// are ended.

import FormationModel

extension TypeRollout {
  /// Whether dynos of the type go on being checked once they are up: where the manifest says how.
  var isWatched: Bool {
    process.type == .web
      && (process.healthcheck.path != nil || process.healthcheck.restartAfter != nil)
  }

  /// Replaces a dyno whose check has failed for too long; one at a time, for what all of them lack
  /// is not mended by stopping all of them.
  mutating func revive(
    _ view: SlotView, _ instance: ObservedInstance, _ result: ProbeResult?,
    failingSince: LoopTime?
  ) {
    guard let limit = process.healthcheck.restartAfter, let failingSince else {
      return wait(view, .unwell(instance.id, result))
    }
    let due = failingSince + limit
    // A clock that went back must not make the wait longer than the limit.
    let until = min(due, planner.context.now + limit)
    guard until <= planner.context.now else {
      return wait(view, .unwell(instance.id, result), until: until)
    }
    guard !isReviving, planner.isComplete else {
      return wait(view, .unwell(instance.id, result))
    }
    isReviving = true
    let reason = Reason.checkFailing(result, limit: limit)
    change(.replace, view, from: instance.id.release, reason)
    stop(instance, reason)
  }

  /// Ends what is left of a dyno of which the kernel ended a part for its memory. A dyno is one
  /// thing: half of it may look well and do none of its work. It counts as a crash. What alone
  /// serves a slot goes once it has ended its requests, and while all others of its type serve: it
  /// may have lost the part long ago.
  mutating func end(_ view: SlotView, _ instance: ObservedInstance) {
    let isUp = planner.judge.standing(of: instance, process) == .up
    let isNeeded = isUp && !view.outdated.contains { $0.phase == .running }
    show(view, isAvailable(view) ? .up : .starting, instance)
    change(.replace, view, from: instance.id.release, .outOfMemory)
    guard !isNeeded || unavailable == 0 else { return wait(view, .turn) }
    if isNeeded { (unavailable, isReviving) = (unavailable + 1, true) }
    if isDrained(instance) { add(.kill(instance.id), .outOfMemory) }
  }

  /// Whether another dyno of the type is on its way already.
  static func isBusy(_ views: [SlotView]) -> Bool {
    views.contains { $0.current.isEmpty || !$0.stopping.isEmpty }
  }

  /// That the dyno went for its failing check; nil when that is not why.
  func revival(of tombstone: ObservedInstance) -> Reason? {
    guard let limit = process.healthcheck.restartAfter,
      let record = planner.context.health[tombstone.id], record.isFailing,
      planner.judge.hasBeenHealthy(tombstone)
    else { return nil }
    return .checkFailing(record.last, limit: limit)
  }
}
