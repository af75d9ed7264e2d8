// A diff as a comment on a pull request: the summary first, long lists folded, nothing that pings
// anyone or breaks out of its cell.

import FormationModel
import Planning

/// Renders diffs as Markdown.
package struct DiffMarkdown: Sendable {
  /// The newest commits of HEAD that touched manifest files.
  package var provenance: Provenance
  /// Rows up to which the table stands open.
  private let rowsOpen = 20
  /// Rows printed at all: code hosts cut comments at 65 535 characters.
  private let rowsAtMost = 200

  /// Makes a renderer.
  package init(provenance: Provenance = Provenance()) { self.provenance = provenance }

  /// The comment, with a line end at its end.
  package func render(_ diff: FormationDiff) -> String {
    var blocks = ["**\(Self.safe(DiffText.lastLine(diff)))**"]
    let rows = diff.changes.map(row) + diff.apps.flatMap(settings)
    if !rows.isEmpty { blocks.append(table(rows)) }
    if !diff.holds.isEmpty { blocks.append(diff.holds.map(hold).joined(separator: "\n")) }
    let unseen = diff.unseen.map { "- \(Self.safe($0.words))" }
    if !unseen.isEmpty { blocks.append(unseen.joined(separator: "\n")) }
    let errors = diff.apps.flatMap(\.errors)
    if !errors.isEmpty { blocks.append(errors.prefix(rowsOpen).map(error).joined(separator: "\n")) }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func table(_ rows: [String]) -> String {
    let head = "| | dyno | why | where |\n|---|---|---|---|"
    var lines = [head] + rows.prefix(rowsAtMost)
    if rows.count > rowsAtMost {
      lines.append("| | | and \(rows.count - rowsAtMost) more: `muster diff` prints all | |")
    }
    let table = lines.joined(separator: "\n")
    guard rows.count > rowsOpen else { return table }
    return "<details><summary>\(rows.count) changes</summary>\n\n\(table)\n\n</details>"
  }

  private func row(_ change: Change) -> String {
    cells(
      PlanText.sign(change.action), PlanText.subject(change), ReasonText.words(change.reason),
      place(change.because?.mark, of: change.app))
  }

  private func settings(_ app: FormationDiff.App) -> [String] {
    app.quietSettings.map {
      cells("·", app.name.rawValue, FieldChangeText.words($0.change), place($0.mark, of: app.name))
    }
  }

  private func cells(_ sign: String, _ subject: String, _ why: String, _ place: String) -> String {
    "| \(sign) | \(Self.safe(subject)) | \(Self.safe(why)) | \(Self.safe(place)) |"
  }

  private func place(_ mark: SourceMark?, of app: AppName) -> String {
    guard let mark else { return "" }
    let place = "\(mark.file):\(mark.line)"
    let revision = provenance.commit(behind: mark.file, of: app)
    return revision.map { "\(place), \($0.id.short) by \($0.author)" } ?? place
  }

  private func hold(_ hold: Hold) -> String {
    "- held: **\(Self.safe(hold.id.rawValue))** \(Self.safe(HoldText.words(hold))). "
      + "To free it: \(Self.safe(hold.release))"
  }

  private func error(_ diagnostic: Diagnostic) -> String {
    let origin = diagnostic.origin.map { "\($0): " } ?? ""
    let place = diagnostic.mark.map { "\(origin)\($0): " } ?? ""
    let fix = diagnostic.fix.map { ". Fix: \($0)" } ?? ""
    return "- " + Self.safe("\(place)\(diagnostic.severity.rawValue): \(diagnostic.message)\(fix)")
  }

  /// The text with everything that Markdown, HTML or a code host would act on made literal.
  static func safe(_ text: String) -> String {
    text.escapingControls.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "@": "&#64;"
      case "#": "&#35;"
      case "|", "\\", "`", "*", "_", "[", "]", "~": "\\\(character)"
      default: String(character)
      }
    }.joined()
  }
}
