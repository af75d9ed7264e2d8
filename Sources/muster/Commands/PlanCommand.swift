// muster plan: desired against the live machine. Changes nothing.

import ArgumentParser
import FormationModel
import Planning
import Review

struct PlanCommand: ServedCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what reconcile would do now, and why. Changes nothing.",
    discussion: """
      Exit codes: 0, whether there are changes or not; 1 when something is not valid; 2 when it \
      could not be found out. With --detailed-exitcode as Terraform has it: 0 no changes, \
      2 changes, 1 an error.
      """)

  @OptionGroup var options: GlobalOptions

  @Option(name: [.customShort("a"), .long], help: "Only this app; may be given several times.")
  var app: [String] = []

  @Option(
    help: .init("Save the plan for `muster reconcile FILE`. Holds no secrets.", valueName: "file"))
  var out: String?

  @Flag(help: "0 no changes, 2 changes, 1 an error.")
  var detailedExitcode = false

  func run() async throws {
    try await PlanLook(
      settings: try options.settings(), apps: app, out: out, detailedExitcode: detailedExitcode
    ).run()
  }
}

/// App names of repeated `--app` options.
enum AppNames {
  /// Nil when none was given.
  static func read(_ names: [String]) throws -> Set<AppName>? {
    guard !names.isEmpty else { return nil }
    return Set(
      try names.map { text in
        guard let name = AppName(rawValue: text) else {
          throw CommandFailure(.usage, "\(text) is not an app's name")
        }
        return name
      })
  }

  /// Throws when one of them is no app of the plan.
  static func check(_ names: Set<AppName>?, among plan: Plan) throws {
    let known = plan.apps.map(\.app)
    guard let name = names?.subtracting(known).min() else { return }
    throw CommandFailure(
      .unknown, "there is no app \(name)",
      fix: known.isEmpty
        ? nil : "there are: \(known.map(\.rawValue).joined(separator: ", "))")
  }
}
