// How many times in a row what a slot asks for has died early.

import FormationModel

extension TypeRollout {
  /// Early deaths in a row of what the slot asks for; a start of something else counts anew. Of an
  /// attempt that was forgiven nobody wrote down whether it lived on: its death counts as the first
  /// one, which is told and which no start waits for.
  func crashCount(_ view: SlotView) -> Int {
    guard let tombstone = view.tombstones.first, tombstone.form == form,
      let exit = tombstone.exit
    else { return 0 }
    if exit.requested && restart(of: tombstone) != nil { return 0 }
    let deaths = deaths(tombstone, exit)
    let isForgiven = tombstone.id.attempt <= planner.memory.forgiven[view.slot] ?? 0
    return isForgiven ? min(deaths, 1) : deaths
  }

  private func deaths(_ tombstone: ObservedInstance, _ exit: InstanceExit) -> Int {
    if planner.judge.startedWell(tombstone, process, exit: exit) { return exit.requested ? 0 : 1 }
    if exit.requested && process.type != .web { return 0 }
    return tombstone.crashes + 1
  }
}
