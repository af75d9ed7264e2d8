// What a saved plan allows: its own changes and nothing else. An app whose plan comes to want more
// is stopped where it stands; the others go on.

package import FormationModel

/// The changes of a saved plan, as bounds of a run.
package struct SavedChanges: Hashable, Codable, Sendable {
  /// What one change leads to: this release in that slot, or an empty slot.
  package struct Target: Hashable, Codable, Sendable {
    /// The app.
    package let app: AppName
    /// The slot; nil for a release that is recorded.
    package let slot: SlotID?
    /// The release that will be; nil for an empty slot.
    package let release: Int?

    /// Makes a target.
    package init(app: AppName, slot: SlotID?, release: Int?) {
      self.app = app
      self.slot = slot
      self.release = release
    }

    /// The target of a change: starting, replacing, starting again after a crash lead to the same.
    init(_ change: Change) {
      self.init(
        app: change.app, slot: change.slot, release: change.action == .stop ? nil : change.to)
    }
  }

  /// The revision that the plan was made for.
  package let revision: RevisionID?
  /// What it leads to.
  package let targets: Set<Target>

  /// Makes bounds.
  package init(revision: RevisionID?, targets: Set<Target>) {
    self.revision = revision
    self.targets = targets
  }

  /// The plan as far as the saved one allows it: apps that want more get no steps and a hold.
  package func bounding(_ plan: Plan) -> Plan {
    var plan = plan
    let isSame = plan.revision == revision
    if !isSame { plan.platform = [] }
    for index in plan.apps.indices {
      let part = plan.apps[index]
      guard let excess = isSame ? excess(of: part) : other(part, plan.revision) else { continue }
      plan.apps[index].next = []
      plan.apps[index].holds.append(
        Hold(
          HoldID("outside-saved-plan-\(part.app)"), app: part.app,
          .outsideSavedPlan(excess: excess),
          release: "make a new plan: muster plan --out FILE, then muster reconcile FILE"))
    }
    return plan
  }

  /// What a part wants that is not in the saved plan; nil when there is nothing.
  private func excess(of part: AppPlan) -> String? {
    for change in part.changes where !targets.contains(Target(change)) {
      return "\(change.action.rawValue) \(change.slot?.dynoName ?? "release")"
    }
    for step in part.next {
      switch step.operation {
      case .start(let spec):
        let slot = spec.id.slot
        let target = Target(app: part.app, slot: slot, release: spec.id.release)
        if !targets.contains(target) { return "start \(slot.dynoName)" }
      case .stop(let id, _):
        if !targets.contains(where: { $0.slot == id.slot }) { return "stop \(id.slot.dynoName)" }
      case .remember(let changes):
        for case .record(let app, let release) in changes
        where !targets.contains(Target(app: app, slot: nil, release: release.number)) {
          return "release v\(release.number)"
        }
      // Making content ready, cleaning up after what was allowed, telling the router of it.
      case .generateSecrets, .prepareStack, .prepareSlug, .kill, .remove, .openRouter, .route:
        continue
      }
    }
    return nil
  }

  private func other(_ part: AppPlan, _ revision: RevisionID?) -> String? {
    guard !part.next.isEmpty || !part.changes.isEmpty else { return nil }
    return "revision \(revision?.short ?? "unknown")"
  }
}

extension Plan {
  /// The changes as bounds of a run that carries out just this plan.
  package var savedChanges: SavedChanges {
    SavedChanges(revision: revision, targets: Set(changes.map(SavedChanges.Target.init)))
  }
}
