// What git and the runtime cannot tell. Written by steps of the plan, before the step they guard.

/// What Muster remembers. The store keeps it; the planner reads it; steps change it.
package struct Memory: Hashable, Codable, Sendable {
  /// Per app.
  package var apps: [AppName: AppMemory]
  /// Holds somebody confirmed, by hold id.
  package var confirmed: Set<HoldID>
  /// The newest revision taken over; commits that are its ancestors are older.
  package var revision: RevisionID?
  /// The same for each other source that apps come from.
  package var sources: [AppSource: RevisionID] = [:]
  /// The platform's settings at that revision: they judge the commit that comes next.
  package var platform: Platform?
  /// Generated secrets whose files are there.
  package var secrets: Set<SecretID>
  /// Since when things are as they are, as far as a pass has seen it.
  package var since: [SinceSubject: Since] = [:]
  /// When memory was found lost and begun anew; nil when it never was.
  package var lostAt: LoopTime?
  /// What waits of all apps, by hand; nil: nothing does.
  package var suspension: SuspensionOverride?

  /// Makes a memory; empty for a new state directory.
  package init(
    apps: [AppName: AppMemory] = [:], confirmed: Set<HoldID> = [], revision: RevisionID? = nil,
    platform: Platform? = nil, secrets: Set<SecretID> = [], suspension: SuspensionOverride? = nil
  ) {
    self.apps = apps
    self.confirmed = confirmed
    self.revision = revision
    self.platform = platform
    self.secrets = secrets
    self.suspension = suspension
  }
}

/// What Muster remembers of one app.
package struct AppMemory: Hashable, Codable, Sendable {
  /// The last valid manifest that was taken over: stays desired while newer ones are invalid.
  @Boxed package var accepted: DesiredApp?
  /// The revision it came from.
  package var acceptedRevision: RevisionID?
  /// Releases kept, oldest first.
  package var releases: [Release]
  /// The highest attempt per slot.
  package var attempts: [SlotID: Int]
  /// How the app stood when every slot was last healthy; nil before the first time.
  package var convergence: Convergence?
  /// What is in force by hand.
  @Boxed package var overrides = Overrides()
  /// Restarts that were asked for, per slot.
  package var restarts: [SlotID: RestartMark] = [:]
  /// Deaths of attempts before this one count no more, per slot; its own counts as the first one.
  package var forgiven: [SlotID: Int] = [:]
  /// How far its postdeploy script is; nil when it was never due. It stays when the app leaves.
  package var postdeploy: Postdeploy?
  /// What is known of the app because it left git; nil when it did not.
  package var quarantine: Quarantine?
  /// One-off dynos by command.
  package var oneOffs = OneOffs()

  /// Makes an app's memory; empty for a new app.
  package init(
    accepted: DesiredApp? = nil, acceptedRevision: RevisionID? = nil, releases: [Release] = [],
    attempts: [SlotID: Int] = [:], convergence: Convergence? = nil
  ) {
    self.accepted = accepted
    self.acceptedRevision = acceptedRevision
    self.releases = releases
    self.attempts = attempts
    self.convergence = convergence
  }

  /// Whether a manifest was taken over, and the app has not left git since: asked without a copy.
  package var isAccepted: Bool { _accepted.wrappedValue != nil }

  /// The newest release that may run; nil before the first.
  package var currentRelease: Release? { releases.last(where: \.isInForce) }
}

/// How an app stood when every slot of it was healthy.
package struct Convergence: Hashable, Codable, Sendable {
  /// The release that ran.
  package var release: Int
  /// The revision that asked for it.
  package var revision: RevisionID
  /// The attempt that was up in each slot: it has been healthy, whatever a check says later.
  package var attempts: [SlotID: Int]
  /// The quantity of each process type.
  package var quantities: [ProcessType: Int]
  /// The process types, for a return to them; nil as an earlier Muster wrote it.
  package var processes: [DesiredProcess]?

  /// Makes a convergence.
  package init(
    release: Int, revision: RevisionID, attempts: [SlotID: Int],
    quantities: [ProcessType: Int]
  ) {
    self.release = release
    self.revision = revision
    self.attempts = attempts
    self.quantities = quantities
  }
}

/// A named condition that needs somebody, `removal-3a9f2c` or `config-missing/shop`.
package struct HoldID: TextValue {
  /// The id, as `confirm` takes it.
  package let rawValue: String

  /// Wraps an id.
  package init(rawValue: String) { self.rawValue = rawValue }
  /// Wraps an id.
  package init(_ id: String) { rawValue = id }
}

