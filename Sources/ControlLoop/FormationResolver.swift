// Looks up what a formation refers to: slug and stack digests, versions of secrets, fingerprints of
// config vars. After this the planner has everything as values.

package import Effects
package import FormationModel

/// Resolves formations. Stacks and secrets are looked up once per formation; a formation that is
/// the same as the last one, with the same stacks and secrets, is not resolved again.
package struct FormationResolver: Sendable {
  private typealias Stacks = [CatalogName: Result<StackReference, EffectFailure>]

  private let digests: any Digesting
  private let stacks: any StackResolving
  private let secrets: (any SecretKeeping)?
  private var last: (found: Found, resolved: ResolvedFormation)?

  /// Everything that a resolved formation is made of.
  private struct Found: Equatable {
    let sourced: SourcedFormation
    let standIns: [AppName: ReleaseContent]
    let stacks: Stacks
    /// What the secrets came to; nil when there is no store to look into.
    let secrets: Result<SecretLookup, EffectFailure>?
    /// Deploy windows, and the day for which their times are known; nil without any.
    let windows: Set<DeployWindow>
    let day: Int?
  }

  /// Makes a resolver. Without a store (a review, where no machine is asked) a secret is taken by
  /// its name.
  package init(
    digests: any Digesting, stacks: any StackResolving, secrets: (any SecretKeeping)? = nil
  ) {
    self.digests = digests
    self.stacks = stacks
    self.secrets = secrets
  }

  /// The formation with every reference looked up; what cannot be looked up holds its own app only.
  /// `standIns` is content of earlier releases, which gets its secrets as they are now; `windows`
  /// are deploy windows in force. Without a time (a review) nothing waits for a window.
  package mutating func resolve(
    _ sourced: SourcedFormation, standIns: [AppName: ReleaseContent] = [:],
    windows: Set<DeployWindow> = [], now: LoopTime? = nil
  ) async -> ResolvedFormation {
    let formation = sourced.formation
    var known = Stacks()
    for name in Set(formation.apps.map(\.stack)) {
      known[name] = await look(up: name, in: formation.platform.catalog)
    }
    let former = formation.apps.compactMap { app in standIns[app.name].map(app.as) }
    let windows = windows.union(formation.apps.flatMap { $0.windows ?? [] })
    let found = Found(
      sourced: sourced, standIns: standIns, stacks: known,
      secrets: await lookUpSecrets(of: formation.apps + former),
      windows: windows, day: windows.isEmpty ? nil : now.map(WeekCalendar.day))
    if let last, last.found == found { return last.resolved }
    let unknown = EffectFailure("unknown-stack", "unknown stack", retry: .withNewContent)
    let apps = formation.apps.map { app in
      var resolved = resolve(app, stack: known[app.stack] ?? .failure(unknown), found)
      resolved.standIn = standIns[app.name].flatMap { content in
        let former = app.as(content)
        return resolve(
          former, slug: content.slug, stack: content.stack, secrets: found.secrets
        ).content
      }
      return resolved
    }
    var resolved = ResolvedFormation(
      revision: formation.revision, platform: formation.platform, apps: apps,
      rejected: formation.rejected, sources: formation.sources, consents: sourced.consents)
    if let day = found.day { resolved.calendar = WeekCalendar.calendar(of: windows, around: day) }
    last = (found, resolved)
    return resolved
  }

  private func look(
    up name: CatalogName, in catalog: Catalog
  ) async -> Result<StackReference, EffectFailure> {
    guard let stack = catalog.stacks[name] else {
      return .failure(
        EffectFailure(
          "unknown-stack", "stack \(name) is not in the catalog", retry: .withNewContent))
    }
    do throws(EffectFailure) {
      return .success(try await stacks.resolve(stack))
    } catch {
      return .failure(error)
    }
  }

  private func lookUpSecrets(
    of apps: [DesiredApp]
  ) async -> Result<SecretLookup, EffectFailure>? {
    guard let secrets else { return nil }
    do throws(EffectFailure) {
      return .success(try await SecretLookup(of: apps, in: secrets, digests: digests))
    } catch {
      return .failure(error)
    }
  }

  private func resolve(
    _ app: DesiredApp, stack: Result<StackReference, EffectFailure>, _ found: Found
  ) -> ResolvedApp {
    switch (stack, found.sourced.slugs[app.name]) {
    case (.failure(let failure), _):
      return ResolvedApp(app: app, content: nil, problem: failure.message)
    case (_, .refused(let message)?):
      return ResolvedApp(app: app, content: nil, problem: message)
    case (_, nil):
      return ResolvedApp(app: app, content: nil, problem: "its slug could not be found")
    case (.success(let stack), .found(let slug)?):
      return resolve(app, slug: slug, stack: stack, secrets: found.secrets)
    }
  }

  private func resolve(
    _ app: DesiredApp, slug: SlugReference, stack: StackReference,
    secrets: Result<SecretLookup, EffectFailure>?
  ) -> ResolvedApp {
    let lookup: SecretLookup?
    switch secrets {
    case .success(let found): lookup = found
    case .failure(let failure) where app.config.contains(where: \.source.isSecret):
      return ResolvedApp(app: app, content: nil, problem: failure.message)
    case .failure, nil: lookup = nil
    }
    let config = ResolvedConfig(app, lookup, digests)
    if !config.problems.isEmpty {
      return ResolvedApp(app: app, content: nil, secretProblems: config.problems)
    }
    if let problem = config.sizeProblem {
      return ResolvedApp(app: app, content: nil, problem: problem)
    }
    return ResolvedApp(app: app, content: content(of: app, slug, stack, config.entries))
  }

  private func content(
    of app: DesiredApp, _ slug: SlugReference, _ stack: StackReference,
    _ config: [ReleaseConfigEntry]
  ) -> ReleaseContent {
    let commands = app.processes.map { ReleaseCommand(type: $0.type, command: $0.command) }
    // Every part is counted, so that no two contents share a text.
    var text = "muster release 1\nslug \(slug.digest)\nstack \(stack.stack.name) \(stack.digest)\n"
    for command in commands {
      text += "command \(command.type) \(command.command.utf8.count) \(command.command)\n"
    }
    for entry in config { text += "env \(entry.key) \(entry.fingerprint)\n" }
    return ReleaseContent(
      digest: digests.digest(text), slug: slug, stack: stack, commands: commands, config: config)
  }
}

extension DesiredApp {
  /// The app with the commands and config vars of an earlier release.
  fileprivate func `as`(_ content: ReleaseContent) -> DesiredApp {
    var app = self
    app.config = content.config.map { ConfigEntry(key: $0.key, source: $0.source) }
    app.processes = content.commands.map {
      DesiredProcess(type: $0.type, command: $0.command, quantity: 0, size: .standardSize)
    }
    return app
  }
}
