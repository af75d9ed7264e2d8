// A small catalog of the tests' own, so that prices and plans can change without them.

import FormationModel

extension Catalog {
  /// One dyno type per rule, three stacks, two add-on services.
  static var test: Catalog {
    var catalog = Catalog()
    let sizes: [(String, DynoType.Tier)] = [
      ("eco", .eco), ("basic", .basic), ("standard-1x", .standard), ("standard-2x", .standard),
      ("performance-m", .performance), ("performance-l", .performance), ("private-s", .private),
    ]
    for (text, tier) in sizes {
      guard let name = CatalogName(rawValue: text) else { continue }
      catalog.dynoTypes[name] = DynoType(
        name: name, tier: tier, memoryBytes: 512 << 20, memoryKillBytes: 1 << 30, cpuShare: 1,
        dedicatedCores: nil, processLimit: 256, sleeps: tier == .eco, monthlyCents: nil)
    }
    for text in ["busybox", "debian-12", "debian-13"] {
      guard let name = CatalogName(rawValue: text) else { continue }
      catalog.stacks[name] = Stack(name: name, source: .busybox, shell: "/bin/sh")
    }
    catalog.add("heroku-postgresql", "DATABASE", ["essential-0", "standard-0"])
    catalog.add("heroku-redis", "REDIS", ["mini", "premium-0"])
    return catalog
  }

  private mutating func add(_ text: String, _ prefix: String, _ plans: [String]) {
    guard let name = CatalogName(rawValue: text) else { return }
    addOns[name] = AddOnService(
      name: name, configPrefix: prefix, holdsData: true,
      plans: plans.compactMap { CatalogName(rawValue: $0) }
        .map { AddOnPlan(name: $0, monthlyCents: nil) })
  }
}
