// muster plan: desired against the live machine. Changes nothing.

import ArgumentParser
import ControlLoop
import Effects
import FormationModel
import GitSource
import Looping
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
    let settings = try options.settings()
    do {
      let session = try await PlatformSession.look(settings)
      let only = try AppNames.read(app)
      let result = await session.plan(only: only, reading: true)
      guard let plan = result.plan else { throw CommandFailure(.unknown, "there is no plan") }
      if let problem = result.sourceProblem { try refuse(problem, plan) }
      try AppNames.check(only, among: plan)
      try await print(plan, session)
      if let out { try await SavedPlanFile(path: out).write(result, session, only: only) }
      if result.sourceProblem != nil { try end(detailedExitcode ? .no : .unknown) }
      try end(status(plan, result.verdict == .unknown))
    } catch let failure as CommandFailure where detailedExitcode && failure.status == .unknown {
      throw failure.ending(.no)
    }
  }

  private func refuse(_ problem: SourceProblem, _ plan: Plan) throws {
    guard plan.apps.isEmpty else { return }
    Terminal.write(DiagnosticText(style: Terminal.style).render(problem.diagnostics))
    throw CommandFailure(problem)
  }

  private func print(_ plan: Plan, _ session: PlatformSession) async throws {
    if session.settings.format == .json {
      Terminal.say(PlanJSON.document(plan).document)
      return
    }
    var text = PlanText()
    text.style = Terminal.style
    text.provenance = await session.provenance(of: plan)
    text.clock = Terminal.clock
    Terminal.write(text.render(plan))
    let uncommitted = await session.source.uncommittedChanges()
    if !uncommitted.isEmpty && !session.settings.isQuiet {
      Terminal.complain(
        "Not committed, so not in this plan: \(uncommitted.joined(separator: ", "))")
    }
  }

  private func status(_ plan: Plan, _ isUnknown: Bool) -> ExitStatus {
    let isInvalid = plan.apps.contains { !$0.errors.isEmpty }
    if detailedExitcode {
      if isUnknown || isInvalid { return .no }
      return plan.changes.isEmpty ? .done : .unknown
    }
    if isUnknown { return .unknown }
    return isInvalid ? .no : .done
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
