// Fifty dynos from nothing until the last one has exec'd, on real containers, against a script that
// starts the same bundles by hand.

import ContainerRuntimes
import ControlLoop
import Effects
import FormationModel
import Foundation
import Looping
import ManifestParsing
import Planning
import StateStore

enum StartRows {
  private static let dynos = 50
  /// Containers a second that the script has to reach, or it is no baseline.
  private static let baselineRate = 30.0

  static func fifty() async throws -> [Row] {
    guard geteuid() == 0 else { throw Refusal(reason: "containers need root") }
    let repository = try BigRepository(dynos: dynos)
    defer { repository.remove() }
    let bench = try await StartBench(repository, dynos: dynos)
    do {
      let rows = try await rows(bench)
      try await bench.remove()
      return rows
    } catch {
      try await bench.remove()
      throw error
    }
  }

  private static func rows(_ bench: StartBench) async throws -> [Row] {
    try await bench.makeBundles()
    let samples = try await alternate(rounds: 10) {
      try await bench.start()
    } baseline: {
      try bench.baseline("loop")
    }
    var floor = Samples()
    for _ in 1...10 { floor.add(try bench.baseline("floor")) }
    let ours = samples.ours.median
    return [
      Row(
        name: "start-50",
        words: "\(dynos) dynos from nothing until the last has exec'd, against a script",
        ours: ours, baseline: samples.baseline.median, goal: .ratio(1.3),
        doubts: [
          samples.ours.doubt("ours"), samples.baseline.doubt("the script"),
          doubt(samples.baseline.median),
        ].compactMap { $0 }),
      Row(
        name: "floor", words: "the same against bare crun: no network, no monitor, no record",
        ours: ours, baseline: floor.median, goal: .none),
    ]
  }

  private static func doubt(_ script: Duration) -> String? {
    let rate = Double(dynos) / (script / .seconds(1))
    guard rate < baselineRate else { return nil }
    return "the script starts \(rate.twoDigits) a second; it has to reach \(baselineRate.twoDigits)"
  }
}

/// A runtime with stack and slug ready, for one formation after the other.
private final class StartBench {
  private let runtime: EmbeddedRuntime
  private let source: any FormationSource
  private let dynos: Int
  private let home: BenchState

  init(_ repository: BigRepository, dynos: Int) async throws {
    self.dynos = dynos
    home = try BenchState()
    runtime = try EmbeddedRuntime(
      controller: home.identity.shortID, stateFolder: home.folder.path)
    source = try ReadingRows.source(of: repository)
  }

  private var bundles: String { home.folder.path + "/bundles" }

  /// Makes stack and slug ready, and the bundles that the script starts.
  func makeBundles() async throws {
    let specs = try await run().specs
    try FileManager.default.createDirectory(
      atPath: bundles, withIntermediateDirectories: true)
    try check(await runtime.exportBundles(specs, into: bundles))
  }

  /// How long Muster takes, in a state directory that is new.
  func start() async throws -> Duration { try await run().took }

  private func run() async throws -> (took: Duration, specs: [InstanceSpec]) {
    let state = try BenchState()
    defer { state.remove() }
    let (notices, continuation) = AsyncStream.makeStream(of: LoopNotice.self)
    let began = ContinuousClock.now
    let driver = LoopDriver(
      options: LoopOptions(runsOnce: false, catalog: ShippedCatalog.catalog),
      memory: try await state.store.load(),
      seams: state.seams(source, runtime, StackResolver(), clock: now)
    ) { continuation.yield($0) }
    let loop = Task { await driver.run() }
    var specs: [InstanceSpec] = []
    for await notice in notices {
      switch notice {
      case .ended(_, let step, .done, _):
        if case .start(let spec) = step.operation { specs.append(spec) }
      case .ended(_, _, .failed(let failure), _): throw Refusal(reason: failure.message)
      case .sourceProblem(let problem): throw Refusal(reason: problem.message)
      case .memoryProblem(let failure): throw Refusal(reason: failure.message)
      case .began, .progress, .planned, .reading, .observing, .answered: break
      }
      if specs.count == dynos { break }
    }
    let took = ContinuousClock.now - began
    loop.cancel()
    _ = await loop.value
    try await clear()
    return (took, specs)
  }

  /// Ends and removes every instance.
  private func clear() async throws {
    guard case .complete(let formation) = await runtime.observe() else {
      throw Refusal(reason: "what runs cannot be seen")
    }
    for instance in formation.instances {
      try check(await runtime.kill(instance.id))
      try check(await runtime.remove(instance.id))
    }
  }

  private func check(_ outcome: Outcome) throws {
    if case .failed(let failure) = outcome { throw Refusal(reason: failure.message) }
  }

  /// How long the script says that it took.
  func baseline(_ kind: String) throws -> Duration {
    let script = "Tests/Benchmarks/baseline-start.sh"
    let output = try Program.run("/bin/bash", [script, kind, bundles])
    let words = output.split(separator: " ")
    guard words.count == 4, let seconds = Double(words[2]) else {
      throw Refusal(reason: "the script said: \(output)")
    }
    return .seconds(seconds)
  }

  /// Leaves the machine as it was.
  func remove() async throws {
    try await clear()
    try check(await runtime.tearDown())
    home.remove()
  }
}
