// The commits of the histories about single fields of a manifest, and about dynos that do not work.

import FormationModel

extension Workload {
  static let configuring = [
    Commit("first") { $0[0].app.config = [entry("one")] },
    Commit("change") { $0[0].app.config = [entry("two")] },
    Commit("take away"),
  ]

  static let resizing = [
    Commit("first"),
    Commit("size") { $0[0].app.processes[0].size = SimulatedCatalog.sizes[1] },
    Commit("strategy") { apps in
      apps[0].app.processes[0].size = SimulatedCatalog.sizes[1]
      apps[0].app.rollout.strategy = .rolling
    },
    Commit("replace in steps") { apps in
      apps[0].app.processes[0].size = SimulatedCatalog.sizes[1]
      apps[0].app.rollout.strategy = .rolling
      apps[0].slug = 2
    },
  ]

  static let crashing = [
    Commit("first"),
    Commit("crash") { $0[0].app.processes[1].command = "work # simulated: crash-after=3s exit=2" },
    Commit("fix") { $0[0].app.processes[1].command = "work better" },
  ]

  static let waiting = [
    Commit("first") { web("serve", &$0) },
    Commit("wait") { web("serve # simulated: port=none", &$0) },
    Commit("fix") { web("serve better", &$0) },
  ]

  static let changingTypes = [
    Commit("first"),
    Commit("add a clock") { apps in
      apps[0].app.processes.append(clock)
      apps[0].app.processes.sort { $0.type < $1.type }
    },
    Commit("remove the worker") { apps in
      apps[0].app.processes = [clock, apps[0].app.processes[0]]
    },
  ]

  static let replacingMany = [Commit("first", many), Commit("replace") { many(&$0, slug: 2) }]

  static let depending = [
    Commit("first") { $0[0].app.dependsOn = [$0[1].app.name] },
    Commit("replace") { apps in
      apps[0].app.dependsOn = [apps[1].app.name]
      replaceAll(&apps)
    },
    Commit("the other way round") { apps in
      apps[1].app.dependsOn = [apps[0].app.name]
      apps[0].slug = 3
      apps[1].slug = 3
    },
  ]

  static let generating = [
    Commit("first"),
    Commit("secret") { apps in
      guard let key = SimulatedCatalog.secretKey else { return }
      apps[0].app.config = [ConfigEntry(key: key, source: .generated)]
    },
    Commit("replace") { apps in
      guard let key = SimulatedCatalog.secretKey else { return }
      apps[0].app.config = [ConfigEntry(key: key, source: .generated)]
      apps[0].slug = 2
    },
  ]

  static let swapping = [
    Commit("first") { $0[0].app.domains = ["shop.example"] },
    Commit("swap") { $0[1].app.domains = ["shop.example"] },
    Commit("maintenance") { apps in
      apps[1].app.domains = ["shop.example"]
      apps[0].app.maintenance = true
    },
    Commit("back") { $0[0].app.domains = ["shop.example"] },
  ]

  static let suspending = [
    Commit("first"),
    Commit("suspend deploys") { apps in
      replaceAll(&apps)
      apps[0].app.suspension = .deploys
    },
    Commit("suspend everything") { apps in
      replaceAll(&apps)
      apps[0].app.suspension = .everything
      apps[0].app.processes[0].quantity = 1
    },
    Commit("go on", replaceAll),
  ]

  static let restacking = [
    Commit("first"), Commit("stack") { $0[0].app.stack = SimulatedCatalog.stacks[1] },
    Commit("both") { apps in
      for index in apps.indices { apps[index].app.stack = SimulatedCatalog.stacks[1] }
    },
  ]

  private static let clock = DesiredProcess(
    type: SimulatedCatalog.types[1], command: "tick", quantity: 1, size: SimulatedCatalog.sizes[0])

  /// Asked rarely: what is never ready is asked again and again.
  private static func web(_ command: String, _ apps: inout [SimulatedApp]) {
    apps[0].app.processes[0].command = command
    apps[0].app.processes[0].healthcheck.interval = .seconds(10)
  }

  private static func entry(_ value: String) -> ConfigEntry {
    ConfigEntry(key: SimulatedCatalog.keys[0], source: .literal(ConfigValue(value)))
  }

  private static func many(_ apps: inout [SimulatedApp]) { many(&apps, slug: 1) }

  private static func many(_ apps: inout [SimulatedApp], slug: Int) {
    apps = [apps[0]]
    apps[0].slug = slug
    apps[0].app.processes[0].quantity = 12
    apps[0].app.processes[1].quantity = 6
  }
}
