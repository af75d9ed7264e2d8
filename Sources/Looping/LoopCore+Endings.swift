// What the planner is told, and how a run that ends is judged.

package import FormationModel
package import Planning

extension LoopCore {
  /// Everything the planner needs besides what is asked, seen and remembered.
  func context(_ now: LoopTime) -> PlanningContext {
    let catalog = desired?.platform.catalog ?? memory.platform?.catalog ?? options.catalog
    var context = PlanningContext(
      now: now, catalog: catalog, limits: options.limits, seed: options.seed)
    context.health = health
    context.underWay = Set(underWay.values.map(\.operation.subject))
    context.setbacks = setbacks.all
    context.sourceHold = sourceHold
    context.router = options.router
    context.only = options.only
    context.cycles = options.cycles
    return context
  }
}

extension Plan {
  /// How a run ends here, if it does: nothing may be done for the apps that are acted on (nil:
  /// all), and what is waited for lasts too long.
  package func ending(only: Set<AppName>?) -> RunVerdict? {
    if isBlind { return .unknown }
    guard concerned(only).allSatisfy(\.waitsOutlastARun) else { return nil }
    return verdict(only: only)
  }

  /// The worst that is true of the apps that are acted on; nil: all.
  package func verdict(only: Set<AppName>?) -> RunVerdict {
    if isBlind { return .unknown }
    let apps = concerned(only)
    let fails = apps.contains { !$0.errors.isEmpty || $0.health.value == .degraded }
    if fails { return .failed }
    if !platformHolds.isEmpty || apps.contains(where: { !$0.holds.isEmpty }) { return .held }
    if router?.failure != nil { return .failed }
    let converged =
      router == nil
      && apps.allSatisfy { $0.changes.isEmpty && $0.waits.isEmpty && $0.next.isEmpty }
    return converged ? .converged : .failed
  }

  private func concerned(_ only: Set<AppName>?) -> [AppPlan] {
    apps.filter { only?.contains($0.app) ?? true }
  }
}

extension AppPlan {
  /// Whether what is waited for lasts too long for a run; a turn lasts as long as what has it.
  fileprivate var waitsOutlastARun: Bool {
    waits.allSatisfy { wait in
      wait.outlastsARun
        || (wait.cause == .turn
          && waits.contains { $0.outlastsARun && $0.slot?.process == wait.slot?.process })
    }
  }
}

extension Operation {
  /// Whether a pass goes on without its end.
  var takesLong: Bool {
    switch self {
    case .prepareStack, .prepareSlug: true
    // It waits for whoever asked for it, who may be gone.
    case .start(let spec): spec.session != nil
    case .remember, .generateSecrets, .stop, .kill, .remove, .openRouter, .route: false
    }
  }
}
