// The releases of an app, newest first, and one of them with what it changed.

package import FormationModel
import Planning

/// A release, and what has become of it.
package struct ReleaseStanding: Hashable, Sendable {
  /// What has become of a release.
  package enum Status: String, Sendable, CaseIterable {
    /// It is rolled out, and not every dyno of it was healthy yet.
    case pending
    /// It is the newest one, and stands.
    case current
    /// It was the newest one.
    case past
    /// It was left by hand, and does not come back by itself.
    case held
    /// Its rollout failed, and it does not come back by itself.
    case failed
  }

  /// The release.
  package let release: Release
  /// The one before it; nil for the first one that is kept.
  package let before: Release?
  /// What has become of it.
  package let status: Status
  /// Whether it is the one that runs, or is to run.
  package let isCurrent: Bool
  /// Why its content is held; nil when it is not.
  package let held: HeldContent?

  /// All that are kept of an app, newest first.
  package static func all(of app: AppMemory) -> [ReleaseStanding] {
    app.releases.indices.reversed().map { index in
      let release = app.releases[index]
      let held = app.overrides.hold(of: release.content)
      let isNewest = index == app.releases.count - 1
      return ReleaseStanding(
        release: release, before: index > 0 ? app.releases[index - 1] : nil,
        status: status(release, held, isNewest: isNewest, app),
        isCurrent: release.number == app.currentRelease?.number, held: held)
    }
  }

  private static func status(
    _ release: Release, _ held: HeldContent?, isNewest: Bool, _ app: AppMemory
  ) -> Status {
    if case .failed = release.phase { return .failed }
    if release.isUnderWay { return isNewest ? .pending : .past }
    if let held { return held.isByHand ? .held : .failed }
    guard release.number == app.currentRelease?.number else { return .past }
    return app.convergence?.release == release.number ? .current : .pending
  }
}

/// Renders releases as text.
package struct ReleasesText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// The clock to tell times by.
  package var clock: LocalClock

  /// Makes a renderer.
  package init(style: TextStyle = .plain, clock: LocalClock) {
    self.style = style
    self.clock = clock
  }

  /// Heroku's heading, then a line for each.
  package func render(_ app: AppName, _ releases: [ReleaseStanding]) -> String {
    if releases.isEmpty { return "⬢ \(app) has no release yet\n" }
    let current = releases.first { $0.isCurrent }.map { "v\($0.release.number)" }
    var table = TextTable()
    for item in releases {
      table.add([
        .init("v\(item.release.number)", role(item.status)), .init(item.release.summary),
        .init(item.status == .past ? "" : item.status.rawValue, role(item.status)),
        .init(item.release.revision.short, .quiet),
        .init(clock.stampWithAge(item.release.recordedAt), .quiet),
      ])
    }
    let heading = "=== ⬢ \(app) Releases - Current: \(current ?? "none")"
    return ([heading] + table.lines(style)).joined(separator: "\n") + "\n"
  }

  /// One release: what it is, what it changed, why it is held.
  package func render(_ app: AppName, _ item: ReleaseStanding) -> String {
    let (release, content) = (item.release, item.release.content)
    var table = TextTable()
    table.add([.init("Summary:"), .init(release.summary)])
    table.add([.init("Status:"), .init(item.status.rawValue, role(item.status))])
    table.add([.init("When:"), .init(clock.stampWithAge(release.recordedAt))])
    table.add([.init("Commit:"), .init(release.revision.short)])
    table.add([.init("Slug:"), .init(content.slug.digest.short)])
    table.add([.init("Stack:"), .init(content.stack.stack.name.rawValue)])
    for command in content.commands {
      table.add([.init("\(command.type):"), .init(command.command)])
    }
    if let words = release.phase.flatMap(ReleasePhaseText.words) {
      table.add([.init("Command:"), .init("release command \(words)")])
    }
    if let held = item.held { table.add([.init("Held:"), .init(HoldText.words(held))]) }
    var lines = ["=== ⬢ \(app) Release v\(release.number)"] + table.lines(style)
    if let before = item.before {
      let changes = before.content.changes(to: content).map(FieldChangeText.words)
      lines.append("Against v\(before.number):")
      lines += changes.isEmpty ? ["  nothing is different"] : changes.map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func role(_ status: ReleaseStanding.Status) -> TextStyle.Role? {
    switch status {
    case .pending: .changing
    case .current: .good
    case .past: nil
    case .held, .failed: .bad
    }
  }
}

/// Renders releases as JSON, with Heroku's field names where it has the field.
package enum ReleasesJSON {
  /// `{"format":1,"app":…,"releases":[…]}`, newest first.
  package static func document(_ app: AppName, _ releases: [ReleaseStanding]) -> JSONValue {
    [
      "format": .number(1), "app": .string(app.rawValue), "releases": .array(releases.map(item)),
    ]
  }

  private static func item(_ item: ReleaseStanding) -> JSONValue {
    let (release, content) = (item.release, item.release.content)
    return [
      "version": .number(release.number), "description": .string(release.summary),
      "status": .string(item.status.rawValue),
      "current": .boolean(item.isCurrent),
      "created_at": .string(TimeText.json(release.recordedAt)),
      "revision": .string(release.revision.rawValue),
      "slug": .string(content.slug.digest.rawValue),
      "stack": .string(content.stack.stack.name.rawValue),
      "changed": .array(
        (item.before?.content.changes(to: content) ?? []).map { .string($0.field.rawValue) }),
      "held": .optional(item.held.map(HoldText.words)),
    ]
  }
}
