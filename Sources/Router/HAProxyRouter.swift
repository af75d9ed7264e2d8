// The router: HAProxy as a process of its own, which outlives Muster and is found again. This file
// is the seam and the order in which things happen; what happens is in the files beside it.

import Effects
package import FormationModel

/// Sends requests to web dynos with HAProxy.
package actor HAProxyRouter: Routing {
  /// How long a request waits for a dyno that boots. Heroku: 75 s (H20).
  package static let patience = Duration.seconds(75)

  let folder: RouterFolder
  let launcher: ProxyLauncher
  let clock: @Sendable () -> LoopTime
  /// The team's pages; nil: none.
  let pages: String?
  /// Where relative folders of certificates begin.
  let stateFolder: String
  let patience: Duration
  /// Whether it takes HAProxy's lines on requests: one Muster does, the one that stays.
  let collects: Bool
  /// What takes them; nil: nothing yet, or any more.
  var collector: RequestCollector?
  /// Why nothing takes them.
  var collectorFailure: EffectFailure?
  /// Asks what was lost.
  var lossWatch: Task<Void, Never>?
  /// Connections to processes that were replaced.
  var farewells: [AdminSocket] = []
  let hints = RouterHints()
  private let executor = QueueExecutor(label: "muster.router")

  /// The process that listens; nil: none that we know.
  var proxy: ProxyProcess?
  /// What it was loaded with; nil when that cannot be read.
  var applied: AppliedConfiguration?
  /// Processes that end what they still have.
  var predecessors: [ProxyProcess] = []
  /// What the process does; nil: it has to be asked.
  var table: RouteTable?
  var readAt = ContinuousClock.now
  var lookedAt = ContinuousClock.now
  var draining = DrainingServers()
  var drainWatch: Task<Void, Never>?
  /// Servers that take no request and are deleted once nobody is connected to them.
  var leaving: [ServerPath: Endpoint] = [:]
  /// What was in the folders that HAProxy refused to load.
  var refused: (digest: String, failure: EffectFailure)?

  private var turns = Turns()
  private var requests: [RouteRequest] = []
  private var outcomes: [Int: Outcome] = [:]
  private var nextRequest = 0

  /// Makes a router that touches nothing yet. `program` is HAProxy's path, nil for the one that is
  /// installed; `pages` a folder with the team's own pages (`maintenance.html`,
  /// `application-error.html`, `no-such-app.html`), each of them optional; `stateFolder` is where
  /// a relative folder of certificates begins. `collects`: lines on requests are taken and kept,
  /// until `stopCollecting`, which has to be called. `patience`: how long a request waits for a
  /// dyno that boots.
  package init(
    _ folder: RouterFolder, program: String? = nil, pages: String? = nil, stateFolder: String,
    collects: Bool = false, patience: Duration = HAProxyRouter.patience,
    clock: @escaping @Sendable () -> LoopTime
  ) {
    self.folder = folder
    launcher = ProxyLauncher(program: program)
    self.pages = pages
    self.stateFolder = stateFolder
    self.collects = collects
    self.patience = patience
    self.clock = clock
  }

  /// The path of HAProxy; nil when it is not installed.
  package static var program: String? { ProxyLauncher(program: nil).found }

  /// Calls block: on HAProxy's answers, on /proc.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// What the router does at this moment.
  package func routing() async -> ObservedRouting {
    await takeTurn()
    defer { endTurn() }
    do throws(AdminSocket.Broken) {
      guard try observe() != nil else { return .table(RouteTable(), draining: [:]) }
      await reloadWhenFilesChanged()
      guard let table = try observe() else { return .table(RouteTable(), draining: [:]) }
      try observeDraining(table)
      watchDraining()
      return .table(table, draining: draining.state)
    } catch {
      table = nil
      if proxy?.hasEnded != false { return .table(RouteTable(), draining: [:]) }
      return .unavailable(reason: error.reason)
    }
  }

  /// Makes the router run with this table and no other.
  package func open(_ table: RouteTable) async -> Outcome {
    guard let entry = table.entry else {
      await close()
      return .done
    }
    await takeTurn()
    defer { endTurn() }
    do throws(EffectFailure) {
      do throws(AdminSocket.Broken) {
        if try observe() == table { return .done }
      } catch {
        // One that does not answer does not hand over what it listens on either.
        proxy?.kill()
        forget()
      }
      try await load(entry, table.apps)
      return .done
    } catch {
      return .failed(error)
    }
  }

  /// Makes the router do this for an app. What is asked while a reload is under way is done by one
  /// reload.
  package func route(_ app: AppName, _ routes: AppRoutes?) async -> Outcome {
    nextRequest += 1
    let number = nextRequest
    requests.append(RouteRequest(number: number, app: app, routes: routes))
    await takeTurn()
    defer { endTurn() }
    if let outcome = outcomes.removeValue(forKey: number) { return outcome }
    let all = requests
    requests = []
    outcomes.merge(await perform(all)) { $1 }
    watchDraining()
    return outcomes.removeValue(forKey: number) ?? .failed(Self.lost("it was not performed"))
  }

  /// Wakes whoever iterates.
  package nonisolated func routingEvents() -> AsyncStream<Void> { hints.stream() }

  /// Certificates that HAProxy refuses, pages that are too large, a log that cannot be kept.
  package func complaints() async -> [EffectFailure] {
    [folderFailure, collectorFailure].compactMap { $0 } + RouterPages.complaints(in: pages)
  }

  /// Why what is in the folders of certificates and pages is not what the router uses; nil when it
  /// is.
  var folderFailure: EffectFailure? { refused?.failure }

  /// Ends the router with all that it still has, and removes its files.
  package func close() async {
    await takeTurn()
    defer { endTurn() }
    adopt()
    drainWatch?.cancel()
    drainWatch = nil
    for process in predecessors + [proxy].compactMap({ $0 }) { process.end() }
    forget()
    predecessors = []
    refused = nil
    forgetLosses()
    collector?.stop()
    collector = nil
    collectorFailure = nil
    folder.removeGenerations()
  }

  /// Forgets the process: it is gone.
  func forget() {
    proxy = nil
    applied = nil
    table = nil
    leaving = [:]
    draining = DrainingServers()
  }

  /// Nobody knows what HAProxy did.
  static func lost(_ reason: String) -> EffectFailure {
    EffectFailure(
      "router-lost", "what the router did is not known", retry: .afterObserving, causes: [reason])
  }

  // MARK: - Turns

  /// Waits until nothing else happens: after each `await` the world would be another one.
  func takeTurn() async {
    if !turns.isTaken {
      turns.isTaken = true
      return
    }
    await withCheckedContinuation { turns.waiting.append($0) }
  }

  func endTurn() {
    if turns.waiting.isEmpty {
      turns.isTaken = false
    } else {
      turns.waiting.removeFirst().resume()
    }
  }

  private struct Turns {
    var isTaken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
}

/// What was asked for an app.
struct RouteRequest: Sendable {
  let number: Int
  let app: AppName
  let routes: AppRoutes?
}
