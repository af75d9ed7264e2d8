// One word for how an app is, from its plan: the worst thing that is true of it.

import FormationModel

/// Judges an app's health.
struct HealthJudge {
  let part: AppPlan
  let goal: Goal?
  /// Whether the app never stood, so that there is nothing to go back to.
  let isFirst: Bool

  /// The health, with its reason.
  var status: HealthStatus {
    for wait in part.waits {
      switch wait.cause {
      case .backoff: return HealthStatus(.degraded, isFirst ? .firstReleaseFailed : .crashing)
      case .unwell: return HealthStatus(.degraded, .checkFailing)
      case .retry: return HealthStatus(.degraded, .stepFailing)
      case .content, .boot, .draining, .stopping, .turn, .dependency, .underWay, .unproven,
        .command:
        continue
      }
    }
    for change in part.changes {
      switch change.reason {
      case .bootTimeout:
        return HealthStatus(.degraded, isFirst ? .firstReleaseFailed : .bootTimeout)
      case .checkFailing: return HealthStatus(.degraded, .checkFailing)
      default: continue
      }
    }
    guard let goal else {
      return part.changes.isEmpty
        ? HealthStatus(.missing, .nothingRuns) : HealthStatus(.progressing, .rollingOut)
    }
    if !part.waits.isEmpty || !part.changes.isEmpty {
      return HealthStatus(.progressing, .rollingOut)
    }
    let wanted = goal.app.processes.reduce(0) { $0 + goal.slots(of: $1).count }
    return wanted == 0 ? HealthStatus(.healthy, .noDynos) : HealthStatus(.healthy, .allUp)
  }
}
