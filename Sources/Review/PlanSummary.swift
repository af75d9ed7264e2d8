// What a plan comes to, in numbers and in the last line that everyone greps for.

package import FormationModel
package import Planning

/// The counts of a plan.
package struct PlanSummary: Hashable, Sendable {
  /// Dynos that start.
  package private(set) var start = 0
  /// Dynos that stop.
  package private(set) var stop = 0
  /// Dynos that are replaced.
  package private(set) var replace = 0
  /// Releases that are recorded.
  package private(set) var release = 0
  /// Apps whose routes change.
  package private(set) var routes = 0
  /// Whether the router itself has to be made to run.
  package private(set) var opensRouter = false
  /// Holds.
  package private(set) var held = 0
  /// Apps whose manifests are not valid.
  package private(set) var invalid = 0
  /// Apps of which nobody knows what runs.
  package private(set) var unknown = 0
  /// Apps of which nobody knows what git asks for: they stay as they were.
  package private(set) var kept = 0
  private let revision: RevisionID?

  /// Counts a plan.
  package init(_ plan: Plan) {
    self.init(plan.changes, revision: plan.revision)
    held = plan.holds.count
    opensRouter = plan.router != nil
    invalid = plan.apps.count { !$0.errors.isEmpty }
    unknown = plan.apps.count { $0.sync.reason == .runtimeUnavailable }
    kept = plan.apps.count { $0.sync.reason == .sourceProblem }
  }

  /// Counts changes alone.
  package init(_ changes: [Change], revision: RevisionID?, held: Int = 0, invalid: Int = 0) {
    self.revision = revision
    self.held = held
    self.invalid = invalid
    for change in changes {
      switch change.action {
      case .start: start += 1
      case .stop: stop += 1
      case .replace: replace += 1
      case .release: release += 1
      case .route: routes += 1
      }
    }
  }

  /// Whether there is nothing to do and nothing to say.
  package var isEmpty: Bool {
    start + stop + replace + release + routes + held + invalid + unknown + kept == 0
      && !opensRouter
  }

  /// `Plan: 1 to start, 0 to stop, 6 to replace. Also: 1 held.`, or
  /// `No changes. Formation matches 4e8d2a7.`
  package var line: String {
    guard !isEmpty else {
      return "No changes. Formation matches \(revision?.short ?? "the working tree")."
    }
    let also = also
    return counts + (also.isEmpty ? "" : " Also: \(also.joined(separator: "; ")).")
  }

  /// `Plan: 1 to start, 0 to stop, 6 to replace.`
  package var counts: String {
    "Plan: \(start) to start, \(stop) to stop, \(replace) to replace."
  }

  private var also: [String] {
    var parts: [String] = []
    if release > 0 { parts.append(Count.of(release, "release")) }
    if routes > 0 { parts.append("routes of \(Count.of(routes, "app"))") }
    if opensRouter { parts.append("the router") }
    if held > 0 { parts.append("\(held) held") }
    if invalid > 0 { parts.append("\(Count.of(invalid, "app")) not valid") }
    if unknown > 0 {
      parts.append("\(Count.of(unknown, "app")) unknown, no answer from the runtime")
    }
    if kept > 0 {
      parts.append(
        "\(Count.of(kept, "app")) as \(kept == 1 ? "it was" : "they were"), "
          + "the repository could not be taken")
    }
    return parts
  }
}
