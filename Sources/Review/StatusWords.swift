// Words for the reasons of sync and health. The same sentences stand in docs/reference/status.md.

package import Planning

/// Words for status reasons.
package enum StatusWords {
  /// Why an app is, or is not, what git asks for.
  package static func words(_ reason: SyncStatus.Reason) -> String {
    switch reason {
    case .matches: "what runs is what git asks for"
    case .overridden: "what runs is what git asks for, but for what is in force by hand"
    case .changesPending: "changes are on their way"
    case .invalidManifest: "the manifest is not valid; the last good formation stays"
    case .held: "a hold keeps what git asks for from being done"
    case .sourceProblem:
      "the repository that it comes from could not be taken; the last good commit stays in force"
    case .runtimeUnavailable: "the runtime could not be asked"
    }
  }

  /// Why an app is, or is not, well.
  package static func words(_ reason: HealthStatus.Reason) -> String {
    switch reason {
    case .allUp: "every wanted dyno is up"
    case .noDynos: "the formation asks for no dyno"
    case .rollingOut: "dynos are starting, stopping or being replaced"
    case .crashing: "a dyno dies again and again"
    case .bootTimeout: "a dyno does not become healthy within its boot limit"
    case .firstReleaseFailed:
      "the first release does not stand, and there is nothing to go back to"
    case .checkFailing: "a dyno that was healthy fails its check"
    case .stepFailing: "a step fails again and again"
    case .nothingRuns: "nothing of it runs, and nothing may start"
    case .suspendedByManifest: "the manifest says `suspend: everything`"
    case .suspendedByHand: "somebody said `muster suspend --everything`"
    case .runtimeUnavailable: "the runtime could not be asked"
    }
  }
}
