// When apps came to stand: what it costs them that others do not.

import FormationModel

/// An app stands.
package struct AppStanding: Hashable, Sendable {
  /// Its release.
  package let release: Int
  /// When, after the beginning.
  package let after: Duration
  /// How many plans Muster had made.
  package let passes: Int
}

extension Simulation {
  /// Notes that Muster says an app stands.
  mutating func noteStanding(_ app: AppName, _ convergence: Convergence) {
    report.standings[app, default: []].append(
      AppStanding(
        release: convergence.release, after: now - Scenario.beginning, passes: report.passes))
  }
}
