// How fast dynos start beside the hand-written loop over the same bundles. Runs when MUSTER_BENCH
// is set; the figures count in a release build, on an idle machine.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["MUSTER_BENCH"] == "1",
    "a benchmark; runs with MUSTER_BENCH=1"))
struct StartRateTests {
  @Test func `fifty dynos start about as fast as by hand`() async throws {
    for _ in 1...3 {
      let fixture = try await EmbeddedFixture()
      let world = ContractWorld(fixture: fixture)
      await world.prepare()
      let specs = try (1...50).map {
        try world.spec(world.id(.web, $0), command: "exec sleep 1000")
      }
      let bundles = fixture.folder + "/bundles"
      #expect(await fixture.embedded.exportBundles(specs, into: bundles) == .done)
      if ProcessInfo.processInfo.environment["KEEP"] != nil { print(fixture.folder); return }
      for kind in ["floor", "loop"] { print(try baseline(kind, bundles)) }
      let began = ContinuousClock.now
      await withTaskGroup(of: Outcome.self) { group in
        for spec in specs { group.addTask { await fixture.embedded.start(spec, config: [:]) } }
        for await outcome in group { #expect(outcome == .done) }
      }
      let span = ContinuousClock.now - began
      print("muster 50 \(span) \(50_000.0 / Double(span.inMilliseconds))")
      await fixture.tearDown()
    }
  }

  private func baseline(_ kind: String, _ bundles: String) throws -> String {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Benchmarks/baseline-start.sh")
    let result = try Command("/bin/bash", [script.path, kind, bundles]).run()
    return result.output + result.errors + "(\(result.code))"
  }
}
