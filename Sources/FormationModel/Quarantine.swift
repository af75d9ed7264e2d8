// What left git is kept for a while, so that somebody can have it back.

/// Where an app stands that left git, or came back from it.
package enum Quarantine: Hashable, Codable, Sendable {
  /// It left; `undo` brings it back while the quarantine lasts.
  case departed(Departure)
  /// Somebody brought it back: that git does not have it is held until somebody consents.
  case restored(OrderOrigin)

  /// How long what left is kept, where platform.yaml does not say.
  package static let usualSpan = Duration.seconds(3_600)
}

/// An app that left git, as it was.
package struct Departure: Hashable, Codable, Sendable {
  /// What was asked of it last.
  package let app: DesiredApp
  /// The revision that had it.
  package let revision: RevisionID
  /// The revision that had it no more; nil when that is not known.
  package let cause: RevisionID?
  /// When it left.
  package let at: LoopTime
}

extension AppMemory {
  /// Whether somebody brought the app back, and git has not wanted it since.
  package var isRestored: Bool {
    if case .restored = quarantine { true } else { false }
  }

  /// The departure that can still be undone; nil when there is none. A clock that went back makes
  /// the quarantine longer, never shorter.
  package func departure(_ now: LoopTime, span: Duration) -> Departure? {
    guard case .departed(let departure) = quarantine, now - departure.at < span else { return nil }
    return departure
  }

  /// Lets go of the app, and keeps what brings it back.
  mutating func depart(because cause: RevisionID?, at time: LoopTime) {
    let left = accepted.flatMap { app in
      acceptedRevision.map { Departure(app: app, revision: $0, cause: cause, at: time) }
    }
    forget()
    quarantine = left.map { .departed($0) }
  }

  /// Forgets what was asked of the app and what is in force by hand; its numbers stay.
  mutating func forget() {
    // What has stood has had its first time; a script that has not begun waits for another one.
    if let convergence, postdeploy == nil {
      postdeploy = Postdeploy(release: convergence.release, .live)
    } else if postdeploy?.phase == .pending {
      postdeploy = nil
    }
    accepted = nil
    acceptedRevision = nil
    convergence = nil
    overrides = Overrides()
    restarts = [:]
    forgiven = [:]
    quarantine = nil
    oneOffs.forget()
  }
}

extension Memory {
  /// The apps that `undo` brings back at that time, sorted: what the newest removal took.
  package func undoable(_ now: LoopTime) -> [AppName] {
    let span = platform?.quarantine ?? Quarantine.usualSpan
    let departures = apps.compactMapValues { $0.departure(now, span: span) }
    let newest = departures.values.max { $0.at < $1.at }
    return departures.filter { $0.value.cause == newest?.cause }.keys.sorted()
  }

  /// Brings back what the newest removal took.
  mutating func undo(_ origin: OrderOrigin) {
    for name in undoable(origin.at) {
      guard case .departed(let departure) = apps[name]?.quarantine else { continue }
      apps[name]?.accepted = departure.app
      apps[name]?.acceptedRevision = departure.revision
      apps[name]?.quarantine = .restored(origin)
    }
  }
}
