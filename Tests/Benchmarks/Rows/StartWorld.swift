// A repository, a state directory and the embedded runtime for the benchmark of starts; everything
// in folders of its own, and removed at the end.

import ContainerRuntimes
import ControlLoop
import Effects
import FormationModel
import Foundation
import GitSource
import Looping
import ManifestParsing
import Planning
import StateStore
import Synchronization

/// One app whose dynos come and go.
final class StartWorld: Sendable {
  private let dynos: Int
  private let folder: String
  private let repository: SmallRepository
  private let source: GitFormationSource
  private let runtime: EmbeddedRuntime
  private let store: SQLiteStore
  private let state: StateFolder

  init(dynos: Int) async throws {
    self.dynos = dynos
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("muster-bench-\(UUID().uuidString.prefix(8))").path
    repository = try SmallRepository(folder: folder + "/repository")
    state = try StateFolder.open(path: folder + "/state", mode: .readWrite)
    let lock = try state.lock(command: "bench", at: Self.now())
    runtime = try EmbeddedRuntime(
      controller: try state.identity().shortID, stateFolder: state.path)
    store = try state.store(holding: lock)
    source = GitFormationSource(
      address: try GitAddress(folder + "/repository", relativeTo: "/"), ref: nil, environment: nil,
      mirrorFolder: nil, catalog: ShippedCatalog.catalog)
    // Stack and slug lie ready before anything is measured.
    try await stopAll()
  }

  /// Writes what `startAll` would start, for the baseline.
  func exportBundles() async throws {
    try repository.commit(quantity: dynos)
    let plan = try await run(acts: false).plan
    let specs = (plan?.next ?? []).compactMap { step in
      if case .start(let spec) = step.operation { spec } else { nil }
    }
    guard specs.count == dynos else { throw Refusal(reason: "\(specs.count) starts are planned") }
    let outcome = await runtime.exportBundles(specs, into: folder + "/bundles")
    if case .failed(let failure) = outcome { throw Refusal(reason: failure.message) }
  }

  /// Starts all dynos; the time until the last process was exec'd.
  func startAll() async throws -> Duration {
    try repository.commit(quantity: dynos)
    let starts = Starts()
    let began = ContinuousClock.now
    let result = try await run(acts: true) { notice in
      guard case .ended(_, let step, .done, _) = notice, case .start = step.operation else {
        return
      }
      starts.count()
    }
    let (count, at) = starts.last
    guard result.verdict == .converged, count == dynos else {
      throw Refusal(reason: "\(count) dynos were started (\(result.verdict?.rawValue ?? "no end"))")
    }
    return at - began
  }

  /// Stops all dynos, and has stack and slug ready after it.
  func stopAll() async throws {
    try repository.commit(quantity: 0)
    let result = try await run(acts: true)
    guard result.verdict == .converged else {
      throw Refusal(reason: "the formation came to: \(result.verdict?.rawValue ?? "no end")")
    }
  }

  /// How long the script takes for its bundles.
  func baseline(_ kind: String) async throws -> Duration {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("baseline-start.sh").path
    let answer = try Shell.run("/bin/bash", [script, kind, folder + "/bundles", "4"])
    let words = answer.split(whereSeparator: \.isWhitespace)
    guard words.count == 4, let seconds = Double(words[2]) else {
      throw Refusal(reason: "the baseline answered: \(answer)")
    }
    return .seconds(seconds)
  }

  /// Removes everything that was made.
  func tearDown() async throws {
    try? await stopAll()
    let outcome = await runtime.tearDown()
    try FileManager.default.removeItem(atPath: folder)
    if case .failed(let failure) = outcome { throw Refusal(reason: failure.message) }
  }

  private func run(
    acts: Bool, notify: @escaping @Sendable (LoopNotice) -> Void = { _ in }
  ) async throws -> RunResult {
    var options = LoopOptions(runsOnce: true, catalog: ShippedCatalog.catalog)
    options.acts = acts
    let seams = LoopSeams(
      source: source, runtime: runtime, store: store, secrets: state.secrets(),
      digests: try state.digests(), stacks: StackResolver(), clock: Self.now,
      describe: { _, _, _, _ in nil }, tell: { _, _ in nil })
    let driver = LoopDriver(
      options: options, memory: try await store.load(), seams: seams, notify: notify)
    return await driver.run()
  }

  @Sendable private static func now() -> LoopTime {
    LoopTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }
}

/// Counts starts, and knows when the last one was.
private final class Starts: Sendable {
  private let state = Mutex<(count: Int, at: ContinuousClock.Instant)>((0, .now))

  func count() { state.withLock { $0 = ($0.count + 1, .now) } }

  var last: (count: Int, at: ContinuousClock.Instant) { state.withLock { $0 } }
}
