// A look at what reconcile would do now: made, printed, perhaps saved. `plan` and
// `reconcile --dry-run` are this.

import ControlLoop
import Effects
import FormationModel
import GitSource
import Looping
import Planning
import Review

/// One plan for somebody to look at.
struct PlanLook {
  let settings: Settings
  /// Names of apps; none: all.
  let apps: [String]
  /// The file that it is saved to; nil: none.
  var out: String?
  /// Whether exit codes are Terraform's.
  var detailedExitcode = false

  /// Shows it and ends the command with the right code.
  func run() async throws {
    do {
      let session = try await PlatformSession.look(settings)
      let only = try AppNames.read(apps)
      let result = await session.plan(only: only, reading: true)
      guard let plan = result.plan else { throw CommandFailure(.unknown, "there is no plan") }
      if let problem = result.sourceProblem { try refuse(problem, plan) }
      try AppNames.check(only, among: plan)
      try await print(plan, session)
      if plan.isBlind { CommandFailure(blind: plan.blindness).print(isVerbose: false) }
      if let out { try await SavedPlanFile(path: out).write(result, session, only: only) }
      if result.sourceProblem != nil { try end(detailedExitcode ? .no : .unknown) }
      try end(status(plan, result.verdict == .unknown))
    } catch let failure as CommandFailure where detailedExitcode && failure.status == .unknown {
      throw failure.ending(.no)
    }
  }

  /// Says what is wrong with the repository, and where; ends the command when nothing runs of it.
  private func refuse(_ problem: SourceProblem, _ plan: Plan) throws {
    if plan.apps.isEmpty || settings.format == .text {
      Terminal.write(DiagnosticText(style: Terminal.style).render(problem.diagnostics))
    }
    guard plan.apps.isEmpty else { return }
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
