// Sync and health of each app, with reasons and since-times.

package import FormationModel
package import Planning

/// How one app stands, as `status` tells it.
package struct AppStanding: Hashable, Sendable {
  /// The app.
  package var app: AppName
  /// Whether what runs is what git asks for.
  package var sync: SyncStatus
  /// Since when; nil when it is not known.
  package var syncSince: LoopTime?
  /// Whether what runs is well.
  package var health: HealthStatus
  /// Since when; nil when it is not known.
  package var healthSince: LoopTime?
  /// The newest release; nil before the first.
  package var release: Int?
  /// The revision its formation is from; nil when none was taken over.
  package var revision: RevisionID?
  /// What is in force by hand.
  package var overrides: [OverrideStanding]
  /// What waits for somebody.
  package var holds: [Hold]
  /// Dynos that are up.
  package var up: Int
  /// Dynos that are wanted.
  package var wanted: Int
  /// Its requests; nil when nobody counts them, or there was none.
  package var requests: AppRequests?
  /// When counting them began.
  package var requestsSince: LoopTime?

  /// Makes a standing from an app's part of the whole plan; what only memory knows is left out.
  package init(_ part: AppPlan, of plan: Plan) {
    self.init(part)
    holds = plan.holds(concerning: part)
  }

  /// Makes a standing from an app's plan alone, without holds of the platform.
  package init(_ plan: AppPlan) {
    app = plan.app
    sync = plan.sync
    health = plan.health
    overrides = plan.overrides
    holds = plan.holds
    up = plan.dynos.count { $0.state == .up }
    wanted = plan.dynos.count
  }
}

/// Renders standings as text.
package struct StatusText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Now, and the zone to print times in.
  package var clock: LocalClock

  /// Makes a renderer.
  package init(style: TextStyle = .plain, clock: LocalClock) {
    self.style = style
    self.clock = clock
  }

  /// One line per app, and for each axis that is not well a line with reason and since-time.
  /// `router` is what is to be done about the router, `complaints` what it goes without; `lostAt`
  /// is when memory was lost and begun anew.
  package func render(
    _ standings: [AppStanding], router: RouterPlan? = nil, complaints: [EffectFailure] = [],
    lostAt: LoopTime? = nil
  ) -> String {
    let words = RouterText(style: style)
    let routing = (router.map(words.lines) ?? []) + words.lines(complaints)
    let end =
      (routing.isEmpty ? "" : "\n" + routing.joined(separator: "\n") + "\n")
      + (lostAt.map(loss) ?? "")
    guard !standings.isEmpty else { return "No apps.\n" + end }
    var table = TextTable()
    let requests = standings.map { $0.requests.flatMap(RequestsText.brief) }
    let showsRequests = requests.contains { $0 != nil }
    table.add(
      [.init("APP"), .init("SYNC"), .init("HEALTH"), .init("DYNOS"), .init("RELEASE")]
        + (showsRequests ? [.init("REQUESTS")] : []))
    for (standing, requests) in zip(standings, requests) {
      table.add(row(standing) + (showsRequests ? [.init(requests ?? "-")] : []))
    }
    var lines = table.lines(style)
    for standing in standings {
      let details = self.details(standing)
      if !details.isEmpty { lines += ["", "\(standing.app)"] + details.map { "  \($0)" } }
    }
    return lines.joined(separator: "\n") + "\n" + end
  }

  /// What is told for as long as people may wonder where something went.
  private static let lossShownFor = Duration.seconds(7 * 86_400)

  private func loss(_ time: LoopTime) -> String {
    guard clock.now - time < Self.lossShownFor else { return "" }
    return """

      Memory was lost, and begins anew at \(clock.stampWithAge(time)): release numbers go on from \
      the dynos that ran; holds, backoff and history of before are forgotten.

      """
  }

  private func row(_ standing: AppStanding) -> [TextTable.Cell] {
    [
      .init(standing.app.rawValue),
      .init(standing.sync.value.rawValue, Self.role(standing.sync.value)),
      .init(standing.health.value.rawValue, Self.role(standing.health.value)),
      .init("\(standing.up)/\(standing.wanted)"),
      .init(release(standing)),
    ]
  }

  private func release(_ standing: AppStanding) -> String {
    let number = standing.release.map { "v\($0)" } ?? "none"
    return standing.revision.map { "\(number) (\($0.short))" } ?? number
  }

  private func details(_ standing: AppStanding) -> [String] {
    var details: [String] = []
    if standing.sync.value != .synced || standing.sync.reason == .overridden {
      let words = StatusWords.words(standing.sync.reason)
      details.append("\(standing.sync.reason.rawValue): \(words)\(since(standing.syncSince))")
    }
    for hold in standing.holds {
      details.append(HoldText.words(hold, now: clock.now).escapingControls)
      details.append("  to free it: \(hold.release.escapingControls)")
    }
    details += standing.overrides.map(OverrideText(clock: clock).words)
    if standing.health.value != .healthy {
      let words = StatusWords.words(standing.health.reason)
      details.append("\(standing.health.reason.rawValue): \(words)\(since(standing.healthSince))")
    }
    return details
  }

  private func since(_ time: LoopTime?) -> String {
    time.map { ", since \(clock.stampWithAge($0))" } ?? ""
  }

  private static func role(_ value: SyncStatus.Value) -> TextStyle.Role {
    switch value {
    case .synced: .good
    case .outOfSync: .changing
    case .unknown: .bad
    }
  }

  private static func role(_ value: HealthStatus.Value) -> TextStyle.Role {
    switch value {
    case .healthy: .good
    case .progressing: .changing
    case .degraded, .missing: .bad
    case .suspended: .quiet
    }
  }
}

/// Renders standings as JSON.
package enum StatusJSON {
  /// `{"format":1,"apps":[…]}`.
  /// `complaints` is what the router goes without; `lostAt` is when memory was lost and begun anew.
  package static func document(
    _ standings: [AppStanding], complaints: [EffectFailure] = [], lostAt: LoopTime? = nil
  ) -> JSONValue {
    [
      "format": .number(1), "apps": .array(standings.map(app)),
      "router_complaints": .array(complaints.map(complaint)),
      "memory_lost_at": .optional(lostAt.map(TimeText.json)),
    ]
  }

  private static func app(_ standing: AppStanding) -> JSONValue {
    [
      "name": .string(standing.app.rawValue),
      "sync": axis(
        standing.sync.value.rawValue, standing.sync.reason.rawValue, standing.syncSince),
      "health": axis(
        standing.health.value.rawValue, standing.health.reason.rawValue, standing.healthSince),
      "release": .optional(standing.release),
      "revision": .optional(standing.revision?.rawValue),
      "overrides": .array(standing.overrides.map(OverrideJSON.override)),
      "dynos": ["up": .number(standing.up), "wanted": .number(standing.wanted)],
      "holds": .array(standing.holds.map { .string($0.id.rawValue) }),
      "requests": requests(standing),
    ]
  }

  private static func complaint(_ failure: EffectFailure) -> JSONValue {
    [
      "code": .string(failure.code), "message": .string(failure.message),
      "fix": .optional(failure.fix),
    ]
  }

  private static func requests(_ standing: AppStanding) -> JSONValue {
    guard let requests = standing.requests, let since = standing.requestsSince else { return .null }
    return RequestsJSON.document(requests, since: since)
  }

  private static func axis(_ value: String, _ reason: String, _ since: LoopTime?) -> JSONValue {
    [
      "value": .string(value), "reason": .string(reason),
      "since": .optional(since.map(TimeText.json)),
    ]
  }
}
