// Words for how far the command of a release is.

package import FormationModel

/// Words for release commands.
package enum ReleasePhaseText {
  /// What has become of a release's command, after `release command`; nil while nothing has.
  package static func words(_ phase: ReleasePhase) -> String? {
    switch phase {
    case .pending, .live: nil
    case .begun: "begins"
    case .succeeded: "succeeded"
    case .failed(let failure): words(failure)
    }
  }

  /// `failed: exit 1`.
  package static func words(_ failure: ReleaseFailure) -> String {
    switch failure {
    case .exited(let exit): "failed: \(EndText.words(exit))"
    case .timedOut(let limit): "ran longer than \(DurationText.span(limit)) and was stopped"
    case .notStarted: "could not be started, and is not tried again"
    case .unknown: "may have run or not: nobody saw it end, and it is not run again by itself"
    }
  }
}
