// What may be wanted of a process type at a moment: checks that judge Muster from outside cannot
// know which of several wishes is in force.

import FormationModel

/// A process type as it may be wanted.
struct Wanted {
  let process: DesiredProcess
  let rollout: RolloutPolicy

  /// What the commit asks for of the slot's process type and what was taken over last, each with
  /// and without what is in force by hand: any of them may be in force.
  static func all(of slot: SlotID, _ ledger: Ledger, _ memory: Memory) -> [Wanted] {
    guard let app = slot.app else { return [] }
    let asked = ledger.asked?.apps.first { $0.name == app }?.app
    let known = memory.apps[app]
    let overrides = known?.overrides ?? Overrides()
    return [asked, known?.accepted, known.flatMap(former)].compactMap { $0 }
      .flatMap { [$0, $0.overlaid(by: overrides)] }
      .map { Wanted(slot.process, of: $0, overrides) }
  }

  private init(_ type: ProcessType, of app: DesiredApp, _ overrides: Overrides) {
    var process =
      app.process(type)
      ?? DesiredProcess(type: type, command: "", quantity: 0, size: SimulatedCatalog.sizes[0])
    let stopped = (0..<process.quantity).count { index in
      overrides.stop(of: SlotID(app.name, type, index + 1)) != nil
    }
    process.quantity -= stopped
    self.process = process
    rollout = app.rollout
  }

  /// The app with the process types with which it stood last, which stand-ins for held content
  /// keep; nil when nothing is held.
  private static func former(_ known: AppMemory) -> DesiredApp? {
    guard !known.overrides.heldContents.isEmpty, let processes = known.convergence?.processes
    else { return nil }
    var app = known.accepted
    app?.processes = processes
    return app
  }

  /// Whether a new dyno is started before the old one is stopped.
  var startsFirst: Bool {
    guard process.type == .web else { return process.overlap }
    let tier = SimulatedCatalog.platform.catalog.dynoTypes[process.size]?.tier
    let byTier: RolloutPolicy.Strategy = tier == .eco || tier == .basic ? .recreate : .preboot
    return (rollout.strategy ?? byTier) == .preboot
  }
}
