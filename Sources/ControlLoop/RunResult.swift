// How a run of the loop ended.

package import Effects
package import FormationModel
package import Looping
package import Planning

/// How a run ended.
package struct RunResult: Sendable {
  /// The loop's verdict; nil when the run was cancelled before there was one.
  package let verdict: RunVerdict?
  /// The last plan; nil when there was none.
  package let plan: Plan?
  /// What git asks for; nil when that is not known.
  package let formation: ResolvedFormation?
  /// Why the repository could not be taken; nil when it could.
  package let sourceProblem: SourceProblem?

  /// Makes a result.
  package init(
    verdict: RunVerdict?, plan: Plan?, formation: ResolvedFormation?,
    sourceProblem: SourceProblem?
  ) {
    self.verdict = verdict
    self.plan = plan
    self.formation = formation
    self.sourceProblem = sourceProblem
  }
}
