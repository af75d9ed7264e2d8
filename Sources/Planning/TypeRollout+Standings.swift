// What a rollout says of its slots: changes, waits, and how each dyno stands for `ps`.

import FormationModel

extension TypeRollout {
  mutating func change(
    _ action: Change.Action, _ view: SlotView, from: Int?, _ reason: Reason,
    because: Because? = nil, gap: MemoryGap? = nil
  ) {
    changes.append(
      Change(
        action, app: planner.goal.app.name, slot: view.slot, from: from,
        to: planner.goal.number, reason, because: because, gap: gap))
  }

  mutating func wait(_ view: SlotView, _ cause: Wait.Cause, until: LoopTime? = nil) {
    waits.append(Wait(app: planner.goal.app.name, slot: view.slot, cause, until: until))
  }

  mutating func show(
    _ view: SlotView, _ state: DynoStanding.State, _ instance: ObservedInstance?
  ) {
    dynos.append(
      DynoStanding(
        slot: view.slot, state: state, since: instance?.startedAt, instance: instance,
        exit: view.tombstones.first?.exit, crashes: instance?.crashes ?? 0, nextStart: nil,
        command: form.command, size: process.size))
  }

  mutating func showEmpty(_ view: SlotView, nextStart: LoopTime?) {
    let tombstone = view.tombstones.first
    let crashes = crashCount(view)
    dynos.append(
      DynoStanding(
        slot: view.slot, state: crashes > 0 ? .crashed : .down, since: tombstone?.exit?.at,
        instance: tombstone, exit: tombstone?.exit, crashes: crashes, nextStart: nextStart,
        command: form.command, size: process.size))
  }
}
