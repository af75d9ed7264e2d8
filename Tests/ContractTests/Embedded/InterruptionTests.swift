// Muster killed at any instant: what the next Muster sees, and that it can clean up. Each test
// makes by hand what a kill at one point of a start, a stop or a removal leaves.

import ChildProcesses
import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct InterruptionTests {
    /// How far a start gets before it is cut short.
    enum Point: CaseIterable {
      case claimed, laidOut, monitorStarted, created, connected
    }

    @Test(arguments: Point.allCases)
    func `a start that was cut short was never started, and can be removed`(_ point: Point)
      async throws
    {
      var traces: ControllerTraces?
      try await withEmbedded { fixture, world in
        traces = ControllerTraces(places: fixture.embedded.places)
        await world.prepare()
        let id = try world.id()
        try cut(short: world.spec(id, command: "exec sleep 1000"), at: point, fixture)
        let next = try fixture.again()
        guard case .complete(let seen) = await next.observe() else {
          throw ContractFailure("not complete")
        }
        #expect(seen.instances.map(\.phase) == [.created])
        #expect(seen.instances.map(\.startedAt) == [nil])
        #expect(await next.remove(id) == .done)
        #expect(await next.remove(id) == .done)
      }
      let found = try #require(traces)
      try await eventually("nothing is left") { try found.lines().isEmpty ? true : nil }
    }

    private func cut(
      short spec: InstanceSpec, at point: Point, _ fixture: EmbeddedFixture
    ) throws {
      let runtime = fixture.embedded
      let machinery = try runtime.machinery()
      let launch = runtime.launch(machinery)
      let address = try machinery.addresses.take()
      let record = launch.record(of: spec, runtime.places.container(spec.id), address)
      let folder = InstanceFolder(spec.id, in: runtime.places)
      try folder.claim(record)
      if point == .claimed { return }
      try launch.layOut(spec, record, [], in: folder.path)
      if point == .laidOut { return }
      if point == .monitorStarted { return try startMonitor(record, folder, machinery, runtime) }
      let pid = try launch.create(record, in: folder)
      if point == .created { return }
      try machinery.network.connect(pid, interface: record.container, address: address)
    }

    /// Starts conmon and goes away before it says anything.
    private func startMonitor(
      _ record: InstanceRecord, _ folder: InstanceFolder, _ machinery: Machinery,
      _ runtime: EmbeddedRuntime
    ) throws {
      try runtime.logs.begin(record.id)
      let order = Conmon.Order(
        container: record.container, name: "cut", bundle: folder.path,
        log: runtime.logs.file(record.id), logLimit: 1 << 20)
      let child = try Child.start(
        machinery.conmon.program,
        machinery.conmon.arguments(order, machinery.oci, runtime.places),
        descriptors: [], newSession: true)
      machinery.conmon.children.take(child)
    }

    @Test func `an interrupted claim or removal leaves no instance`() async throws {
      try await withEmbedded { fixture, world in
        await world.prepare()
        let instances = fixture.embedded.places.instances
        for name in [".new-1-contract.web.1.v7.1", ".gone-contract.web.1.v7.1"] {
          try Files.makeFolder("\(instances)/\(name)/app/deep")
        }
        let observed = try await world.observed()
        #expect(observed.instances.isEmpty && observed.unproven.isEmpty)
        #expect(observed.slugs == [world.slug.reference.digest] && observed.strangers.isEmpty)
        let next = try fixture.again()
        #expect(await next.prepare(fixture.stack, progress: { _ in }) == .done)
        #expect(try Files.names(in: instances) == [])
      }
    }

    @Test func `a stop that was recorded and not sent is seen as stopping`() async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, .runs)
        var record = try #require(try fixture.embedded.record(of: id))
        record.killAt = LoopTime(milliseconds: 4_000_000_000_000)
        try InstanceFolder(id, in: fixture.embedded.places).rewrite(record)
        let killAt = try #require(record.killAt)
        #expect(try await world.phase(id) == .stopping(killAt: killAt))
        #expect(await world.runtime.stop(id, killAt: killAt) == .done)
        #expect(try await world.exit(id).requested)
      }
    }

    @Test func `a removal that was cut short is done again`() async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, .exits(4))
        _ = try await world.exit(id)
        let record = try #require(try fixture.embedded.record(of: id))
        try fixture.embedded.machinery().oci.delete(record.container)
        #expect(try await world.exit(id).code == 4)
        #expect(await world.runtime.remove(id) == .done)
      }
    }
  }
}
