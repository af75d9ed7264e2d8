// Looks up what a formation refers to: slug and stack digests, fingerprints of config vars. After
// this the planner has everything as values.

package import Effects
package import FormationModel

/// Resolves formations. Stacks are looked up once per formation; a formation that is the same as
/// the last one, on the same stacks, is not resolved again.
package struct FormationResolver: Sendable {
  private typealias Stacks = [CatalogName: Result<StackReference, EffectFailure>]

  private let digests: any Digesting
  private let stacks: any StackResolving
  private var last: (sourced: SourcedFormation, stacks: Stacks, resolved: ResolvedFormation)?

  /// Makes a resolver.
  package init(digests: any Digesting, stacks: any StackResolving) {
    self.digests = digests
    self.stacks = stacks
  }

  /// The formation with every reference looked up; what cannot be looked up holds its own app only.
  package mutating func resolve(_ sourced: SourcedFormation) async -> ResolvedFormation {
    let formation = sourced.formation
    var known = Stacks()
    for name in Set(formation.apps.map(\.stack)) {
      known[name] = await look(up: name, in: formation.platform.catalog)
    }
    if let last, last.sourced == sourced, last.stacks == known { return last.resolved }
    let unknown = EffectFailure("unknown-stack", "unknown stack", retry: .withNewContent)
    let apps = formation.apps.map { app in
      resolve(
        app, stack: known[app.stack] ?? .failure(unknown), slug: sourced.slugs[app.name])
    }
    let resolved = ResolvedFormation(
      revision: formation.revision, platform: formation.platform, apps: apps,
      rejected: formation.rejected, sources: formation.sources, consents: sourced.consents)
    last = (sourced, known, resolved)
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

  private func resolve(
    _ app: DesiredApp, stack: Result<StackReference, EffectFailure>, slug: SlugResolution?
  ) -> ResolvedApp {
    switch (stack, slug) {
    case (.failure(let failure), _):
      return ResolvedApp(app: app, content: nil, problem: failure.message)
    case (_, .refused(let message)?):
      return ResolvedApp(app: app, content: nil, problem: message)
    case (_, nil):
      return ResolvedApp(app: app, content: nil, problem: "its slug could not be found")
    case (.success(let stack), .found(let slug)?):
      return ResolvedApp(app: app, content: content(of: app, slug: slug, stack: stack))
    }
  }

  private func content(
    of app: DesiredApp, slug: SlugReference, stack: StackReference
  ) -> ReleaseContent {
    let commands = app.processes.map { ReleaseCommand(type: $0.type, command: $0.command) }
    let config = app.config.map { entry in
      ReleaseConfigEntry(key: entry.key, source: entry.source, fingerprint: fingerprint(entry))
    }
    // Every part is counted, so that no two contents share a text.
    var text = "muster release 1\nslug \(slug.digest)\nstack \(stack.stack.name) \(stack.digest)\n"
    for command in commands {
      text += "command \(command.type) \(command.command.utf8.count) \(command.command)\n"
    }
    for entry in config { text += "env \(entry.key) \(entry.fingerprint)\n" }
    return ReleaseContent(
      digest: digests.digest(text), slug: slug, stack: stack, commands: commands, config: config)
  }

  private func fingerprint(_ entry: ConfigEntry) -> String {
    switch entry.source {
    case .literal(let value): digests.fingerprint(value)
    case .generated: "generated"
    case .secret(let name): "secret \(name)"
    }
  }
}