/// One change to memory. A pass writes all of its changes in one transaction.
package enum MemoryChange: Hashable, Codable, Sendable {
  /// A valid manifest is taken over.
  case accept(DesiredApp, RevisionID)
  /// A release is recorded, before anything of it starts.
  case record(AppName, Release)
  /// The command of a release begins or has ended.
  case phase(AppName, release: Int, ReleasePhase, LoopTime)
  /// The postdeploy script of the app is due, begins or has ended.
  case postdeploy(AppName, Postdeploy)
  /// The one-off dyno with that number begins or has ended.
  case oneOff(AppName, number: Int, ReleasePhase)
  /// An attempt is taken, before its instance is created.
  case attempt(SlotID, Int)
  /// Every slot of the app is healthy.
  case converged(AppName, Convergence)
  /// The revision and its platform settings are taken over.
  case takeOver(RevisionID, Platform)
  /// The revisions of all other sources are taken over; sources that are not among them are
  /// forgotten.
  case takeOverSources([AppSource: RevisionID])
  /// The app left git, with consent: nothing of it is desired any more, and nothing is in force by
  /// hand. Its release numbers and its attempts stay, so that both only ever grow.
  case forget(AppName)
  /// The same, at that time and because of that revision: `undo` can bring it back for a while.
  case depart(AppName, because: RevisionID?, LoopTime)
  /// Somebody confirmed a hold.
  case confirm(HoldID)
  /// A confirmation has done its work.
  case withdraw(HoldID)
  /// Something is as it is since then.
  case mark(SinceSubject, Since)
  /// Something is no more.
  case unmark(SinceSubject)
  /// Memory was lost; what is remembered begins then.
  case lost(LoopTime)
  /// Somebody asked for something by hand.
  case order(Order)
  /// Something in force by hand ended by itself.
  case endOverride(AppName, OverrideEnd)
  /// A rollout failed: the app goes back to that release, and what it leaves is held.
  case turnBack(AppName, to: Int, HeldContent.Cause, LoopTime)
}

extension Memory {
  /// Applies one change. `releasesKept` bounds the history of `record`; the converged release and
  /// the newest always stay.
  package mutating func apply(_ change: MemoryChange, releasesKept: Int) {
    switch change {
    case .accept(let app, let revision):
      apps[app.name, default: AppMemory()].accepted = app
      apps[app.name, default: AppMemory()].acceptedRevision = revision
      apps[app.name]?.quarantine = nil
    case .record(let app, let release):
      apps[app, default: AppMemory()].record(release, keeping: releasesKept)
    case .phase(let app, let number, let phase, let time):
      apps[app]?.note(phase, of: number, at: time)
    case .postdeploy(let app, let state): apps[app, default: AppMemory()].postdeploy = state
    case .oneOff(let app, let number, let phase): apps[app]?.oneOffs.note(phase, of: number)
    case .attempt(let slot, let attempt):
      guard let app = slot.app else { return }
      apps[app, default: AppMemory()].attempts[slot] = attempt
    case .converged(let app, let convergence):
      apps[app, default: AppMemory()].convergence = convergence
    case .takeOver(let revision, let platform):
      self.revision = revision
      self.platform = platform
    case .takeOverSources(let revisions): sources = revisions
    case .forget(let app): apps[app]?.forget()
    case .depart(let app, let cause, let time): apps[app]?.depart(because: cause, at: time)
    case .confirm(let hold): confirmed.insert(hold)
    case .withdraw(let hold): confirmed.remove(hold)
    case .mark(let subject, let since): self.since[subject] = since
    case .unmark(let subject): since[subject] = nil
    case .lost(let time): lostAt = time
    case .order(let order): take(order)
    case .endOverride(let app, let end): apps[app]?.overrides.end(end.subject)
    case .turnBack(let app, let number, let cause, let time):
      apps[app]?.turnBack(to: number, cause, origin: OrderOrigin(by: "muster", at: time))
    }
  }
}

extension AppMemory {
  fileprivate mutating func record(_ release: Release, keeping count: Int) {
    // A write whose answer got lost is written again.
    releases.removeAll { $0.number == release.number }
    releases.append(release)
    let surplus = max(0, releases.count - count)
    // What runs stays, however many releases fail after it.
    let kept = [convergence?.release, currentRelease?.number]
    let old = releases.prefix(surplus).filter { kept.contains($0.number) }
    releases = old + releases.dropFirst(surplus)
  }
}
