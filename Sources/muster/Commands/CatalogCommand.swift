// muster catalog: the dyno types, stacks and add-on services in force.

import ArgumentParser
import Effects
import FormationModel
import GitSource
import ManifestParsing
import Review

struct CatalogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog",
    abstract: "List the dyno types, stacks and add-on services in force.",
    discussion: """
      What ships with Muster, with the platform's own entries laid over it when there is a \
      repository. Prices are Heroku's list prices.
      """)

  @OptionGroup var options: CommonOptions

  @Option(help: "How to print: text for people, json for programs. [MUSTER_FORMAT]")
  var format: OutputFormat?

  func run() async throws {
    let settings = try options.settings()
    let format = try Settings.format(self.format, default: .text)
    let catalog = try await catalog(settings)
    switch format {
    case .text: Terminal.write(CatalogText(style: Terminal.style).render(catalog))
    case .json: Terminal.write(CatalogJSON.document(catalog).document)
    }
  }

  private func catalog(_ settings: Settings) async throws -> Catalog {
    let here = GitFormationSource.enclosingRepository(of: Composition.currentFolder)
    guard settings.repository != nil || here != nil else { return ShippedCatalog.catalog }
    let mirrors = try settings.repository.flatMap { $0.contains("://") ? try MirrorFolder() : nil }
    defer { mirrors?.remove() }
    let source = try settings.source(mirrors: mirrors?.path, others: .inPlace)
    // A remote repository has no HEAD here: its default branch stands for it.
    let isRemote = mirrors != nil && settings.ref == nil
    let reading =
      isRemote
      ? await source.read(inForce: nil) : await source.formation(at: settings.ref ?? "HEAD")
    switch reading {
    case .formation(let sourced): return sourced.formation.platform.catalog
    case .problem(let problem) where problem.kind == .emptyRepository:
      return ShippedCatalog.catalog
    case .problem(let problem): throw CommandFailure(problem)
    }
  }
}
