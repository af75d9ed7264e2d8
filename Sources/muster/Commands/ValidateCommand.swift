// muster validate: every problem of the manifests at once. Reads files, writes none, needs no root.

import ArgumentParser
import FormationModel
import ManifestParsing
import Review

/// The forms that `validate` prints in.
enum ValidateFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, sarif, github
}

struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check manifests, and show every problem with its place and its fix.",
    discussion: """
      Reads the files as they lie on disk, committed or not. Exit codes: 0 no errors (there may be \
      warnings); 1 errors; 2 the files could not be read.
      """)

  @Argument(help: "The folder to check. Default: the enclosing repository.")
  var path: String?

  @OptionGroup var options: CommonOptions

  @Flag(help: "Check what is staged instead of what lies on disk.")
  var staged = false

  @Flag(help: "Check apps of other, remote repositories as well: asks the network, keeps nothing.")
  var fetch = false

  @Option(
    help: .init(
      "Print an app's merged manifest, each value with the place it comes from.",
      valueName: "app"))
  var show: String?

  @Option(help: "How to print: text, json, sarif, or github for workflow annotations.")
  var format: ValidateFormat?

  func run() async throws {
    let settings = try options.settings()
    let format = try Settings.format(self.format, default: .text)
    let manifests = try WrittenManifests(path: path ?? settings.repository, settings: settings)
    if let show { return try manifests.show(show, format) }
    let formation = try await manifests.read(staged: staged, fetches: fetch)
    let errors = formation.diagnostics.filter { $0.severity == .error }
    switch format {
    case .text: Terminal.write(text(formation, staged ? [:] : manifests.sources(formation)))
    case .json: Terminal.write(DiagnosticJSON.document(formation).document)
    case .sarif: Terminal.write(DiagnosticSARIF.document(formation.diagnostics).document)
    case .github: Terminal.write(DiagnosticGitHub.render(formation.diagnostics))
    }
    if formation.apps.isEmpty, formation.rejected.isEmpty, formation.sources.isEmpty,
      errors.isEmpty
    {
      throw CommandFailure(
        .no, "there is no app in \(manifests.root)",
        fix: "an app is a folder under apps/ with a Procfile, app.yaml or app.json; "
          + "`muster init` writes a first one")
    }
    try end(errors.isEmpty ? .done : .no)
  }

  private func text(_ formation: DesiredFormation, _ sources: [String: String]) -> String {
    let diagnostics = formation.diagnostics.filter { !options.quiet || $0.severity == .error }
    let problems = DiagnosticText(style: Terminal.style, sources: sources).render(diagnostics)
    let types = formation.apps.map(\.processes.count).reduce(0, +)
    let counts = [
      Self.count(formation.apps.count, "app"), Self.count(types, "process type"),
    ].joined(separator: ", ")
    let rejected = formation.rejected.isEmpty ? "" : "; not valid: \(names(formation.rejected))"
    return problems + (options.quiet ? "" : "\(counts)\(rejected).\n")
  }

  private func names(_ rejected: [RejectedApp]) -> String {
    rejected.map(\.name.rawValue).joined(separator: ", ")
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
