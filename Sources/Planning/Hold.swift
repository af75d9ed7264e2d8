// Named conditions that need somebody. Every hold says what waits and what frees it.

package import FormationModel

/// Something that waits for a person.
package struct Hold: Hashable, Codable, Sendable {
  /// Why it is held.
  package enum Cause: Hashable, Codable, Sendable {
    /// The manifest asks for what this version cannot do.
    case notSupportedYet([UnsupportedField])
    /// Required config vars have no value.
    case configMissing([ConfigKey])
    /// Secrets that the host's store ought to have, and never had or has no more.
    case secretMissing([SecretName])
    /// Secrets that a release has are gone: generated ones, which are never made anew, and those of
    /// the store.
    case secretLost([ConfigKey], stored: [SecretName])
    /// More would be removed than the deletion budget allows.
    case removal(RemovalSummary)
    /// The repository could not be taken as it is; the last good commit stays in force.
    case source(code: String, message: String, fix: String?)
    /// What the release is made of cannot be had.
    case content(code: String, message: String, fix: String?)
    /// The manifest says `suspend`.
    case suspended(Suspension)
    /// Something says that it fills a slot and cannot prove it; the slot is not started beside it.
    case unproven(UnprovenInstance)
    /// The app wants a change that the saved plan, which is being carried out, does not have.
    case outsideSavedPlan(excess: String)
    /// Somebody said `muster suspend`.
    case suspendedByHand(SuspensionOverride)
    /// The commit carries content that the app was taken back from.
    case contentHeld(HeldContent)
    /// Git does not have the app, and somebody brought it back after it had left.
    case removalUndone(OrderOrigin)
    /// A deploy window is closed.
    case window(WindowClosure)
    /// The postdeploy script is no success; it is not run again by itself.
    case postdeployFailed(ReleaseFailure)
    /// The disk is nearly full, and the commit asks for a new release.
    case diskLow(DiskShortage)
    /// The commit asks for more memory than may be promised.
    case capacityExceeded(MemoryExcess)
  }

  /// Its name, as `confirm` takes it.
  package let id: HoldID
  /// The app; nil for the platform.
  package let app: AppName?
  /// Why.
  package let cause: Cause
  /// Where in the manifests the cause is written; nil when it is not.
  package let mark: SourceMark?
  /// The command, or the edit, that frees it.
  package let release: String

  /// Makes a hold.
  package init(
    _ id: HoldID, app: AppName?, _ cause: Cause, at mark: SourceMark? = nil, release: String
  ) {
    self.id = id
    self.app = app
    self.cause = cause
    self.mark = mark
    self.release = release
  }

  /// Whether consent frees it; other holds need the cause to be mended.
  package var canBeConfirmed: Bool {
    switch cause {
    case .removal, .removalUndone, .window, .postdeployFailed: true
    case .source(let code, _, _): code == "rewound"
    case .notSupportedYet, .configMissing, .secretMissing, .secretLost, .content, .suspended,
      .suspendedByHand, .unproven, .outsideSavedPlan, .contentHeld, .diskLow,
      .capacityExceeded:
      false
    }
  }

  /// Whether a secret that a release has is gone: what stops now could not start again.
  var isForLostSecret: Bool {
    if case .secretLost = cause { true } else { false }
  }

  /// A stable CamelCase name: `NotSupportedYet`.
  package var code: String {
    switch cause {
    case .notSupportedYet: "NotSupportedYet"
    case .configMissing: "ConfigMissing"
    case .secretMissing: "SecretMissing"
    case .secretLost: "SecretLost"
    case .removal: "DeletionBudget"
    case .source: "SourceProblem"
    case .content: "ContentProblem"
    case .suspended: "Suspended"
    case .unproven: "UnprovenInstance"
    case .outsideSavedPlan: "OutsideSavedPlan"
    case .suspendedByHand: "SuspendedByHand"
    case .contentHeld: "ContentHeld"
    case .removalUndone: "RemovalUndone"
    case .window: "DeployWindow"
    case .postdeployFailed: "PostdeployFailed"
    case .diskLow: "DiskLow"
    case .capacityExceeded: "CapacityExceeded"
    }
  }

  /// What keeps content from being rolled out again.
  init(_ held: HeldContent, of app: AppName) {
    self.init(
      HoldID("content-held/\(app)"), app: app, .contentHeld(held),
      release: "commit other content, or `muster retry \(app)` to try this one again")
  }

  /// What keeps an app that was brought back, and that git does not have.
  init(undoneBy origin: OrderOrigin, of app: AppName) {
    let id = HoldID("undone/\(app)")
    self.init(
      id, app: app, .removalUndone(origin),
      release: "have git want the app again, or `muster confirm \(id)` to let it go")
  }

  /// What a suspension by hand holds of an app.
  init(_ suspension: SuspensionOverride, of app: AppName, isForAll: Bool) {
    self.init(
      HoldID("suspended-by-hand/\(app)"), app: app, .suspendedByHand(suspension),
      release: isForAll ? "muster resume --all-apps" : "muster resume \(app)")
  }
}

extension SourceFailure {
  /// The hold that this failure is; nil as source names the platform's own repository.
  package func hold(of source: AppSource?, at mark: SourceMark? = nil) -> Hold {
    let id = holdID(source)
    let release =
      code == "rewound" ? "muster confirm \(id)" : fix ?? "mend the repository; Muster tries again"
    return Hold(
      id, app: nil, .source(code: code, message: message, fix: fix), at: mark, release: release)
  }
}

/// What a removal would take.
package struct RemovalSummary: Hashable, Codable, Sendable {
  /// Apps that vanished, sorted.
  package let apps: [AppName]
  /// Process types that vanished from apps that stay, as `app/type`, sorted.
  package let processes: [String]
  /// Dynos that would go: those that run, and those that were asked for.
  package let dynos: Int
  /// Dynos in all.
  package let total: Int

  /// Makes a summary.
  package init(apps: [AppName], processes: [String], dynos: Int, total: Int) {
    self.apps = apps
    self.processes = processes
    self.dynos = dynos
    self.total = total
  }
}
