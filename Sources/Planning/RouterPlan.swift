// What is done about the router as a whole.

package import FormationModel

/// The router is not as it ought to be.
package struct RouterPlan: Hashable, Codable, Sendable {
  /// Where it is to listen; nil: nobody needs it, and it is to end.
  package let entry: RouterEntry?
  /// Of how many apps it is to have the routes.
  package let apps: Int
  /// What is done now; nil when it is under way, or has to wait.
  package var step: Step?
  /// Why it could not be done; nil when it was not tried, or nobody knows.
  package var failure: EffectFailure?
}
