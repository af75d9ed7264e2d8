// Scripted histories that every version has to survive, whatever effect Muster is killed at. What
// their commits are is in the extensions.

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
  /// Scripts run once when the apps have stood for the first time; one fails.
  case postdeploy
  /// Config vars change, and nothing else.
  case config
  /// The size of web changes, then its strategy, then its command.
  case sizeAndStrategy = "size and strategy"
  /// A worker crashes again and again; a fix comes.
  case crashLoop = "crash loop"
  /// A web that never binds its port; a fix comes.
  case neverReady = "never ready"
  /// A process type comes, another one leaves with consent.
  case processTypes = "process types"
  /// Eighteen dynos are replaced: batches and surge matter.
  case manyDynos = "many dynos"
  /// One app depends on another, and both change.
  case dependency
  /// A secret is generated for a release.
  case secret
  /// Two apps swap a domain, and one shows the page of maintenance.
  case domains
  /// A manifest suspends deploys, then everything, then nothing.
  case suspended
  /// Another stack.
  case stack
  /// All slugs and stacks are lost while a commit is pushed.
  case contentLost = "content lost"
  /// An app leaves with consent, comes back, and leaves again.
  case removedAgain = "removed again"

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
    options.exactly.consentsAtOnce = self == .processTypes || self == .removedAgain
    options.exactly.losesContentAtPush = self == .contentLost ? 1 : nil
    return options
  }

  typealias Apps = [AppName: SimulatedApp]

  /// A commit of a workload.
  struct Commit {
    let subject: String
    let apps: Apps

    /// Edits the two apps that the first commit has.
    init(_ subject: String, _ edit: (inout [SimulatedApp]) -> Void = { _ in }) {
      self.subject = subject
      apps = Workload.edited(edit)
    }
  }

  private var steps: [Commit] {
    switch self {
    case .firstDeploy: [Commit("first")]
    case .scale: Self.scaling
    case .replace: [Commit("first"), Commit("replace", Self.replaceAll)]
    case .removal: [Commit("first"), Commit("remove") { $0.removeLast() }]
    case .badApp: Self.breaking
    case .orders: [Commit("first"), Commit("first again"), Commit("replace", Self.replaceAll)]
    case .rollback: Self.returning
    case .autoRevert: Self.reverting
    case .releaseCommand: Self.commanding
    case .postdeploy: Self.settingUp
    case .config: Self.configuring
    case .sizeAndStrategy: Self.resizing
    case .crashLoop: Self.crashing
    case .neverReady: Self.waiting
    case .processTypes: Self.changingTypes
    case .manyDynos: Self.replacingMany
    case .dependency: Self.depending
    case .secret: Self.generating
    case .domains: Self.swapping
    case .suspended: Self.suspending
    case .stack: Self.restacking
    case .contentLost: [Commit("first"), Commit("replace", Self.replaceAll)]
    case .removedAgain:
      [
        Commit("first"), Commit("remove") { $0.removeLast() }, Commit("back"),
        Commit("remove again") { $0.removeLast() },
      ]
    }
  }

  /// Two apps: one with a start-first web, one with types that are replaced stop-first.
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
