// The names that simulations use: a small catalog, a few apps and process types.

package import FormationModel

/// What simulated platforms are made of.
package enum SimulatedCatalog {
  /// Apps, in alphabetical order.
  package static let apps = [
    "alder", "birch", "cedar", "elder", "hazel", "maple", "rowan", "willow",
  ]
  .compactMap(AppName.init(rawValue:))
  /// Process types: web and two that are replaced stop-first.
  package static let types =
    [ProcessType.web]
    + ["clock", "worker"]
    .compactMap(ProcessType.init(rawValue:))
  /// Sizes: two whose web is replaced start-first, two whose web is not.
  package static let sizes = ["standard-1x", "standard-2x", "basic", "eco"].compactMap(
    CatalogName.init(rawValue:))
  /// Stacks.
  package static let stacks = ["busybox", "debian-12"].compactMap(CatalogName.init(rawValue:))
  /// Config vars.
  package static let keys = ["GREETING", "LEVEL"].compactMap(ConfigKey.init(rawValue:))
  /// A config var whose value is generated.
  package static let secretKey = ConfigKey(rawValue: "SESSION_SECRET")

  /// The platform that every simulated commit has.
  package static let platform: Platform = {
    var platform = Platform(catalog: catalog)
    platform.releasesKept = 4
    return platform
  }()

  private static let catalog: Catalog = {
    var catalog = Catalog()
    for name in stacks {
      catalog.stacks[name] = Stack(name: name, source: .busybox, shell: "/bin/sh")
    }
    for name in sizes {
      let tier: DynoType.Tier =
        switch name.rawValue {
        case "eco": .eco
        case "basic": .basic
        default: .standard
        }
      catalog.dynoTypes[name] = DynoType(
        name: name, tier: tier, memoryBytes: 512 << 20, memoryKillBytes: 1 << 30, cpuShare: 1,
        dedicatedCores: nil, processLimit: 256, sleeps: tier == .eco, monthlyCents: 700)
    }
    return catalog
  }()
}
