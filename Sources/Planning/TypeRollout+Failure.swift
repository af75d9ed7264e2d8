// When a rollout counts as failed: a new dyno that does not get healthy.

import FormationModel

extension TypeRollout {
  /// Early ends in a row after which a new dyno counts as one that does not get healthy: one may be
  /// bad luck, two the same.
  private static let deathsThatFail = 3

  /// A dyno that ended early several times in a row is not going to get healthy.
  mutating func noteFailure(_ view: SlotView) {
    let count = crashCount(view)
    guard count >= Self.deathsThatFail, let tombstone = view.tombstones.first,
      let exit = tombstone.exit
    else { return }
    fail(tombstone.id, .crashed(exit, count: count))
  }

  /// Notes the first failure. What was started under an earlier number of the same content says
  /// nothing: it is being tried again.
  mutating func fail(_ id: InstanceID, _ cause: RolloutFailure) {
    guard failure == nil, id.release == planner.goal.number else { return }
    failure = .init(slot: id.slot, cause: cause)
  }
}
