// A folder as Heroku has it, taken over: an app.yaml with what Heroku keeps outside files, and a
// report on what of the folder counts and what does not.

import FormationModel
import Foundation
import GitSource
import ManifestParsing
import Review

/// A folder with a Procfile.
struct HerokuFolder {
  private let folder: URL

  init(path: String) throws {
    let isElsewhere = path.hasPrefix("heroku:")
    if isElsewhere || path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
      throw CommandFailure(
        .usage, "--from \(path.escapingControls): this version takes over folders only",
        fix: isElsewhere
          ? "clone the app's repository, then name its folder" : "name a folder with a Procfile")
    }
    folder = URL(filePath: Composition.absolute(path), directoryHint: .isDirectory)
  }

  /// Writes app.yaml and prints the report.
  func takeOver() throws {
    guard has("Procfile") else {
      throw CommandFailure(
        .no, "\(folder.path) has no Procfile",
        fix: "write one, such as `web: python3 serve.py`; every process type is one line")
    }
    guard !has("app.yaml") else {
      throw CommandFailure(
        .no, "\(folder.path) has an app.yaml already; nothing was written",
        fix: "`muster validate \(folder.path)` checks it")
    }
    let formation = try read()
    guard let app = formation.apps.first, app.folder.isEmpty else {
      Terminal.write(DiagnosticText(style: Terminal.style).render(formation.diagnostics))
      throw CommandFailure(.no, "\(folder.path) cannot be taken over as it is; nothing was written")
    }
    let manifest = ImportedManifest(app: app)
    do {
      try Data(manifest.text.utf8).write(
        to: folder.appending(path: "app.yaml"), options: .withoutOverwriting)
    } catch {
      throw CommandFailure(
        .unknown, "\(folder.path)/app.yaml cannot be written: \(error.localizedDescription)")
    }
    Terminal.write(manifest.report(formation.diagnostics, folder: folder.path))
  }

  private func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  private func read() throws -> DesiredFormation {
    var reader = FormationReader(
      catalog: ShippedCatalog.catalog, options: ReadingOptions(rootName: folder.lastPathComponent))
    do throws(TreeProblem) {
      return try reader.read(WorkingTree(root: folder.path), revision: nil)
    } catch {
      throw CommandFailure(.unknown, "\(folder.path)/\(error.path): \(error.message)")
    }
  }
}

/// The app.yaml of an app that was taken over.
struct ImportedManifest {
  let app: DesiredApp

  /// Name, stack and formation. Config vars stay where they are: in app.json, or to be written.
  var text: String {
    let rows = app.processes.filter { $0.type != .release }.map { process in
      "  \(process.type): {quantity: \(process.quantity), size: \(process.size)}"
    }
    return """
      # What Heroku keeps outside files. It wins over app.json; the Procfile stays as it is.
      name: \(app.name)
      stack: \(app.stack)
      formation:
      \(rows.joined(separator: "\n"))

      """
  }

  /// What counts, what is missing, what this version cannot do.
  func report(_ diagnostics: [Diagnostic], folder: String) -> String {
    let keys = app.config.map(\.key.rawValue).joined(separator: ", ")
    var lines = ["Wrote \(folder)/app.yaml for \(app.name).", "", "Taken over:"]
    lines += app.processes.map {
      "  \($0.type): \($0.quantity) × \($0.size), `\($0.command.escapingControls)`"
    }
    lines.append("  config vars: \(keys.isEmpty ? "none" : keys)")
    if !app.missingConfig.isEmpty {
      let names = app.missingConfig.map(\.rawValue).joined(separator: ", ")
      lines += ["", "To be done before it can start:", "  give a value to \(names), under env"]
    }
    if !app.unsupported.isEmpty {
      lines += ["", "This version cannot do, and would hold the app:"]
      lines += app.unsupported.map { "  \($0.feature) (\($0.field))" }
    }
    let notes = diagnostics.filter { $0.severity != .error }
    if !notes.isEmpty {
      lines += ["", "Read differently, or not used:"]
      lines += notes.map { note in
        let place = note.mark.map { "\($0.file):\($0.line): " } ?? ""
        return "  \(place)\(note.message.escapingControls)"
      }
    }
    let isApart = GitFormationSource.enclosingRepository(of: folder) == nil
    let next = isApart ? "make it part of a git repository, then " : ""
    lines += ["", "Next: \(next)commit it; `muster plan` shows what it means."]
    return lines.map { $0 + "\n" }.joined()
  }
}
