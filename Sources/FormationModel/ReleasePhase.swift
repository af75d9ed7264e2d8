// How far the command of a release is, which runs once before anything of the release starts.

/// Where the command of a release stands. It is written down before the command begins and after it
/// has ended, so that no crash makes it run twice.
package enum ReleasePhase: Hashable, Codable, Sendable {
  /// The release is recorded; its command has not begun.
  case pending
  /// Its command has begun, as that attempt, or is about to.
  case begun(attempt: Int)
  /// Its command ended with 0: the release may go live.
  case succeeded
  /// It went live after its command.
  case live
  /// Its command failed: nothing of the release starts.
  case failed(ReleaseFailure)
}

/// Why the command of a release is no success.
package enum ReleaseFailure: Hashable, Codable, Sendable {
  /// It ended otherwise than with 0.
  case exited(InstanceExit)
  /// It ran longer than it may, and was stopped.
  case timedOut(Duration)
  /// It never began: what was to run it could not be started. Said of one-off dynos alone, which
  /// are not tried again.
  case notStarted
  /// Nobody knows: what ran it, as that attempt, is gone, or nobody saw it end. It is never run
  /// again by itself.
  case unknown(attempt: Int)
}

extension Release {
  /// Whether it may run: it has no command, or the command succeeded.
  package var isInForce: Bool { phase == nil || phase == .live }

  /// Whether it may still go live: its command is yet to begin or to end, or has just ended.
  package var isUnderWay: Bool {
    switch phase {
    case .pending, .begun, .succeeded: true
    case .live, .failed, nil: false
    }
  }
}

extension ReleasePhase {
  /// The attempt of the command whose end is not known; nil when there is none.
  package var openAttempt: Int? {
    switch self {
    case .begun(let attempt), .failed(.unknown(let attempt)): attempt
    case .pending, .succeeded, .live, .failed: nil
    }
  }
}

extension SlotID {
  /// Where an app's release command runs.
  package static func release(of app: AppName) -> SlotID { SlotID(app, .release, 1) }
}

extension InstanceID {
  /// The dyno that runs the command of a release.
  package static func release(_ number: Int, of app: AppName, attempt: Int) -> InstanceID {
    InstanceID(slot: .release(of: app), kind: .release, release: number, attempt: attempt)
  }
}

extension ReleaseContent {
  /// The command that runs before the release goes live; nil: none.
  package var releaseCommand: String? { commands.first { $0.type == .release }?.command }
}

extension AppMemory {
  /// Notes how far the command of a release is. What failed is held.
  mutating func note(_ phase: ReleasePhase, of number: Int, at time: LoopTime) {
    guard let index = releases.firstIndex(where: { $0.number == number }) else { return }
    releases[index].phase = phase
    let content = releases[index].content
    // What was taken for lost may turn up.
    overrides.heldContents.removeAll { $0.isOfReleaseCommand && $0.content == content }
    guard case .failed(let failure) = phase else { return }
    let held = HeldContent(
      content, release: number, back: currentRelease?.number,
      .releaseFailed(failure), origin: OrderOrigin(by: "muster", at: time))
    overrides.hold(held)
  }
}
