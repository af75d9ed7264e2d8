// muster set: one or more fields of an app's app.yaml, in the working tree. Comments, order and
// formatting stay.

import ArgumentParser
import FormationModel
import GitSource
import ManifestParsing
import Review

struct SetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set fields of an app's app.yaml in the working tree; comments stay.",
    discussion: """
      `muster set shop image=ghcr.io/acme/shop@sha256:…`, `muster set shop \
      formation.web.quantity=3 env.MODE=live`. The result is validated first; when it is not \
      valid, nothing is written. Nothing is committed. Exit codes: 0 written, or it said so \
      already; 1 the result would not be valid, or the file cannot be edited safely; 2 it could \
      not be read or written.
      """)

  @OptionGroup var options: CommonOptions

  @Argument(
    help: .init(
      "The app (may be left out where there is one), then KEY=VALUE, as often as needed.",
      valueName: "field"))
  var field: [String]

  @Option(name: [.customShort("a"), .long], help: "The app, as Heroku's command line takes it.")
  var app: String?

  @Option(help: "How to print: text for people, json for programs. [MUSTER_FORMAT]")
  var format: OutputFormat?

  func run() async throws {
    let settings = try options.settings()
    let format = try Settings.format(self.format, default: .text)
    let root = try root(settings)
    let tree = WorkingTree(root: root)
    let editor = ManifestEditor(
      catalog: ShippedCatalog.catalog,
      options: ReadingOptions(
        environment: settings.environment,
        rootName: root.split(separator: "/").last.map(String.init)))
    do {
      let (folders, formation) = try editor.apps(in: tree)
      let (app, assignments): (AppName, [FieldAssignment])
      do { (app, assignments) = try read(folders, formation) } catch {
        if formation.isRefused {
          Terminal.write(DiagnosticText(style: Terminal.style).render(formation.diagnostics))
        }
        throw error
      }
      let manifest = try editor.edit(folders[app] ?? "", assignments, in: tree)
      try finish(app, manifest, root: root, format: format, isQuiet: settings.isQuiet)
    } catch let problem as TreeProblem {
      throw CommandFailure(.unknown, "\(root)/\(problem.path): \(problem.message)")
    }
  }

  /// The repository on disk: only a local one can be edited.
  private func root(_ settings: Settings) throws -> String {
    if let repository = settings.repository {
      guard !repository.contains("://") else {
        throw CommandFailure(
          .usage, "\(repository.escapingControls) is not on this machine: there is nothing to edit",
          fix: "clone it, and name the clone with --repo PATH")
      }
      return GitFormationSource.enclosingRepository(of: Composition.absolute(repository))
        ?? Composition.absolute(repository)
    }
    return GitFormationSource.enclosingRepository(of: Composition.currentFolder)
      ?? Composition.currentFolder
  }

  /// The app and what to set, from `APP KEY=VALUE…`.
  private func read(
    _ folders: [AppName: String], _ formation: DesiredFormation
  ) throws -> (AppName, [FieldAssignment]) {
    let known = folders.keys.sorted()
    var words = field
    var name = app
    if let first = words.first, !first.contains("=") {
      if let app, app != first {
        throw CommandFailure(.usage, "two apps are named: \(first.escapingControls) and \(app)")
      }
      name = words.removeFirst()
    }
    let list = known.map(\.rawValue).joined(separator: ", ")
    guard let name = name ?? (known.count == 1 ? known[0].rawValue : nil) else {
      throw CommandFailure(
        .usage, "which app?", fix: list.isEmpty ? "there is none yet" : "one of: \(list)")
    }
    guard let app = AppName(rawValue: name), folders[app] != nil else {
      throw CommandFailure(
        .unknown, "there is no app \(name.escapingControls)",
        fix: list.isEmpty ? "`muster init` writes a first one" : "there are: \(list)")
    }
    guard !words.isEmpty else {
      throw CommandFailure(
        .usage, "nothing was named to set",
        fix: "write KEY=VALUE: muster set \(app) formation.web.quantity=3")
    }
    return (
      app,
      try words.map { word in
        guard let assignment = FieldAssignment(word) else {
          let key = word.prefix { $0 != "=" }
          throw CommandFailure(
            .usage, "\(String(key).escapingControls) is not KEY=VALUE",
            fix: "write a field of app.yaml with dots: formation.web.quantity=3")
        }
        return assignment
      }
    )
  }

  private func finish(
    _ app: AppName, _ manifest: EditedManifest, root: String, format: OutputFormat, isQuiet: Bool
  ) throws {
    guard manifest.problems.isEmpty else {
      let text = String(decoding: manifest.after, as: UTF8.self)
      let words = DiagnosticText(style: Terminal.style, sources: [manifest.file: text])
      Terminal.write(words.render(manifest.problems))
      throw CommandFailure(.no, "\(manifest.file) was left as it is")
    }
    if !manifest.fields.isEmpty {
      try ManifestFile(path: "\(root)/\(manifest.file)")
        .replace(manifest.before, with: manifest.after)
    }
    switch format {
    case .json: Terminal.write(SetJSON.document(app, manifest).document)
    case .text: if !isQuiet { Terminal.write(SetText.render(manifest)) }
    }
  }
}
