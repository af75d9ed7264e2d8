// What dyno types, stacks and add-on services exist: data, extended by the platform.

/// The catalog in force: what ships with Muster plus the platform's own entries.
package struct Catalog: Hashable, Codable, Sendable {
  /// Dyno types by name.
  package var dynoTypes: [CatalogName: DynoType]
  /// Stacks by name.
  package var stacks: [CatalogName: Stack]
  /// Add-on services by name (`heroku-postgresql`), each with its plans.
  package var addOns: [CatalogName: AddOnService]

  /// Makes a catalog.
  package init(
    dynoTypes: [CatalogName: DynoType] = [:], stacks: [CatalogName: Stack] = [:],
    addOns: [CatalogName: AddOnService] = [:]
  ) {
    self.dynoTypes = dynoTypes
    self.stacks = stacks
    self.addOns = addOns
  }
}

/// A dyno type: what a container of that size gets, and Heroku's rules for it.
package struct DynoType: Hashable, Codable, Sendable {
  /// Heroku's commercial tiers.
  package enum Tier: String, Codable, Sendable, CaseIterable {
    case eco, basic, standard, performance, `private`
  }

  /// Its name, `standard-1x`.
  package let name: CatalogName
  /// The tier its rules come from.
  package let tier: Tier
  /// Memory in bytes.
  package let memoryBytes: Int64
  /// Memory with swap, in bytes, at which the dyno is killed (R15).
  package let memoryKillBytes: Int64
  /// CPU weight relative to one shared standard-1x dyno (1).
  package let cpuShare: Int
  /// Cores of its own; nil when it shares the machine's.
  package let dedicatedCores: Int?
  /// Processes and threads at most.
  package let processLimit: Int
  /// Whether it sleeps without web traffic.
  package let sleeps: Bool
  /// Heroku's list price in US cents a month; nil when unknown, 0 when the pool pays (eco).
  package let monthlyCents: Int?

  /// Makes a dyno type.
  package init(
    name: CatalogName, tier: Tier, memoryBytes: Int64, memoryKillBytes: Int64, cpuShare: Int,
    dedicatedCores: Int?, processLimit: Int, sleeps: Bool, monthlyCents: Int?
  ) {
    self.name = name
    self.tier = tier
    self.memoryBytes = memoryBytes
    self.memoryKillBytes = memoryKillBytes
    self.cpuShare = cpuShare
    self.dedicatedCores = dedicatedCores
    self.processLimit = processLimit
    self.sleeps = sleeps
    self.monthlyCents = monthlyCents
  }
}

/// A stack: the read-only root file system that every dyno of an app starts from.
package struct Stack: Hashable, Codable, Sendable {
  /// Where its files come from.
  package enum Source: Hashable, Codable, Sendable {
    /// A folder on the machine that holds a root file system.
    case folder(path: String)
    /// A tar archive (plain, gzip, xz or zstd) on the machine.
    case archive(path: String)
    /// Debian packages, put together by mmdebstrap.
    case debian(suite: String, packages: [String])
    /// A static busybox with its applets: small enough for tests and one-command dynos.
    case busybox
  }

  /// Its name, `debian-12`.
  package let name: CatalogName
  /// Where its files come from.
  package let source: Source
  /// The shell that runs a dyno's command, `/bin/sh`.
  package let shell: String

  /// Makes a stack.
  package init(name: CatalogName, source: Source, shell: String) {
    self.name = name
    self.source = source
    self.shell = shell
  }
}

/// An add-on service of the catalog.
package struct AddOnService: Hashable, Codable, Sendable {
  /// Its name, `heroku-postgresql`.
  package let name: CatalogName
  /// The prefix of its config vars, `DATABASE`.
  package let configPrefix: String
  /// Whether it holds data that must outlive its manifest entry.
  package let holdsData: Bool
  /// Plans, smallest first.
  package let plans: [AddOnPlan]

  /// Makes a service.
  package init(name: CatalogName, configPrefix: String, holdsData: Bool, plans: [AddOnPlan]) {
    self.name = name
    self.configPrefix = configPrefix
    self.holdsData = holdsData
    self.plans = plans
  }
}

/// A plan of an add-on service.
package struct AddOnPlan: Hashable, Codable, Sendable {
  /// Its name within the service, `essential-0`.
  package let name: CatalogName
  /// Heroku's list price in US cents a month; nil when unknown.
  package let monthlyCents: Int?

  /// Makes a plan.
  package init(name: CatalogName, monthlyCents: Int?) {
    self.name = name
    self.monthlyCents = monthlyCents
  }
}
