// Worlds and decisions that break an invariant, one for each: they show that every check can fail.

import FormationModel
import Planning
import SimulatedWorld
import Synchronization
import Testing

@testable import SimulationRun

/// An app of the first workload: web start-first, a worker stop-first.
struct BadWorld {
  var ledger = Ledger()
  var memory = Memory()
  var machine = SimulatedMachine()
  var commit: SimulatedCommit
  let app: SimulatedApp
  let now = Scenario.beginning + .seconds(1_000)

  init() throws {
    let scenario = Workload.firstDeploy.scenario
    commit = try #require(scenario.last)
    app = commit.apps[0]
    ledger.asked = commit.resolved
    ledger.removed.running = 6
    _ = try machine.prepare(content().stack)
    _ = try machine.prepare(content().slug)
    try remember()
  }

  func content(slug: Int = 1) throws -> ReleaseContent {
    var app = app
    app.slug = slug
    return try #require(app.content(in: commit.id))
  }

  private mutating func remember() throws {
    let release = Release(
      number: 1, content: try content(), revision: commit.id, recordedAt: now, summary: "first")
    memory.apply(.accept(app.app, commit.id), releasesKept: 4)
    memory.apply(.record(app.app.name, release), releasesKept: 4)
    ledger.highestRelease[app.app.name] = 1
  }

  /// `web.1` and so on.
  func slot(_ type: Int, _ ordinal: Int) -> SlotID {
    SlotID(app.app.name, app.app.processes[type].type, ordinal)
  }

  func spec(_ slot: SlotID, attempt: Int, release: Int = 1, slug: Int = 1) throws -> InstanceSpec {
    let process = try #require(app.app.process(slot.process))
    let size = try #require(SimulatedCatalog.platform.catalog.dynoTypes[process.size])
    let content = try content(slug: slug)
    return InstanceSpec(
      id: InstanceID(slot: slot, release: release, attempt: attempt), content: content,
      command: process.command, size: size, stopTimeout: process.stopTimeout, tcpPort: nil,
      crashes: 0, form: InstanceForm(content: content, process: process, size: size))
  }

  /// A router that sends requests to the first attempt of a slot.
  func routing(_ slot: SlotID) -> RouteTable {
    let id = InstanceID(slot: slot, release: 1, attempt: 1)
    let server = RouteServer(id, at: Endpoint(address: "10.64.0.2", port: 8080))
    let routes = AppRoutes(hosts: ["alder.localhost"], absence: .booting, servers: [server])
    return RouteTable(entry: RouterEntry(), apps: [app.app.name: routes])
  }

  /// Starts instances before anything is checked.
  mutating func run(_ slot: SlotID, attempts: ClosedRange<Int> = 1...1) throws {
    for attempt in attempts {
      #expect(try machine.start(spec(slot, attempt: attempt), at: Scenario.beginning) == .done)
    }
  }

  /// What the world's checks say of an operation that is carried out now.
  mutating func violation(_ operation: Operation, _ reason: Reason = .missing) -> Invariant? {
    let before = machine
    switch operation {
    case .start(let spec): #expect(machine.start(spec, at: now) == .done)
    case .stop(let id, _): _ = machine.stop(id, killAt: now, at: now)
    case .kill(let id): _ = machine.kill(id, at: now)
    default: break
    }
    return WorldChecks(
      Step(app: app.app.name, operation, reason), before: before, after: machine,
      ledger: ledger, memory: memory, wall: now
    ).violation?.invariant
  }

  /// What the checks of decisions say of a step.
  func decision(_ operation: Operation, _ reason: Reason = .missing) -> Invariant? {
    DecisionChecks(ledger: ledger, memory: memory)
      .violation(of: Step(app: app.app.name, operation, reason))?.invariant
  }

  /// What the checks of decisions say of a write.
  func decision(_ change: MemoryChange) -> Invariant? {
    DecisionChecks(ledger: ledger, memory: memory).violation(of: change)?.invariant
  }

  /// Asks for another formation of the app.
  mutating func ask(_ edit: (inout SimulatedApp) -> Void) {
    var apps = Dictionary(uniqueKeysWithValues: commit.apps.map { ($0.app.name, $0) })
    var edited = app
    edit(&edited)
    apps[app.app.name] = edited
    ledger.asked = SimulatedCommit(number: 2, apps: apps, subject: "edit", at: now).resolved
  }
}
