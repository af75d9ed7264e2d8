// The seam to whoever keeps things on the disk. What goes is decided by
// Planning/DiskCollection.swift; each adapter lists and removes its own, and refuses what it knows
// to be in use.

package import FormationModel

/// Keeps things on the disk.
package protocol DiskKeeping: Sendable {
  /// Everything that it keeps, sorted by kind and name; what vanishes meanwhile is left out. Throws
  /// when it cannot be read.
  func inventory() async throws(EffectFailure) -> [StoredItem]

  /// Removes one piece. Removing what is not there is done. Fails with `in-use` for what a dyno
  /// needs, and with `not-removable` for what is never removed.
  func discard(_ item: StoredItem) async -> Outcome
}
