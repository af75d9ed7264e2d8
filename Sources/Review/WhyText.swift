// Why something runs, or does not: everything recorded that bears on one app or dyno, in the order
// in which somebody who was woken up asks for it.

package import FormationModel
package import Planning

/// What is known of an app, or of one process type or dyno of it.
package struct WhyAnswer: Sendable {
  /// The app's part of the plan, its dynos and waits narrowed to what was asked for.
  package var plan: AppPlan
  /// What `status` says of the app, with its since-times.
  package var standing: AppStanding
  /// The release in force; nil before the first.
  package var release: Release?
  /// The commit that asked for it; nil when the repository does not have it.
  package var commit: Revision?
  /// Events that bear on it, oldest first.
  package var events: [EventLine]
  /// More of them, for what came before: those told and older ones.
  package var history: [EventLine]
  /// The last lines of the dyno that is in trouble, or that was asked for; oldest first.
  package var lastLines: [String]
  /// Whose lines they are: `web.1`; nil when there are none.
  package var linesOf: String?
  /// Since when holds are known.
  package var heldSince: [HoldID: LoopTime]

  /// Gathers an answer.
  package init(
    plan: AppPlan, standing: AppStanding, release: Release?, commit: Revision?,
    events: [EventLine], lastLines: [String], linesOf: String?, heldSince: [HoldID: LoopTime]
  ) {
    self.plan = plan
    self.standing = standing
    self.release = release
    self.commit = commit
    self.events = events
    history = events
    self.lastLines = lastLines
    self.linesOf = linesOf
    self.heldSince = heldSince
  }

  /// Whether everything that was asked about is as it should be.
  package var isWell: Bool {
    standing.sync.value == .synced && standing.health.value == .healthy
      && plan.dynos.allSatisfy { $0.state == .up }
  }

  /// The last thing that changed the app before it got into trouble: a release, an order, a secret.
  /// Nil when it is not in trouble, or nothing is known. Starts and ends of dynos are no changes:
  /// something else made each of them.
  package var changeBeforeTrouble: EventLine? {
    guard let began = troubleBegan else { return nil }
    var changes = history.filter { $0.subject == nil && !Self.noChanges.contains($0.reason) }
    if let release {
      changes.append(
        EventLine(
          at: release.recordedAt, app: plan.app, subject: nil, reason: "ReleaseRecorded",
          message: "v\(release.number): \(release.summary)", revision: release.revision))
    }
    return changes.filter { $0.at <= began }.max { $0.at < $1.at }
  }

  /// When the trouble began; nil when there is none, or nobody knows.
  private var troubleBegan: LoopTime? {
    switch standing.health.value {
    case .degraded, .missing:
      standing.healthSince ?? history.first { Self.troubles.contains($0.reason) }?.at
    case .healthy, .progressing, .suspended:
      history.first { Self.troubles.contains($0.reason) }?.at
    }
  }

  /// Reasons of events that are trouble themselves.
  private static let troubles: Set<String> = [
    "StepFailed", "DynoExited", "DynoOutOfMemory", "DynoOverMemory", "DynoKilled",
  ]
  /// Reasons of events about the whole app that change nothing of it.
  private static let noChanges: Set<String> = [
    "StepFailed", "SlugReady", "SecretsGenerated", "ConfigRevealed", "ManifestInvalid",
  ]
}

