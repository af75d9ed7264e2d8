// What happens during a reconcile, one line per step that ended.

package import FormationModel
package import Planning

/// Renders steps that ended.
package struct ProgressText: Sendable {
  /// Colour or not.
  package var style: TextStyle

  /// Makes a renderer.
  package init(style: TextStyle = .plain) { self.style = style }

  /// `+ storefront web.1  v1  started after 0.4s`, without a line end; nil for steps that people do
  /// not follow (memory, tombstones) when they are done.
  package func line(_ step: Step, _ outcome: Outcome, after span: Duration) -> String? {
    switch outcome {
    case .done: doneLine(step, span)
    case .failed(let failure): failedLine(step, failure)
    }
  }

  /// `+ storefront web.1  v1  up after 0.4s`: a dyno became healthy that long after its start.
  package func upLine(_ instance: InstanceID, after span: Duration) -> String {
    row("+", .good, Self.subject(instance), "v\(instance.release)", "up after \(spelled(span))")
  }

  /// `! storefront worker.2  v1  crashed: exit 1`: a dyno ended by itself.
  package func endLine(_ instance: InstanceID, _ exit: InstanceExit, count: Int) -> String {
    let words = "crashed: \(EndText.words(exit, count: count))"
    return row("!", .bad, Self.subject(instance), "v\(instance.release)", words)
  }

  /// `! memory  nothing is done that is not written down: …`: the store refused.
  package func memoryLine(_ failure: EffectFailure) -> String {
    let words = "nothing is done that is not written down: \(failure.message)"
    return row("!", .bad, "memory", "", words) + Self.fix(failure)
  }

  private func doneLine(_ step: Step, _ span: Duration) -> String? {
    switch step.operation {
    case .remember(let changes): recorded(changes)
    case .generateSecrets(let secrets):
      row("»", .strong, owner(step), "", "\(Count.of(secrets.count, "secret")) made")
    case .prepareStack(let stack):
      row("»", .strong, "stack \(stack.stack.name)", "", "ready after \(spelled(span))")
    case .prepareSlug(let slug):
      row("»", .strong, "\(owner(step)) slug", slug.digest.short, "ready after \(spelled(span))")
    case .start(let spec):
      row(
        "+", .good, Self.subject(spec.id), "v\(spec.id.release)", "started after \(spelled(span))")
    case .stop(let id, let grace):
      row(
        "-", .bad, Self.subject(id), "v\(id.release)",
        "asked to stop, \(spelled(grace)) to do so" + cause(step.reason))
    case .kill(let id): row("-", .bad, Self.subject(id), "v\(id.release)", "killed (R12)")
    case .remove: nil
    case .openRouter(let table):
      row("→", .strong, "router", "", Self.words(table) + " after \(spelled(span))")
    case .route: nil
    }
  }

  private static func words(_ table: RouteTable) -> String {
    guard let entry = table.entry else { return "stopped" }
    let place = "\(entry.address):\(entry.http)"
    return "listens on \(place) for \(Count.of(table.apps.count, "app"))"
  }

  /// What is said here or nowhere: once the dyno has ended, all that is left of it is its exit
  /// code.
  private func cause(_ reason: Reason) -> String {
    guard case .bootTimeout = reason else { return "" }
    return ": \(ReasonText.words(reason))"
  }

  private func recorded(_ changes: [MemoryChange]) -> String? {
    let lines = changes.compactMap { change -> String? in
      guard case .record(let app, let release) = change else { return nil }
      return row("»", .strong, "\(app) release", "v\(release.number)", release.summary)
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private func failedLine(_ step: Step, _ failure: EffectFailure) -> String {
    let words = "\(Self.verb(step.operation)) failed: \(failure.message)"
    return row("!", .bad, subject(step), "", words) + Self.fix(failure)
  }

  private static func fix(_ failure: EffectFailure) -> String {
    failure.fix.map { "\n    \($0.escapingControls)" } ?? ""
  }

  private func subject(_ step: Step) -> String {
    switch step.operation {
    case .remember, .generateSecrets: owner(step)
    case .openRouter: "router"
    case .route: "\(owner(step)) routes"
    case .prepareStack(let stack): "stack \(stack.stack.name)"
    case .prepareSlug: "\(owner(step)) slug"
    case .start(let spec): Self.subject(spec.id)
    case .stop(let id, _), .kill(let id), .remove(let id): Self.subject(id)
    }
  }

  private func owner(_ step: Step) -> String { step.app?.rawValue ?? "platform" }

  private static func subject(_ id: InstanceID) -> String {
    [id.slot.app?.rawValue, id.slot.dynoName].compactMap { $0 }.joined(separator: " ")
  }

  private static func verb(_ operation: Planning.Operation) -> String {
    switch operation {
    case .remember: "remembering"
    case .generateSecrets: "making secrets"
    case .prepareStack, .prepareSlug: "making ready"
    case .start: "starting"
    case .stop: "stopping"
    case .kill: "killing"
    case .remove: "removing"
    case .openRouter: "making it run"
    case .route: "telling the router"
    }
  }

  private func spelled(_ span: Duration) -> String { DurationText.span(span) }

  private func row(
    _ sign: String, _ role: TextStyle.Role, _ subject: String, _ release: String, _ words: String
  ) -> String {
    [style("\(sign) \(subject)", role), release, words.escapingControls]
      .filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
