// The manifests that walks go through: each differs from the first one in a field or two.

import FormationModel

extension Walk {
  /// Everything that a manifest can say of a formation, one thing at a time.
  package static let everything = Walk(plain + quantities + contents + policies + platforms)

  private static func manifest(
    _ name: String, _ edit: (inout [SimulatedApp]) -> Void
  ) -> Manifest {
    let commit = Workload.Commit(name) { apps in
      for index in apps.indices {
        for place in apps[index].app.processes.indices {
          // A walk does not wait longer than it has to.
          apps[index].app.processes[place].minHealthy = .seconds(2)
        }
      }
      edit(&apps)
    }
    return Manifest(name: name, apps: commit.apps)
  }

  private static let plain = [manifest("plain") { _ in }]

  private static let quantities = [
    manifest("no web") { $0[0].app.processes[0].quantity = 0 },
    manifest("one web") { $0[0].app.processes[0].quantity = 1 },
    manifest("five web") { $0[0].app.processes[0].quantity = 5 },
    manifest("no worker") { $0[0].app.processes[1].quantity = 0 },
    manifest("three workers") { $0[0].app.processes[1].quantity = 3 },
    manifest("no clock") { $0[1].app.processes[1].quantity = 0 },
    manifest("nothing of one app") { apps in
      for index in apps[1].app.processes.indices { apps[1].app.processes[index].quantity = 0 }
    },
  ]

  private static let contents = [
    manifest("another web command") { $0[0].app.processes[0].command = "serve otherwise" },
    manifest("another worker command") { $0[0].app.processes[1].command = "work otherwise" },
    manifest("another slug") { $0[0].slug = 2 },
    manifest("other slugs") { apps in
      apps[0].slug = 4
      apps[1].slug = 4
    },
    manifest("a config var") { $0[0].app.config = [entry("one")] },
    manifest("another value") { $0[0].app.config = [entry("two")] },
    manifest("a generated secret") { apps in
      guard let key = SimulatedCatalog.secretKey else { return }
      apps[0].app.config = [ConfigEntry(key: key, source: .generated)]
    },
    manifest("a release command") { Workload.run("sleep 1", &$0) },
    manifest("another release command") { Workload.run("sleep 2", &$0) },
    manifest("another stack") { $0[0].app.stack = SimulatedCatalog.stacks[1] },
  ]

  private static let policies = [
    manifest("auto-revert") { $0[0].app.rollout.autoRevert = true },
    manifest("rolling") { $0[0].app.rollout.strategy = .rolling },
    manifest("recreate") { $0[0].app.rollout.strategy = .recreate },
    manifest("rolling, another slug") { apps in
      apps[0].app.rollout.strategy = .rolling
      apps[0].slug = 5
    },
    manifest("all at once") { $0[0].app.rollout.maxSurgePercent = 100 },
    manifest("overlap") { $0[0].app.processes[1].overlap = true },
    manifest("larger web") { $0[0].app.processes[0].size = SimulatedCatalog.sizes[1] },
    manifest("smaller of both") { apps in
      for index in apps[1].app.processes.indices {
        apps[1].app.processes[index].size = SimulatedCatalog.sizes[3]
      }
    },
    manifest("dependency") { $0[0].app.dependsOn = [$0[1].app.name] },
    manifest("dependency the other way") { $0[1].app.dependsOn = [$0[0].app.name] },
  ]

  private static let platforms = [
    manifest("without the worker") { $0[0].app.processes.removeLast() },
    manifest("without the web") { $0[1].app.processes.removeFirst() },
    manifest("with a clock") { apps in
      apps[0].app.processes.insert(
        DesiredProcess(
          type: SimulatedCatalog.types[1], command: "tick", quantity: 1,
          size: SimulatedCatalog.sizes[0]), at: 0)
      apps[0].app.processes.sort { $0.type < $1.type }
    },
    manifest("without the second app") { $0.removeLast() },
    manifest("without the first app") { $0.removeFirst() },
    manifest("a third app") { $0.append(third) },
    manifest("a domain") { $0[0].app.domains = ["shop.example"] },
    manifest("the domain elsewhere") { $0[1].app.domains = ["shop.example"] },
    manifest("maintenance") { $0[0].app.maintenance = true },
    manifest("broken") { $0[0].isBroken = true },
    manifest("broken, and another slug") { apps in
      apps[0].isBroken = true
      apps[1].slug = 7
    },
    manifest("deploys suspended") { $0[0].app.suspension = .deploys },
    manifest("everything suspended") { $0[0].app.suspension = .everything },
    manifest("a slug that is not there") { $0[0].isUnresolvable = true },
  ]

  private static let third: SimulatedApp = {
    var app = SimulatedApp(SimulatedCatalog.apps[2])
    app.app.processes = [
      DesiredProcess(
        type: .web, command: "serve", quantity: 1, size: SimulatedCatalog.sizes[0])
    ]
    return app
  }()

  private static func entry(_ value: String) -> ConfigEntry {
    ConfigEntry(key: SimulatedCatalog.keys[0], source: .literal(ConfigValue(value)))
  }
}
