// The catalog in force, as people and as programs read it.

package import FormationModel

/// Names and prices of dyno types.
package enum DynoTypeText {
  /// `Standard-1X`: the way Heroku prints a size.
  package static func title(_ size: CatalogName) -> String {
    size.rawValue.split(separator: "-", omittingEmptySubsequences: false).enumerated()
      .map { index, part in
        index > 0 && part.count <= 3
          ? part.uppercased() : part.prefix(1).uppercased() + part.dropFirst()
      }
      .joined(separator: "-")
  }

  /// `$25`, `$0.50`; `pool` when the monthly pool pays; empty when unknown.
  static func price(_ cents: Int?) -> String {
    guard let cents else { return "" }
    if cents == 0 { return "pool" }
    let fraction = cents % 100
    return "$\(cents / 100)"
      + (fraction == 0 ? "" : fraction < 10 ? ".0\(fraction)" : ".\(fraction)")
  }
}

/// Renders the catalog as text.
package struct CatalogText: Sendable {
  /// Colour or not.
  package var style: TextStyle

  /// Makes a renderer.
  package init(style: TextStyle = .plain) { self.style = style }

  /// Dyno types, stacks and add-on services, each as a table.
  package func render(_ catalog: Catalog) -> String {
    [dynoTypes(catalog), stacks(catalog), addOns(catalog)].filter { !$0.isEmpty }
      .map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func dynoTypes(_ catalog: Catalog) -> [String] {
    var table = TextTable()
    table.add(
      ["SIZE", "TIER", "MEMORY", "KILLED AT", "CPU", "PROCESSES", "SLEEPS", "PER MONTH*"]
        .map { .init($0) })
    for type in Self.sorted(catalog.dynoTypes.values) {
      table.add([
        .init(type.name.rawValue), .init(type.tier.rawValue),
        .init(BytesText.words(type.memoryBytes)), .init(BytesText.words(type.memoryKillBytes)),
        .init(cpu(type)), .init("\(type.processLimit)"), .init(type.sleeps ? "yes" : "no"),
        .init(DynoTypeText.price(type.monthlyCents)),
      ])
    }
    var notes = ["* Heroku list price"]
    if catalog.dynoTypes.values.contains(where: { $0.dedicatedCores != nil }) {
      notes.append("** Of its own, where the machine has as many")
    }
    return [style("=== Dyno types", .strong)] + table.lines(style) + notes
  }

  private func cpu(_ type: DynoType) -> String {
    let share = "\(type.cpuShare)x shared"
    return type.dedicatedCores.map { "\(share), \(Count.of($0, "core"))**" } ?? share
  }

  private func stacks(_ catalog: Catalog) -> [String] {
    var table = TextTable()
    table.add([.init("STACK"), .init("FROM"), .init("SHELL")])
    for stack in catalog.stacks.values.sorted(by: { $0.name < $1.name }) {
      table.add([
        .init(stack.name.rawValue), .init(Self.words(stack.source)), .init(stack.shell),
      ])
    }
    return [style("=== Stacks", .strong)] + table.lines(style)
  }

  private func addOns(_ catalog: Catalog) -> [String] {
    guard !catalog.addOns.isEmpty else { return [] }
    var table = TextTable()
    table.add([.init("SERVICE"), .init("CONFIG"), .init("KEEPS DATA"), .init("PLANS")])
    for service in catalog.addOns.values.sorted(by: { $0.name < $1.name }) {
      table.add([
        .init(service.name.rawValue), .init("\(service.configPrefix)_…"),
        .init(service.holdsData ? "yes" : "no"),
        .init(service.plans.map(\.name.rawValue).joined(separator: ", ")),
      ])
    }
    return [style("=== Add-on services", .strong)] + table.lines(style)
  }

  static func words(_ source: Stack.Source) -> String {
    switch source {
    case .folder(let path): "folder \(path)"
    case .archive(let path): "archive \(path)"
    case .debian(let suite, let packages): "Debian \(suite), \(Count.of(packages.count, "package"))"
    case .busybox: "static busybox"
    }
  }

  /// By tier as Heroku lists them, then by memory, then by name.
  static func sorted(_ types: some Collection<DynoType>) -> [DynoType] {
    let tiers = DynoType.Tier.allCases
    return types.sorted { left, right in
      let ranks = (tiers.firstIndex(of: left.tier) ?? 0, tiers.firstIndex(of: right.tier) ?? 0)
      return (ranks.0, left.memoryBytes, left.name) < (ranks.1, right.memoryBytes, right.name)
    }
  }
}
