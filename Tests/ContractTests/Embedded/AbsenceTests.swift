// Monitors that die, machines that are started again, records that cannot be read, logs that grow.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct AbsenceTests {
    @Test func `a dyno without its monitor is unsupervised, and can be ended`() async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, .runs)
        let events = world.runtime.events()
        _ = try await world.observed()
        let record = try #require(try fixture.embedded.record(of: id))
        let monitor = try #require(fixture.embedded.inspection.monitor(record))
        let hint = Task { await events.first { $0 == id } }
        kill(monitor, SIGKILL)
        #expect(await hint.value == id)
        try await eventually("it is unsupervised") {
          try await world.phase(id) == .unsupervised ? true : nil
        }
        #expect(await world.runtime.kill(id) == .done)
        #expect(try await world.exit(id).code == nil)
        #expect(await world.runtime.remove(id) == .done)
      }
    }

    @Test func `after a restart of the machine everything has ended, nobody knows how`()
      async throws
    {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, .runs)
        #expect(await world.runtime.kill(id) == .done)
        _ = try await world.exit(id)
        let places = try ControllerPlaces(
          controller: fixture.controller, state: fixture.folder, boot: "another-boot")
        let next = EmbeddedRuntime(
          places, concurrency: 1, logPolicy: LogPolicy(), choice: .automatic)
        guard case .complete(let seen) = await next.observe(),
          case .exited(let exit) = seen.instances.first?.phase
        else { throw ContractFailure("not seen as exited") }
        #expect(exit.code == nil)
        #expect(!exit.requested)
        #expect(await next.observe() == .complete(seen))
        let observed = try #require(seen.instances.first)
        #expect(observed.form != nil)
      }
    }

    @Test func `a record that cannot be read is reported and left alone`() async throws {
      try await withEmbedded { fixture, world in
        let bad = try world.id(.web, 1)
        let good = try world.id(.web, 2)
        for id in [bad, good] { try await world.run(id, .runs) }
        let folder = InstanceFolder(bad, in: fixture.embedded.places)
        let bytes = try #require(try Files.read(folder.record))
        try Files.write(bytes.prefix(40), to: folder.record, mode: 0o600)
        let seen = try await world.observed()
        #expect(seen.instances.map(\.id) == [good])
        #expect(seen.unproven.map(\.id) == [bad])
        #expect(seen.unproven.first?.story.contains(folder.record) == true)
        #expect(seen.strangers == [])
        for outcome in [await world.runtime.remove(bad), await world.runtime.kill(bad)] {
          guard case .failed(let failure) = outcome else {
            throw ContractFailure("an unreadable instance was touched")
          }
          #expect(failure.code == "unreadable-record")
        }
        #expect(try await world.start(bad, .runs) != .done)
        #expect(Files.exists(folder.path))
        try Files.write(bytes, to: folder.record, mode: 0o600)
        #expect(try await world.phase(bad) == .running)
      }
    }

    @Test func `a container without a record is reported and left alone`() async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, .runs)
        let stray = fixture.embedded.places.oci + "/m0000stray"
        try Files.makeFolder(stray)
        let seen = try await world.observed()
        #expect(seen.instances.map(\.phase) == [.running])
        #expect(seen.strangers == ["\(stray): a container without a record"])
        #expect(Files.exists(stray))
        try Files.removeTree(stray)
      }
    }

    @Test func `a dyno whose record was deleted keeps its slot, and says how to end it`()
      async throws
    {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, .runs)
        let folder = InstanceFolder(id, in: fixture.embedded.places)
        let bytes = try #require(try Files.read(folder.record))
        try machine("mv", folder.path, fixture.folder + "/away")
        let seen = try await world.observed()
        try machine("mv", fixture.folder + "/away", folder.path)
        #expect(seen.instances == [])
        #expect(seen.unproven.map(\.id) == [id])
        let container = fixture.embedded.places.container(id)
        #expect(seen.unproven.first?.fix.contains("delete --force \(container)") == true)
        #expect(try Files.read(folder.record) == bytes)
        #expect(try await world.phase(id) == .running)
      }
    }

    @Test func `files of a removal that was cut short at its end are swept`() async throws {
      try await withEmbedded { fixture, world in
        let id = try world.id()
        try await world.run(id, .runs)
        let places = fixture.embedded.places
        for file in ["\(places.exits)/mgone", "\(places.pids)/mgone.conmon"] {
          try Files.write("1".utf8, to: file)
        }
        let next = try fixture.again()
        #expect(await next.prepare(fixture.stack, progress: { _ in }) == .done)
        #expect(try Files.names(in: places.exits) == [])
        let container = places.container(id)
        #expect(try Files.names(in: places.pids) == [container, "\(container).conmon"])
      }
    }

    @Test func `a machine that runs dynos has nothing missing`() async throws {
      try await withEmbedded { fixture, _ in
        let findings = await fixture.embedded.diagnose()
        #expect(findings.count == 12)
        #expect(findings.filter { $0.state == .missing } == [])
        #expect(findings.allSatisfy { !$0.detail.isEmpty })
        let forwarding = try #require(findings.first { $0.name == "forwarding" })
        let isOurs = Files.exists(Forwarding().mark)
        #expect(forwarding.detail.contains("switched on for dynos") == isOurs)
      }
    }

    @Test func `logs are rotated without losing lines, and stay bounded`() async throws {
      var policy = LogPolicy()
      policy.bytes = 100_000
      try await withEmbedded(logPolicy: policy) { fixture, world in
        let id = try world.id()
        let command = "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo line $i; done; sleep 1000"
        try await world.run(id, command: "\(command)")
        let app = try #require(id.slot.app)
        try await eventually("all lines") {
          _ = try await world.observed()
          let last = try await world.runtime.logs(LogQuery(app: app, count: 1)).last
          return last?.text == "line 2000" ? true : nil
        }
        _ = try await world.observed()
        let texts = try await world.runtime.logs(LogQuery(app: app, count: 2000)).map(\.text)
        #expect(texts == (1...2000).map { "line \($0)" }.suffix(texts.count))
        #expect(texts.count >= 1000)
      }
    }

    @Test func `a full disk is the machine's fault, and nothing else is`() async throws {
      let folder = FileManager.default.temporaryDirectory.path + "/muster-full-\(getpid())"
      try Files.makeFolder(folder)
      try machine("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder)
      defer {
        _ = try? machine("umount", folder)
        rmdir(folder)
      }
      let runtime = try EmbeddedRuntime(controller: "test-full", stateFolder: folder)
      let busybox = Stack(
        name: try #require(CatalogName(rawValue: "busybox")), source: .busybox, shell: "/bin/sh")
      let stack = try await StackResolver().resolve(busybox)
      guard case .failed(let failure) = await runtime.prepare(stack, progress: { _ in }) else {
        throw ContractFailure("2 MB on a disk of 1 MB")
      }
      #expect(failure.code == "disk-full")
      #expect(failure.retry == .whenMachineIsMended)
      #expect(try Files.names(in: folder + "/stacks") == [])
      #expect(await runtime.tearDown() == .done)
    }
  }
}
