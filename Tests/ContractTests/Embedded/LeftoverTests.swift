// What a whole life of dynos leaves behind: nothing; and what looks like ours and is not:
// untouched.

import ChildProcesses
import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct LeftoverTests {
    @Test func `a whole run leaves the machine as it was`() async throws {
      var traces: ControllerTraces?
      try await withEmbedded { fixture, world in
        let found = ControllerTraces(places: fixture.embedded.places)
        traces = found
        #expect(try found.lines() == [])
        for ordinal in 1...3 { try await world.run(world.id(.web, ordinal), .runs) }
        try await world.run(world.id(.web, 4), .exits(1))
        _ = try await world.exit(world.id(.web, 4))
        let kinds = Set(try found.lines().map { $0.prefix { $0 != " " } })
        #expect(kinds.isSuperset(of: ["link", "route", "cgroup", "process", "run", "claim"]))
      }
      // The kernel takes a dyno's network down a moment after its last process.
      let found = try #require(traces)
      try await eventually("nothing is left") { try found.lines().isEmpty ? true : nil }
    }

    @Test func `look-alikes survive`() async throws {
      let chain = "MUSTER-m0000-IN"
      let group = (Cgroups.onThisMachine().mounts.first ?? "") + "/muster-m0000"
      let iptables = try Firewall.find(
        prefix: "m0000", network: AddressClaim.everyone
      ).program.replacingOccurrences(of: "-restore", with: "")
      try machine("ip", "link", "add", "m00001111122222", "type", "bridge")
      _ = try Command(iptables, ["-w", "10", "-N", chain]).run()
      try Files.makeFolder(group)
      try Files.makeFolder(ControllerPlaces.machine + "/somebody")
      let sleep = try #require(MachineTools.path(of: "sleep"))
      let process = try Child.start(sleep, ["1000"], descriptors: [-1, -1, -1])
      defer {
        process.kill()
        _ = process.wait()
        rmdir(group)
        rmdir(ControllerPlaces.machine + "/somebody")
        _ = try? Command(iptables, ["-w", "10", "-X", chain]).run()
        _ = try? machine("ip", "link", "delete", "m00001111122222")
      }
      try await withEmbedded { _, world in
        let id = try world.id()
        try await world.run(id, .runs)
        #expect(await world.runtime.kill(id) == .done)
        _ = try await world.exit(id)
        #expect(await world.runtime.remove(id) == .done)
      }
      #expect(DynoNetwork.exists("m00001111122222"))
      #expect(Files.exists(group))
      #expect(Files.exists(ControllerPlaces.machine + "/somebody"))
      #expect(ProcessTable.isAlive(process.pid))
      #expect(try Command(iptables, ["-w", "10", "-S", chain]).run().code == 0)
    }

    @Test func `what is still in use is not taken down`() async throws {
      try await withEmbedded { fixture, world in
        try await world.run(world.id(), .runs)
        guard case .failed(let failure) = await fixture.embedded.tearDown() else {
          throw ContractFailure("taken down under a running dyno")
        }
        #expect(failure.code == "in-use")
        #expect(try await world.phase(world.id()) == .running)
      }
    }
  }
}
