// What a revision asks of one app, after merging and validation. What the user wrote is immutable.

/// One app as a revision asks for it.
package struct DesiredApp: Hashable, Codable, Sendable {
  /// Its name.
  package var name: AppName
  /// Former names; data, releases and secrets move along.
  package var formerNames: [AppName] = []
  /// Its folder in the repository, without a trailing slash; empty for the root.
  package var folder: String
  /// Where its manifests come from; nil: the commit of the platform itself.
  package var source: AppSource?
  /// The stack its dynos start from.
  package var stack: CatalogName
  /// The folder of the repository whose files are laid at `/app`; empty for the root.
  package var slugFolder: String
  /// The repository of that folder; nil: the one that the manifests are from.
  package var slugSource: AppSource?
  /// Config vars by hand, sorted by key.
  package var config: [ConfigEntry] = []
  /// Process types, sorted by name.
  package var processes: [DesiredProcess] = []
  /// How a new release replaces running dynos.
  package var rollout = RolloutPolicy()
  /// How long the release command may take; nil: an hour.
  package var releaseTimeout: Duration?
  /// The command that runs once, after the app has stood for the first time; nil: none.
  package var postdeploy: String?
  /// Hosts that the router sends to this app, besides its default one.
  package var domains: [String] = []
  /// How its requests are handed on; nil: as on Heroku.
  package var routing: RoutingSettings?
  /// Apps that must be healthy before this app's changes.
  package var dependsOn: [AppName] = []
  /// What is held by the manifest's own wish.
  package var suspension = Suspension.none
  /// Whether visitors see the maintenance page.
  package var maintenance = false
  /// Times in which what a new commit asks for waits; nil: none, as an earlier Muster wrote it.
  package var windows: [DeployWindow]?
  /// What happens to data when the app or an add-on leaves git.
  package var deletion = DeletionPolicy.retain
  /// What the manifest asks for and this version cannot do, where leaving it out would be wrong.
  package var unsupported: [UnsupportedField] = []
  /// Required config vars without a value.
  package var missingConfig: [ConfigKey] = []
  /// Where each field was written; takes no part in equality.
  package var marks = FieldMarks()

  /// Makes an app whose slug is its own folder.
  package init(name: AppName, folder: String, stack: CatalogName) {
    self.name = name
    self.folder = folder
    self.stack = stack
    slugFolder = folder
  }

  /// Where its slug comes from; nil: the commit of the platform itself.
  package var slugOrigin: AppSource? { slugSource ?? source }

  /// The process type of that name; nil when the app has none.
  package func process(_ type: ProcessType) -> DesiredProcess? {
    processes.first { $0.type == type }
  }
}

/// One process type of an app's formation.
package struct DesiredProcess: Hashable, Codable, Sendable {
  /// Its name.
  package var type: ProcessType
  /// The command, as the Procfile has it; the stack's shell runs it.
  package var command: String
  /// How many dynos.
  package var quantity: Int
  /// The dyno type of each.
  package var size: CatalogName
  /// How to tell that a dyno of it works.
  package var healthcheck = Healthcheck()
  /// How long a dyno other than web must live to count as healthy. Nomad's default: 10 s.
  package var minHealthy: Duration = .seconds(10)
  /// Time between SIGTERM and SIGKILL. Heroku: 30 s.
  package var stopTimeout: Duration = .seconds(30)
  /// Whether a new dyno may run beside the one it replaces. Web has the rollout strategy instead.
  package var overlap = false
  /// A raw TCP port for a type other than web; nil for none.
  package var tcpPort: Int?

  /// Makes a process type with Heroku's defaults.
  package init(type: ProcessType, command: String, quantity: Int, size: CatalogName) {
    self.type = type
    self.command = command
    self.quantity = quantity
    self.size = size
  }
}

/// How to tell that a dyno works.
package struct Healthcheck: Hashable, Codable, Sendable {
  /// HTTP path that must answer 2xx or 3xx twice in a row; nil: the port being bound is enough.
  package var path: String?
  /// Time between two checks.
  package var interval: Duration = .seconds(2)
  /// Time for one check.
  package var timeout: Duration = .seconds(2)
  /// How long a dyno that was healthy may fail its checks before it is replaced; nil: for good, it
  /// is only taken out of the router.
  package var restartAfter: Duration?
  /// Time until a new dyno must be healthy. Heroku: 60 s (R10).
  package var bootTimeout: Duration = .seconds(60)

  /// Makes a check with the defaults.
  package init() {}
}

/// How a new release replaces the running dynos of `web`. Other types go stop-first, one at a time.
package struct RolloutPolicy: Hashable, Codable, Sendable {
  /// The order of starting and stopping.
  package enum Strategy: String, Codable, Sendable, CaseIterable {
    /// Start new, wait until healthy, then stop old.
    case preboot
    /// Stop and start a few at a time.
    case rolling
    /// Stop all, then start all.
    case recreate
  }

  /// The strategy; nil: the default of the dyno type's tier (preboot from standard up, else
  /// recreate).
  package var strategy: Strategy?
  /// Dynos above the quantity during a preboot, in percent of it (rounded up, at least one).
  package var maxSurgePercent = 25
  /// Dynos missing at once during a rolling replace, in percent (rounded up, at least one).
  package var maxUnavailablePercent = 25
  /// Whether a release whose dynos do not get healthy is left for the last one that stood.
  package var autoRevert = false

  /// Makes a policy with the defaults.
  package init() {}

  /// Reads a policy; one of a Muster that could not go back by itself does not.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    strategy = try fields.decodeIfPresent(Strategy.self, forKey: .strategy)
    maxSurgePercent = try fields.decode(Int.self, forKey: .maxSurgePercent)
    maxUnavailablePercent = try fields.decode(Int.self, forKey: .maxUnavailablePercent)
    autoRevert = try fields.decodeIfPresent(Bool.self, forKey: .autoRevert) ?? false
  }
}

/// What an app's manifest suspends.
package enum Suspension: String, Codable, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// What a new commit asks for; repair goes on.
  case deploys
  /// Everything.
  case everything
}

/// What happens to data when its owner leaves git.
package enum DeletionPolicy: String, Codable, Sendable, CaseIterable {
  case retain, snapshot, delete
}

/// Something a manifest asks for that this version cannot do.
package struct UnsupportedField: Hashable, Codable, Sendable {
  /// The field.
  package let field: FieldPath
  /// What it would have done, in a few words: `release command`.
  package let feature: String

  /// Makes an entry.
  package init(field: FieldPath, feature: String) {
    self.field = field
    self.feature = feature
  }
}
