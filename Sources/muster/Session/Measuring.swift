// What runs and lies on a machine, measured. Values in and out; the commands print.

import ControlLoop
import Effects
import FormationModel
import GitSource
import Review
import StateStore

/// Measures a platform's machine.
struct Measuring {
  /// How long shares of time are looked at: it means something, and one waits for it.
  static let window = Duration.seconds(1)

  let runtime: any ContainerRuntime
  let router: any Routing
  let keepers: [any DiskKeeping]
  let state: StateFolder

  /// What the dynos of a target use; all when its parts are nil.
  func metrics(
    app: AppName?, process: ProcessType?, ordinal: Int?, at now: @Sendable () -> LoopTime
  ) async throws -> MetricsReport {
    let query = LogQuery(app: app, process: process, ordinal: ordinal, count: 0)
    let (first, second) = try await samples()
    let observed: ObservedFormation
    switch await runtime.observe() {
    case .complete(let world), .partial(let world, _): observed = world
    case .unavailable(let reason): throw CommandFailure(.unknown, reason)
    }
    let instances = observed.instances.filter { query.covers($0.id.slot) }
    var report = MetricsReport(instances, from: first, to: second, at: now())
    report.requests = await router.requests()
    return report
  }

  /// What takes disk, memory and time.
  func usage() async throws -> UsageReport {
    var inventory: [StoredItem] = []
    for keeper in keepers { inventory += try await keeper.inventory() }
    let (first, second) = try await samples()
    return UsageReport(inventory, space: try state.space(), from: first, to: second)
  }

  private func samples() async throws -> (MachineSample, MachineSample) {
    let first = try await runtime.measure()
    try await Task.sleep(for: Self.window)
    return (first, try await runtime.measure())
  }
}

extension PlatformSession {
  /// Measures this platform's machine.
  var measuring: Measuring {
    Measuring(
      runtime: runtime, router: seams.router, keepers: Composition.keepers(runtime, folder),
      state: folder)
  }

  /// Frees space of this platform; `isAlone`: no loop is at work meanwhile.
  func housekeeping(isAlone: Bool = Surroundings.current.daemon == nil) -> Housekeeping {
    Housekeeping(
      seams: seams, memory: memory, keepers: Composition.keepers(runtime, folder),
      mirrors: GitMirrors(folder: Composition.mirrorFolder(folder)),
      repository: binding.repository, state: folder,
      isAlone: isAlone,
      holdsReserve: binding.runtime == RuntimeKind.embedded.rawValue)
  }

  /// The merged log of this platform.
  var logs: PlatformLogs {
    PlatformLogs(runtime: runtime, router: seams.router, store: seams.store)
  }
}
