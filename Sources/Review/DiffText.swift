// A diff of two commits as text and as JSON.

import FormationModel
import Planning

/// Renders diffs as text.
package struct DiffText: Sendable {
  /// Colour or not.
  package var style = TextStyle.plain
  /// The newest commits of HEAD that touched manifest files.
  package var provenance = Provenance()

  /// Makes a renderer without colour and provenance.
  package init() {}

  /// What merging changes, as a plan's text; settings that touch no dyno are marked `·`.
  package func render(_ diff: FormationDiff) -> String {
    var plan = PlanText()
    plan.style = style
    plan.provenance = provenance
    let blocks = [
      plan.changes(diff.changes), settings(diff, plan), HoldsText(style: style).lines(diff.holds),
      invalid(diff), diff.unseen.map(\.words), [Self.lastLine(diff)],
    ]
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  /// The plan's last line; where only settings change, how many.
  package static func lastLine(_ diff: FormationDiff) -> String {
    let quiet = diff.apps.flatMap(\.quietSettings).count
    guard quiet > 0 else { return diff.summary.line }
    let words = "\(Count.of(quiet, "setting")) changed"
    let line = diff.summary.isEmpty ? diff.summary.counts : diff.summary.line
    return line.contains(" Also: ")
      ? "\(line.dropLast()); \(words)." : "\(line) Also: \(words)."
  }

  private func settings(_ diff: FormationDiff, _ plan: PlanText) -> [String] {
    var table = TextTable()
    for app in diff.apps {
      for setting in app.quietSettings {
        table.add([
          .init("· \(app.name)"), .init(FieldChangeText.words(setting.change)),
          .init(plan.source(Because(setting.change, at: setting.mark), of: app.name) ?? "", .quiet),
        ])
      }
    }
    return table.lines(style)
  }

  private func invalid(_ diff: FormationDiff) -> [String] {
    let diagnostics = DiagnosticText(style: style)
    return diff.apps.filter { $0.kind == .rejected }.flatMap { app in
      ["\(app.name) would not be valid; its last good formation would stay"]
        + app.errors.flatMap { diagnostics.lines($0) }.map { "  " + $0 }
    }
  }
}

/// Renders diffs as JSON.
package enum DiffJSON {
  /// `{"format":1,"base","head","apps":[…],"holds":[…],"summary":{…}}`.
  package static func document(_ diff: FormationDiff) -> JSONValue {
    [
      "format": .number(1),
      "base": .optional(diff.base?.rawValue),
      "head": .optional(diff.head?.rawValue),
      "apps": .array(diff.apps.map(app)),
      "holds": .array(diff.holds.map(HoldsJSON.hold)),
      "unseen": .array(diff.unseen.map(unseen)),
      "summary": PlanJSON.summary(diff.summary),
    ]
  }

  private static func unseen(_ source: UnseenSource) -> JSONValue {
    [
      "repository": .optional(source.source.repository),
      "ref": .optional(source.source.ref),
      "kind": .string(source.kind.rawValue),
    ]
  }

  private static func app(_ app: FormationDiff.App) -> JSONValue {
    [
      "name": .string(app.name.rawValue),
      "kind": .string(app.kind.rawValue),
      "changes": .array(app.changes.map(PlanJSON.change)),
      "settings": .array(
        app.settings.map { PlanJSON.because(Because($0.change, at: $0.mark)) }),
      "diagnostics": .array(app.errors.map(DiagnosticJSON.diagnostic)),
    ]
  }
}