/// Renders the answer as text.
package struct WhyText: Sendable {
  /// Colour or not.
  package var style: TextStyle
  /// Now, and the zone to print times in.
  package var clock: LocalClock

  /// Makes a renderer.
  package init(style: TextStyle = .plain, clock: LocalClock) {
    self.style = style
    self.clock = clock
  }

  /// Paragraphs, each only when there is something to say in it; a line end at the end.
  package func render(_ answer: WhyAnswer) -> String {
    let paragraphs = [
      verdict(answer), byHand(answer), dynos(answer), release(answer), waits(answer), held(answer),
      errors(answer), history(answer), output(answer),
    ]
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private func verdict(_ answer: WhyAnswer) -> [String] {
    let standing = answer.standing
    let sync = StatusWords.words(standing.sync.reason)
    let health = StatusWords.words(standing.health.reason)
    return [
      style("\(answer.plan.app)", .strong)
        + " is \(standing.sync.value.rawValue): \(sync)\(since(standing.syncSince)).",
      "It is \(standing.health.value.rawValue): \(health)\(since(standing.healthSince)).",
    ]
  }

  private func byHand(_ answer: WhyAnswer) -> [String] {
    OverrideText(clock: clock).lines([(answer.plan.app, answer.plan.overrides)])
  }

  private func dynos(_ answer: WhyAnswer) -> [String] {
    let text = PsText(style: style, clock: clock)
    return answer.plan.dynos.map { dyno in
      // What runs may be of an older release than the one in force.
      let running = dyno.instance?.form?.command ?? dyno.command
      let command = "`\(running.escapingControls)`"
      let release = dyno.instance.map { " of release v\($0.id.release)" } ?? ""
      return "\(text.line(dyno))\n  runs \(command)\(release) as \(DynoTypeText.title(dyno.size))"
    } + answer.plan.stopped.map(text.line)
  }

  private func release(_ answer: WhyAnswer) -> [String] {
    guard let release = answer.release else { return ["There is no release yet."] }
    let author = answer.commit.map { " by \($0.author.escapingControls)" } ?? ""
    let subject = answer.commit.map { ": \"\($0.subject.escapingControls)\"" } ?? ""
    return [
      "Release v\(release.number) is in force since \(clock.stampWithAge(release.recordedAt)): "
        + "\(release.summary.escapingControls) (\(release.revision.short)\(author)\(subject))."
    ]
  }

  private func waits(_ answer: WhyAnswer) -> [String] {
    let lines = answer.plan.waits.map { wait in
      let subject = wait.slot?.dynoName ?? "\(wait.app)"
      let due = WaitText.due(wait, now: clock.now).map { ", \($0)" } ?? ""
      return "  \(subject): \(WaitText.words(wait.cause).escapingControls)\(due)"
    }
    return lines.isEmpty ? [] : ["What is waited for:"] + lines
  }

  private func held(_ answer: WhyAnswer) -> [String] {
    var text = HoldsText(style: style)
    text.since = answer.heldSince
    text.clock = clock
    return text.lines(answer.standing.holds)
  }

  private func errors(_ answer: WhyAnswer) -> [String] {
    guard !answer.plan.errors.isEmpty else { return [] }
    let text = DiagnosticText(style: style).render(answer.plan.errors)
    return ["Its manifest is not valid; what ran before goes on:"]
      + text.split(separator: "\n").map { "  \($0)" }
  }

  private func history(_ answer: WhyAnswer) -> [String] {
    guard !answer.events.isEmpty else { return [] }
    let text = EventsText(style: style, clock: clock)
    var lines = ["What happened last:"] + answer.events.map { "  \(text.line($0))" }
    if !answer.isWell, let change = answer.changeBeforeTrouble {
      lines += ["The last change before the trouble:", "  \(text.line(change))"]
    }
    return lines
  }

  private func output(_ answer: WhyAnswer) -> [String] {
    guard let dyno = answer.linesOf, !answer.lastLines.isEmpty else { return [] }
    return ["The last lines of \(dyno):"] + answer.lastLines.map { "  \($0.escapingControls)" }
  }

  private func since(_ time: LoopTime?) -> String {
    time.map { ", since \(clock.stampWithAge($0))" } ?? ""
  }
}

/// Renders the answer as JSON.
package enum WhyJSON {
  /// `{"format":1,"app":…}`.
  package static func document(_ answer: WhyAnswer) -> JSONValue {
    let standing = StatusJSON.document([answer.standing])
    return [
      "format": .number(1),
      "app": .string(answer.plan.app.rawValue),
      "status": standing,
      "dynos": PsJSON.document(answer.plan.dynos, stopped: answer.plan.stopped),
      "release": answer.release.map { release in
        [
          "number": .number(release.number), "revision": .string(release.revision.rawValue),
          "recorded_at": .string(TimeText.json(release.recordedAt)),
          "summary": .string(release.summary),
          "author": .optional(answer.commit?.author),
          "subject": .optional(answer.commit?.subject),
        ]
      } ?? .null,
      "holds": HoldsJSON.document(answer.standing.holds, since: answer.heldSince),
      "events": .array(answer.events.map(EventsJSON.event)),
      "change_before_trouble": answer.changeBeforeTrouble.map(EventsJSON.event) ?? .null,
      "last_lines": .array(answer.lastLines.map { .string($0) }),
      "last_lines_of": .optional(answer.linesOf),
    ]
  }
}
