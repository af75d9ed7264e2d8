// How a loop runs: once or for ever, acting or only planning, on which apps.

package import FormationModel
package import Planning

/// How a loop runs.
package struct LoopOptions: Hashable, Codable, Sendable {
  /// Whether to finish once nothing can move any more (`reconcile`) or never (`serve`).
  package var runsOnce: Bool
  /// Whether steps are taken, or only planned (`plan`, `--dry-run`).
  package var acts = true
  /// What nothing may exceed.
  package var limits = Limits()
  /// The catalog where no platform says otherwise.
  package var catalog: Catalog
  /// The source of everything that looks like chance.
  package var seed: UInt64 = 0
  /// Apps to act on; nil: all.
  package var only: Set<AppName>?
  /// The saved plan that is carried out: nothing else is done; nil: whatever is planned.
  package var saved: SavedChanges?
  /// How this machine wants its router; nil: without one.
  package var router: RouterWish?
  /// Whether dynos that ran for a day are replaced.
  package var cycles = true
  /// Time between two full passes when nothing happens.
  package var fullPassInterval: Duration = .seconds(300)

  /// Makes options.
  package init(runsOnce: Bool, catalog: Catalog) {
    self.runsOnce = runsOnce
    self.catalog = catalog
  }
}
