// A plan as people read it: one line per change, then what waits, what is held, what is not valid,
// and always the same last line.

import FormationModel
package import Planning

/// Renders plans as text.
package struct PlanText: Sendable {
  /// Colour or not.
  package var style = TextStyle.plain
  /// The newest commits that touched manifest files.
  package var provenance = Provenance()
  /// Now, for a live plan; nil leaves out the waits, which only a live machine has.
  package var clock: LocalClock?

  /// Makes a renderer without colour, provenance and waits.
  package init() {}

  /// The whole plan, with a line end at its end.
  package func render(_ plan: Plan) -> String {
    var blocks = [changes(plan.changes)]
    let overrides = OverrideText(clock: clock)
    blocks.append(overrides.lines(plan.apps.map { ($0.app, $0.overrides) }))
    if let router = plan.router { blocks.append(RouterText(style: style).lines(router)) }
    if let clock { blocks.append(waits(plan.waits, clock)) }
    var holds = HoldsText(style: style)
    holds.clock = clock
    blocks.append(holds.lines(plan.holds))
    blocks.append(invalid(plan))
    blocks.append(plan.leftAlone.map { "not understood, left alone: \($0.escapingControls)" })
    blocks.append([PlanSummary(plan).line])
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  /// The lines of the changes alone, columns aligned.
  package func changes(_ changes: [Change]) -> [String] {
    var table = TextTable()
    for change in changes {
      table.add([
        .init("\(Self.sign(change.action)) \(Self.subject(change))", Self.role(change.action)),
        .init(Self.releases(change)),
        .init(
          ReasonText.words(change.reason)
            + (change.gap.map { "; stopped first, \(ReasonText.noRoom($0))" } ?? "")),
        .init(source(change.because, of: change.app) ?? "", .quiet),
      ])
    }
    return table.lines(style)
  }

  /// `+` start, `-` stop, `±` replace, `»` release, `→` routes.
  package static func sign(_ action: Change.Action) -> String {
    switch action {
    case .start: "+"
    case .stop: "-"
    case .replace: "±"
    case .release: "»"
    case .route: "→"
    }
  }

  static func subject(_ change: Change) -> String {
    "\(change.app) \(change.slot?.dynoName ?? (change.action == .route ? "routes" : "release"))"
  }

  static func role(_ action: Change.Action) -> TextStyle.Role {
    switch action {
    case .start: .good
    case .stop: .bad
    case .replace, .route: .changing
    case .release: .strong
    }
  }

  /// `v6 → v7`, `v7`; empty when no release is known (a diff of two commits).
  static func releases(_ change: Change) -> String {
    switch (change.from, change.to) {
    case (let from?, let to?) where from != to: "v\(from) → v\(to)"
    case (_, let one?), (let one?, nil): "v\(one)"
    case (nil, nil): ""
    }
  }

  /// `(app.yaml:4, 4e8d2a7 by Ada)`; nil when the manifest is not the cause.
  func source(_ because: Because?, of app: AppName) -> String? {
    guard let mark = because?.mark else { return nil }
    let place = "\(mark.file):\(mark.line)"
    guard let revision = provenance.commit(behind: mark.file, of: app) else {
      return "(\(place))"
    }
    return "(\(place), \(revision.id.short) by \(revision.author))"
  }

  private func waits(_ waits: [Wait], _ clock: LocalClock) -> [String] {
    guard !waits.isEmpty else { return [] }
    var table = TextTable()
    table.indent = "  "
    for wait in waits {
      let subject = wait.slot.map { "\(wait.app) \($0.dynoName)" } ?? wait.app.rawValue
      table.add([
        .init(subject), .init(WaitText.words(wait.cause)),
        .init(WaitText.due(wait, now: clock.now) ?? "", .quiet),
      ])
    }
    return ["Waits:"] + table.lines(style)
  }

  private func invalid(_ plan: Plan) -> [String] {
    let diagnostics = DiagnosticText(style: style)
    return plan.apps.filter { !$0.errors.isEmpty }.flatMap { app in
      let more = app.errors.count > 1 ? [" (\(app.errors.count) errors, the first:)"] : []
      return ["\(app.app) is not valid; its last good formation stays\(more.joined())"]
        + app.errors.prefix(1).flatMap { diagnostics.lines($0) }.map { "  " + $0 }
    }
  }
}
