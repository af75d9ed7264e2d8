// Daily cycling: no dyno runs for longer than a day and a bit, as on Heroku, so that what leaks or
// rots is gone before anybody notices. The bit is drawn from the seed: dynos that started together
// do not go together.

package import FormationModel

/// When a dyno has run for long enough.
package enum Cycling {
  /// How long a dyno runs at least. Heroku: 24 h and up to 216 min.
  package static let span = Duration.seconds(86_400)
  /// What is added at most.
  package static let spread = Duration.seconds(216 * 60)

  /// When an instance that started then has run for long enough.
  package static func end(
    of id: InstanceID, startedAt: LoopTime, seed: UInt64
  ) -> LoopTime {
    let share = StableHash.of("cycle \(id)", seed: seed) % UInt64(spread.inMilliseconds + 1)
    return startedAt + span + .milliseconds(Int64(share))
  }
}

extension TypeRollout {
  /// When the instance has run for long enough; nil when nothing is cycled, or it never started.
  func cycleEnd(of instance: ObservedInstance) -> LoopTime? {
    Self.cycleEnd(of: instance, planner.context)
  }

  private static func cycleEnd(
    of instance: ObservedInstance, _ context: PlanningContext
  ) -> LoopTime? {
    guard context.cycles, let startedAt = instance.startedAt else { return nil }
    return Cycling.end(of: instance.id, startedAt: startedAt, seed: context.seed)
  }

  /// When the next dyno of the type has run for long enough; nil when none ever has.
  var nextCycle: LoopTime? {
    let ends = views.compactMap { $0.current.first.flatMap(cycleEnd) }
    return ends.filter { $0 > planner.context.now }.min()
  }

  /// The instance that has run for long enough and whose turn it is: one whose successor is on its
  /// way, or else, in a type that is at rest, the one that is due longest. Never two at a time.
  static func cycled(
    _ views: [SlotView], _ process: DesiredProcess, _ planner: FormationPlanner
  ) -> ObservedInstance? {
    guard planner.context.cycles, planner.isComplete else { return nil }
    let now = planner.context.now
    let due = views.compactMap { view -> ObservedInstance? in
      guard let oldest = view.current.last, let end = cycleEnd(of: oldest, planner.context),
        end <= now
      else { return nil }
      return oldest
    }
    if let going = due.first(where: { instance in
      views.contains { $0.slot == instance.id.slot && $0.current.count > 1 }
    }) {
      return going
    }
    guard views.allSatisfy({ isAtRest($0, process, planner) }), !planner.hasSurplus(process, views)
    else { return nil }
    return due.min { left, right in
      let ends = [left, right].map { cycleEnd(of: $0, planner.context) ?? now }
      return ends[0] == ends[1] ? left.id < right.id : ends[0] < ends[1]
    }
  }

  private static func isAtRest(
    _ view: SlotView, _ process: DesiredProcess, _ planner: FormationPlanner
  ) -> Bool {
    guard view.current.count == 1, view.outdated.isEmpty, view.stopping.isEmpty,
      let instance = view.current.first
    else { return false }
    return planner.judge.standing(of: instance, process) == .up
  }

  /// That the instance goes because its day is over; nil when that is not why.
  func cycle(of instance: ObservedInstance) -> Reason? {
    guard instance.form == form, let startedAt = instance.startedAt,
      let end = cycleEnd(of: instance), end <= instance.exit?.at ?? planner.context.now
    else { return nil }
    return .cycled(since: startedAt)
  }
}

extension FormationPlanner {
  /// Whether something of the type runs, or may run, besides what fills its slots.
  fileprivate func hasSurplus(_ process: DesiredProcess, _ views: [SlotView]) -> Bool {
    let slots = Set(views.map(\.slot))
    return unproven.contains { $0.id.slot.process == process.type }
      || instances.contains {
        $0.id.slot.process == process.type && $0.isLive && !slots.contains($0.id.slot)
      }
  }
}
