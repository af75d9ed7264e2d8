// Looks up what a formation refers to: slug and stack digests, fingerprints of config vars. After this
// the planner has everything as values.

package import Effects
package import FormationModel

/// Resolves formations. Stacks are looked up once per formation.
package struct FormationResolver: Sendable {
  let digests: any Digesting
  let stacks: any StackResolving

  /// Makes a resolver.
  package init(digests: any Digesting, stacks: any StackResolving) {
    self.digests = digests
    self.stacks = stacks
  }

  /// The formation with every reference looked up; what cannot be looked up holds its own app only.
  package func resolve(_ sourced: SourcedFormation) async -> ResolvedFormation {
    let formation = sourced.formation
    var known: [CatalogName: Result<StackReference, EffectFailure>] = [:]
    var apps: [ResolvedApp] = []
    for app in formation.apps {
      let stack = await resolve(app.stack, formation.platform.catalog, &known)
      apps.append(resolve(app, stack: stack, slug: sourced.slugs[app.name]))
    }
    return ResolvedFormation(
      revision: formation.revision, platform: formation.platform, apps: apps,
      rejected: formation.rejected, consents: sourced.consents)
  }

  private func resolve(
    _ name: CatalogName, _ catalog: Catalog,
    _ known: inout [CatalogName: Result<StackReference, EffectFailure>]
  ) async -> Result<StackReference, EffectFailure> {
    if let result = known[name] { return result }
    let result: Result<StackReference, EffectFailure>
    if let stack = catalog.stacks[name] {
      do throws(EffectFailure) {
        result = .success(try await stacks.resolve(stack))
      } catch {
        result = .failure(error)
      }
    } else {
      result = .failure(
        EffectFailure(
          "unknown-stack", "stack \(name) is not in the catalog", retry: .withNewContent))
    }
    known[name] = result
    return result
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
