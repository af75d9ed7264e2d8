// Words for what a plan waits for.

package import FormationModel
package import Planning

/// Words for waits.
package enum WaitText {
  /// What is waited for, in a few words.
  package static func words(_ cause: Wait.Cause) -> String {
    switch cause {
    case .content(let name): "\(name) is being made ready"
    case .boot: "has to become healthy"
    case .unwell(_, let probe?): "was healthy, now fails its check: \(ProbeText.words(probe))"
    case .unwell(_, nil): "was healthy, now fails its check"
    case .draining: "ends the requests that it has"
    case .stopping: "is stopping"
    case .backoff(let exit, let count): "crashed: \(EndText.words(exit, count: count))"
    case .turn: "other dynos of its type go first"
    case .dependency(let app): "\(app) has to be healthy first"
    case .retry(let failure): "failed: \(failure.message)"
    case .underWay: "a step is under way"
    case .command(let id) where id.kind == .release: "the release command is at work"
    case .command(let id) where id.slot.process == .run: "\(id.slot.dynoName) starts, or is ending"
    case .command: "the postdeploy script is at work"
    case .unproven: "nobody can tell whether something still runs here"
    }
  }

  /// `until 3m 40s at the latest`, `next try in 40s`; nil when nobody knows.
  package static func due(_ wait: Wait, now: LoopTime) -> String? {
    guard let until = wait.until else { return nil }
    let span = DurationText.span(until - now)
    return switch wait.cause {
    case .backoff: "next start in \(span)"
    case .retry: "next try in \(span)"
    case .content, .boot, .unwell, .draining, .stopping, .turn, .dependency, .underWay, .unproven,
      .command:
      "at most \(span) more"
    }
  }

  /// A stable name for programs.
  package static func code(_ cause: Wait.Cause) -> String {
    switch cause {
    case .content: "content"
    case .boot: "boot"
    case .unwell: "unwell"
    case .draining: "draining"
    case .stopping: "stopping"
    case .backoff: "backoff"
    case .turn: "turn"
    case .dependency: "dependency"
    case .retry: "retry"
    case .underWay: "under-way"
    case .unproven: "unproven"
    case .command(let id) where id.slot.process == .run: "one-off"
    case .command(let id): id.kind == .release ? "release-command" : "postdeploy"
    }
  }
}
