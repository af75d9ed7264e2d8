// What merging HEAD into BASE changes, without any machine: the planner's own answer for a machine
// on which BASE has converged, plus the settings that touch no dyno.

package import FormationModel
package import Planning

/// The difference between two commits' formations.
package struct FormationDiff: Sendable {
  /// One app that differs.
  package struct App: Hashable, Sendable {
    /// How it differs.
    package enum Kind: String, Sendable, CaseIterable {
      /// It is new.
      case added
      /// It is gone.
      case removed
      /// It is in both.
      case changed
      /// HEAD's manifest is not valid.
      case rejected
    }

    /// The app.
    package let name: AppName
    /// How it differs.
    package let kind: Kind
    /// What happens to releases and dynos; releases have no numbers, for no machine was asked.
    package let changes: [Change]
    /// Every setting that differs.
    package let settings: [SettingChange]
    /// HEAD's errors, when it is not valid.
    package let errors: [Diagnostic]
    /// Where HEAD has it from; nil: the platform's own repository.
    package var source: AppSource?
    /// The commit of that source, at BASE and at HEAD; nil where it is not known.
    package var sourceBase: RevisionID?
    /// The commit of that source at HEAD.
    package var sourceHead: RevisionID?
  }

  /// The commit compared with; nil for a working tree.
  package let base: RevisionID?
  /// The commit compared; nil for a working tree.
  package let head: RevisionID?
  /// Apps that differ, sorted by name.
  package let apps: [App]
  /// Holds that HEAD brings and BASE did not have.
  package let holds: [Hold]
  /// Other repositories that were not looked at.
  package let unseen: [UnseenSource]

  /// Compares two formations with everything they refer to looked up.
  package init(base: ResolvedFormation, head: ResolvedFormation) {
    self.base = base.revision?.id
    self.head = head.revision?.id
    var world = ConvergedWorld(base)
    world.prepare(base)
    world.prepare(head)
    let before = Self.plan(base, world)
    let after = Self.plan(head, world)
    let known = Set(before.holds.map(\.id))
    unseen = UnseenSource.all(base: base.sources, head: head.sources)
    holds = after.holds.filter { !known.contains($0.id) && !$0.isLeftOut }
    let rejectedBefore = Set(base.rejected.map(\.name))
    apps = after.apps.compactMap { part in
      Self.app(part, base: base, head: head, wasRejected: rejectedBefore.contains(part.app))
    }
  }

  /// Every change of every app.
  package var changes: [Change] { apps.flatMap(\.changes) }
  /// The counts.
  package var summary: PlanSummary {
    PlanSummary(
      changes, revision: base, held: holds.count, invalid: apps.count { $0.kind == .rejected })
  }
  /// Whether merging changes nothing.
  package var isEmpty: Bool {
    apps.isEmpty && holds.isEmpty && unseen.allSatisfy { $0.kind == .both }
  }

  private static func plan(_ desired: ResolvedFormation, _ world: ConvergedWorld) -> Plan {
    Planner.plan(
      desired: desired, observed: .complete(world.observed), memory: world.memory,
      context: world.context)
  }

  private static func app(
    _ part: AppPlan, base: ResolvedFormation, head: ResolvedFormation, wasRejected: Bool
  ) -> App? {
    let old = base.apps.first { $0.app.name == part.app }?.app
    let new = head.apps.first { $0.app.name == part.app }?.app
    let changes = part.changes.map(\.withoutReleaseNumbers)
    if !part.errors.isEmpty {
      guard !wasRejected else { return nil }
      return App(name: part.app, kind: .rejected, changes: [], settings: [], errors: part.errors)
    }
    let settings = old.flatMap { old in new.map { SettingChanges.between(old, $0) } } ?? []
    if old != nil, new != nil, changes.isEmpty, settings.isEmpty { return nil }
    let kind: App.Kind = old == nil ? .added : new == nil ? .removed : .changed
    var app = App(name: part.app, kind: kind, changes: changes, settings: settings, errors: [])
    app.source = (new ?? old)?.source
    if let source = app.source {
      app.sourceBase =
        base.sources.contains { $0.source == source } ? base.revision(of: source) : nil
      app.sourceHead = head.revision(of: source)
    }
    return app
  }
}

extension Hold {
  /// Whether it only says that a review did not look.
  fileprivate var isLeftOut: Bool {
    guard case .source(let code, _, _) = cause else { return false }
    return code == SourceFailure.notLookedAt
  }
}

extension Change {
  /// The same change of a machine nobody asked.
  fileprivate var withoutReleaseNumbers: Change {
    Change(action, app: app, slot: slot, reason, because: because)
  }
}

extension FormationDiff.App {
  /// Settings that no change speaks of: they touch no dyno.
  package var quietSettings: [SettingChange] {
    let spoken = Set(changes.compactMap { $0.because?.change.field } + changes.flatMap(\.fields))
    return settings.filter { !spoken.contains($0.change.field) }
  }
}

extension Change {
  /// The fields that its reason names.
  fileprivate var fields: [FieldPath] {
    switch reason {
    case .contentChanged(let changes), .outdated(let changes), .routesChanged(let changes):
      changes.map(\.field)
    case .quantityRaised, .quantityLowered, .processRemoved:
      slot.map { [FieldPath("formation.\($0.process).quantity")] } ?? []
    case .firstRelease, .notInRelease, .turnedBack, .outdatedUnknown, .appRemoved, .noRoom,
      .crashed, .bootTimeout, .checkFailing, .outOfMemory, .cycled, .missing, .unsupervised,
      .neverStarted, .duplicate, .superseded, .graceOver, .restartAsked,
      .stoppedByHand, .scaledByHand, .sizedByHand, .wantedAgain, .bookkeeping, .needed,
      .releaseCommand, .postdeploy, .oneOff, .sessionGone, .releaseTimeout, .routerDown,
      .dynosChanged, .routesDrifted:
      []
    }
  }
}
