// Nine histories that every version has to survive, whatever effect Muster is killed at.

import FormationModel

/// A scripted history.
package enum Workload: String, CaseIterable, Sendable {
  /// Two apps come up from nothing.
  case firstDeploy = "first deploy"
  /// Quantities rise and fall.
  case scale
  /// New content replaces what runs, start-first and stop-first.
  case replace
  /// A process type and an app leave, with consent.
  case removal
  /// A manifest breaks, and is mended.
  case badApp = "bad app"
  /// People scale, stop, restart and suspend by hand, and end it again.
  case orders
  /// Somebody goes back to an earlier release; commits go on; then it is tried again.
  case rollback
  /// A rollout fails and goes back by itself; a fix comes.
  case autoRevert = "auto-revert"
  /// A command runs before each release; one fails.
  case releaseCommand = "release command"

  /// The history; each commit comes when the one before stands.
  package var scenario: Scenario {
    var scenario = Scenario()
    for (index, step) in steps.enumerated() {
      scenario.push(step.apps, step.subject, after: .seconds(index * 600), consents: [])
    }
    if self == .orders || self == .rollback {
      let wishes = self == .orders ? Self.wishes : Self.returns
      scenario.orders = wishes.enumerated().map { index, wish in
        Scenario.Ordering(after: .seconds((index + 1) * 600 + 300), wish: wish)
      }
      scenario.calmAfter = .seconds((wishes.count + 1) * 600)
    }
    scenario.calmAfter += .seconds(600)
    return scenario
  }

  /// The options of a run without faults in which effects have the same numbers every time.
  package var options: SimulationOptions {
    var options = SimulationOptions(seed: 1, scenario: scenario)
    options.isScripted = true
    options.stableFor = .seconds(14_400)
    return options
  }

  private typealias Apps = [AppName: SimulatedApp]

  private var steps: [(subject: String, apps: Apps)] {
    let first = Self.first
    switch self {
    case .firstDeploy: return [("first", first)]
    case .scale:
      return [
        ("first", first), ("up", Self.edited { $0[0].app.processes[1].quantity = 3 }),
        ("down", Self.edited { $0[0].app.processes[0].quantity = 1 }),
      ]
    case .orders:
      return [
        ("first", first), ("first again", first), ("replace", Self.edited(Self.replaceAll)),
      ]
    case .replace: return [("first", first), ("replace", Self.edited(Self.replaceAll))]
    case .rollback:
      return [
        ("first", first), ("replace", Self.edited(Self.replaceAll)),
        (
          "up",
          Self.edited { apps in
            Self.replaceAll(&apps)
            apps[0].app.processes[0].quantity = 3
          }
        ),
      ]
    case .releaseCommand:
      return [
        ("first", Self.edited { Self.run("sleep 2", &$0) }),
        (
          "replace",
          Self.edited { apps in
            Self.run("sleep 3", &apps)
            apps[0].slug = 2
          }
        ),
        (
          "fail",
          Self.edited { apps in
            Self.run("sleep 1; exit 1", &apps)
            apps[0].slug = 3
            apps[1].slug = 2
          }
        ),
        (
          "fix",
          Self.edited { apps in
            Self.run("sleep 1", &apps)
            apps[0].slug = 3
          }
        ),
      ]
    case .autoRevert:
      return [
        ("first", Self.edited { $0[0].app.rollout.autoRevert = true }),
        ("fail", Self.edited { Self.fail(&$0) }),
        (
          "another",
          Self.edited { apps in
            Self.fail(&apps)
            apps[1].slug = 2
          }
        ),
        (
          "fix",
          Self.edited { apps in
            apps[0].app.rollout.autoRevert = true
            apps[0].slug = 3
          }
        ),
      ]
    case .removal: return [("first", first), ("remove", Self.edited { $0.removeLast() })]
    case .badApp:
      return [
        ("first", first), ("break", Self.edited(Self.breakOne)),
        ("mend", Self.edited { $0[1].slug = 2 }),
      ]
    }
  }

  /// One order after the other; the second commit comes while deploys of alder are suspended.
  private static let wishes: [Wish] = {
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
  private static let returns: [Wish] = {
    let (alder, birch) = (SimulatedCatalog.apps[0], SimulatedCatalog.apps[1])
    return [
      .retry(alder), .rollback(alder, to: nil), .rollback(birch, to: 1), .retry(alder),
      .resume(.all),
    ]
  }()

  private static func run(_ command: String, _ apps: inout [SimulatedApp]) {
    apps[0].app.processes.append(
      DesiredProcess(
        type: .release, command: command, quantity: 0, size: SimulatedCatalog.sizes[0]))
    apps[0].app.processes.sort { $0.type < $1.type }
  }

  private static func fail(_ apps: inout [SimulatedApp]) {
    apps[0].app.rollout.autoRevert = true
    apps[0].app.processes[0].command = "serve # simulated: crash-after=3s exit=2"
  }

  private static func replaceAll(_ apps: inout [SimulatedApp]) {
    apps[0].slug = 2
    apps[1].app.processes[0].command = "serve otherwise"
  }

  private static func breakOne(_ apps: inout [SimulatedApp]) {
    apps[0].isBroken = true
    apps[1].slug = 2
  }

  /// Two apps: one with a start-first web, one with types that are replaced stop-first.
  private static let first = edited { _ in }

  private static func edited(_ edit: (inout [SimulatedApp]) -> Void) -> Apps {
    let types = SimulatedCatalog.types
    let sizes = SimulatedCatalog.sizes
    var alder = SimulatedApp(SimulatedCatalog.apps[0])
    alder.app.processes = [
      DesiredProcess(type: types[0], command: "serve", quantity: 2, size: sizes[0]),
      DesiredProcess(type: types[2], command: "work", quantity: 2, size: sizes[0]),
    ]
    var birch = SimulatedApp(SimulatedCatalog.apps[1])
    birch.app.processes = [
      DesiredProcess(type: types[0], command: "serve", quantity: 1, size: sizes[2]),
      DesiredProcess(type: types[1], command: "tick", quantity: 1, size: sizes[2]),
    ]
    var apps = [alder, birch]
    edit(&apps)
    return Dictionary(apps.map { ($0.app.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
