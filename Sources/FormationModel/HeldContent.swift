// Content that an app was taken back from: it is not rolled out again by itself, whatever commit
// carries it.

/// Content of a release that was left.
package struct HeldContent: Hashable, Codable, Sendable {
  /// Why it was left.
  package enum Cause: Hashable, Codable, Sendable {
    /// Somebody went back to an earlier release.
    case rolledBack
    /// A dyno of its rollout did not get healthy, and the manifest says `auto_revert`.
    case rolloutFailed(SlotID, RolloutFailure)
    /// Its release command did not succeed.
    case releaseFailed(ReleaseFailure)
  }

  /// The content.
  package let content: ReleaseContent
  /// The number of the release that was left.
  package let release: Int
  /// The number of the release that was gone back to, or that stayed; nil: there was none.
  package let back: Int?
  /// Why.
  package let cause: Cause
  /// Who left it, when and why.
  package let origin: OrderOrigin

  /// Whether a person left it.
  package var isByHand: Bool { cause == .rolledBack }

  /// Whether its release command is why it was left.
  var isOfReleaseCommand: Bool {
    if case .releaseFailed = cause { true } else { false }
  }

  /// Makes an entry.
  package init(
    _ content: ReleaseContent, release: Int, back: Int?, _ cause: Cause, origin: OrderOrigin
  ) {
    self.content = content
    self.release = release
    self.back = back
    self.cause = cause
    self.origin = origin
  }
}

/// What a new dyno did in place of getting healthy.
package enum RolloutFailure: Hashable, Codable, Sendable {
  /// It ended early so many times in a row.
  case crashed(InstanceExit, count: Int)
  /// It was not healthy within its boot limit (R10).
  case bootTimeout(ProbeResult?, limit: Duration)
}

extension ReleaseContent {
  /// Whether it is the same as to what a team writes: slug, stack, commands and config vars. The
  /// version of a secret is not in it, so that a new password frees nothing that is held.
  package func isSameByHand(as other: ReleaseContent) -> Bool {
    slug.digest == other.slug.digest && stack.digest == other.stack.digest
      && stack.stack.name == other.stack.stack.name && commands == other.commands
      && config.map(\.byHand) == other.config.map(\.byHand)
  }
}

extension ReleaseConfigEntry {
  /// The entry without the version of its secret.
  fileprivate var byHand: ReleaseConfigEntry {
    source.isSecret ? ReleaseConfigEntry(key: key, source: source, fingerprint: "") : self
  }
}

extension Overrides {
  /// How many contents are held of one app; the oldest are let go of.
  package static let heldContentLimit = 20

  /// What holds the content; nil when nothing does.
  package func hold(of content: ReleaseContent) -> HeldContent? {
    heldContents.last { $0.content.isSameByHand(as: content) }
  }

  /// Goes back to a release: the content that is left is held, the other one is not any more.
  mutating func turn(from held: HeldContent, to target: ReleaseContent) {
    heldContents.removeAll { $0.content.isSameByHand(as: target) }
    if !held.content.isSameByHand(as: target) { hold(held) }
    standIn = target
  }

  /// Holds content, for this cause alone.
  mutating func hold(_ held: HeldContent) {
    heldContents.removeAll { $0.content.isSameByHand(as: held.content) }
    heldContents.append(held)
    heldContents.removeFirst(max(0, heldContents.count - Self.heldContentLimit))
  }

  /// Holds no content any more.
  mutating func releaseContents() {
    heldContents = []
    standIn = nil
  }
}

extension Memory {
  /// What stands in for held content, per app.
  package var standIns: [AppName: ReleaseContent] {
    apps.filter { !$0.value.overrides.heldContents.isEmpty }.compactMapValues(\.standIn)
  }
}

extension AppMemory {
  /// The content that stands in for what is held: the release that was gone back to, until it is
  /// recorded anew, then the newest one; nil when there is nothing to stand on.
  package var standIn: ReleaseContent? {
    guard let current = currentRelease?.content, overrides.hold(of: current) == nil else {
      return overrides.standIn
    }
    return current
  }

  /// Whether the release that was gone back to is yet to be recorded.
  package var isTurningBack: Bool {
    currentRelease.map { overrides.hold(of: $0.content) != nil } ?? false
      && overrides.standIn != nil
  }

  /// The revision of the release that was gone back to, until it is recorded anew.
  package var revisionToReturnTo: RevisionID? {
    guard isTurningBack, let held = currentRelease.flatMap({ overrides.hold(of: $0.content) })
    else { return nil }
    return releases.first { $0.number == held.back }?.revision
  }

  /// The release to go back to when nobody says which: the one that stood last, or else the newest
  /// one before with another content; nil when there is none.
  package var releaseToReturnTo: Release? {
    guard let current = currentRelease else { return nil }
    let others = releases.filter { release in
      release.number < current.number && release.isInForce
        && !release.content.isSameByHand(as: current.content)
        && overrides.hold(of: release.content) == nil
    }
    return others.first { $0.number == convergence?.release } ?? others.last
  }

  /// Goes back to one of its releases from the newest one.
  mutating func turnBack(to number: Int, _ cause: HeldContent.Cause, origin: OrderOrigin) {
    guard let current = currentRelease,
      let target = releases.first(where: { $0.number == number })
    else { return }
    overrides.turn(
      from: HeldContent(
        current.content, release: current.number, back: number, cause, origin: origin),
      to: target.content)
  }
}
