// The commits and orders of the histories about quantities, releases and what goes back.

import FormationModel

extension Workload {
  static let scaling = [
    Commit("first"), Commit("up") { $0[0].app.processes[1].quantity = 3 },
    Commit("down") { $0[0].app.processes[0].quantity = 1 },
  ]

  static let breaking = [
    Commit("first"),
    Commit("break") { apps in
      apps[0].isBroken = true
      apps[1].slug = 2
    },
    Commit("mend") { $0[1].slug = 2 },
  ]

  static let returning = [
    Commit("first"), Commit("replace", replaceAll),
    Commit("up") { apps in
      replaceAll(&apps)
      apps[0].app.processes[0].quantity = 3
    },
  ]

  static let commanding = [
    Commit("first") { run("sleep 2", &$0) },
    Commit("replace") { apps in
      run("sleep 3", &apps)
      apps[0].slug = 2
    },
    Commit("fail") { apps in
      run("sleep 1; exit 1", &apps)
      apps[0].slug = 3
      apps[1].slug = 2
    },
    Commit("fix") { apps in
      run("sleep 1", &apps)
      apps[0].slug = 3
    },
  ]

  static let settingUp = [
    Commit("first") { apps in
      apps[0].app.postdeploy = "sleep 2"
      apps[1].app.postdeploy = "sleep 1; exit 1"
    },
    Commit("replace") { apps in
      apps[0].app.postdeploy = "sleep 3"
      apps[0].slug = 2
    },
  ]

  static let reverting = [
    Commit("first") { $0[0].app.rollout.autoRevert = true },
    Commit("fail", fail),
    Commit("another") { apps in
      fail(&apps)
      apps[1].slug = 2
    },
    Commit("fix") { apps in
      apps[0].app.rollout.autoRevert = true
      apps[0].slug = 3
    },
  ]

  /// One order after the other; the second commit comes while deploys of alder are suspended.
  static let wishes: [Wish] = {
    let types = SimulatedCatalog.types
    let (alder, birch) = (SimulatedCatalog.apps[0], SimulatedCatalog.apps[1])
    return [
      .suspend(.apps([alder]), .deploys), .resume(.apps([alder])),
      .scale(
        alder, [ScaleWish(types[2], quantity: 0)], until: Scenario.beginning + .seconds(2_400)),
      .restart(DynoSelector(alder)), .stop(DynoSelector(alder, types[0], 1)),
      .restart(DynoSelector(birch, types[1])), .start(DynoSelector(alder, types[0])),
      .scale(
        alder, [ScaleWish(types[0], quantity: 3, size: SimulatedCatalog.sizes[1])], until: nil),
      .stop(DynoSelector(birch)), .retry(birch), .resume(.all),
    ]
  }()

  /// Back after the second commit; the third one brings nothing back.
  static let returns: [Wish] = {
    let (alder, birch) = (SimulatedCatalog.apps[0], SimulatedCatalog.apps[1])
    return [
      .retry(alder), .rollback(alder, to: nil), .rollback(birch, to: 1), .retry(alder),
      .resume(.all),
    ]
  }()

  /// Gives alder a release command.
  static func run(_ command: String, _ apps: inout [SimulatedApp]) {
    apps[0].app.processes.append(
      DesiredProcess(
        type: .release, command: command, quantity: 0, size: SimulatedCatalog.sizes[0]))
    apps[0].app.processes.sort { $0.type < $1.type }
  }

  private static func fail(_ apps: inout [SimulatedApp]) {
    apps[0].app.rollout.autoRevert = true
    apps[0].app.processes[0].command = "serve # simulated: crash-after=3s exit=2"
  }

  /// Other content for both apps.
  static func replaceAll(_ apps: inout [SimulatedApp]) {
    apps[0].slug = 2
    apps[1].app.processes[0].command = "serve otherwise"
  }
}
