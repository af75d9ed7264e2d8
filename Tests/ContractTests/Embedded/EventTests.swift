// Hints of the embedded runtime: that they come at once, whoever ended the dyno, and what listening
// costs.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct EventTests {
    /// More than usual when somebody wants to be sure.
    private static let dynos =
      ProcessInfo.processInfo.environment["MUSTER_ROUNDS"].flatMap(Int.init) ?? 12

    /// Waits for one more hint than there were, without giving the clock away.
    private func hint(
      _ hints: HintLog, _ id: InstanceID, after before: Int, _ what: String
    ) async throws {
      let deadline = ContinuousClock.now + .seconds(30)
      while hints.count(id) <= before {
        if ContinuousClock.now > deadline { throw ContractFailure("no hint when \(what)") }
        try await Task.sleep(for: .microseconds(200))
      }
    }

    @Test func `a dyno that somebody kills is told of at once`() async throws {
      try await withEmbedded { fixture, world in
        let hints = HintLog(world.runtime.events())
        var delays: [Duration] = []
        for ordinal in 1...Self.dynos {
          let id = try world.id(.web, ordinal)
          try await world.run(id, .runs)
          let record = try #require(try fixture.embedded.record(of: id))
          let process = try #require(fixture.embedded.inspection.process(record))
          let before = hints.count(id)
          let start = ContinuousClock.now
          kill(process, SIGKILL)
          // The hint of its start may come this late. That of its end does not come before what it
          // tells of can be seen: nothing else would tell.
          var told = before
          var exit: InstanceExit?
          repeat {
            try await hint(hints, id, after: told, "\(id) is killed")
            told = hints.count(id)
            if case .exited(let how) = try await world.phase(id) { exit = how }
          } while exit == nil
          delays.append(ContinuousClock.now - start)
          #expect(exit?.code == 137)
        }
        let sorted = delays.sorted()
        print("kill -9 to hint: median \(sorted[sorted.count / 2]), most \(sorted.last ?? .zero)")
      }
    }

    @Test func `a record that somebody removes is told of`() async throws {
      try await withEmbedded { fixture, world in
        let ids = try (1...3).map { try world.id(.web, $0) }
        for id in ids { try await world.run(id, .runs) }
        let hints = HintLog(world.runtime.events())
        _ = try await world.observed()
        let folders = ids.map { InstanceFolder($0, in: fixture.embedded.places) }
        let aside = fixture.folder + "-aside"
        defer { try? Files.removeTree(aside) }

        let bytes = try #require(try Files.read(folders[0].record))
        unlink(folders[0].record)
        try await hint(hints, ids[0], after: 0, "its record is deleted")
        #expect(rename(folders[1].path, aside) == 0)
        try await hint(hints, ids[1], after: 0, "its folder is moved away")
        #expect(hints.count(ids[2]) == 0)

        try Files.write(bytes, to: folders[0].record, mode: 0o600)
        #expect(rename(aside, folders[1].path) == 0)
      }
    }

    @Test func `what another Muster starts is told of`() async throws {
      try await withEmbedded { fixture, world in
        await world.prepare()
        let hints = HintLog(world.runtime.events())
        let id = try world.id()
        let other = try fixture.again()
        #expect(await other.start(try world.spec(id, command: "exit 3"), config: [:]) == .done)
        try await hint(hints, id, after: 0, "another one starts it")
      }
    }

    @Test func `hints go on after the last dyno went and the next one came`() async throws {
      try await withEmbedded { fixture, world in
        let hints = HintLog(world.runtime.events())
        for attempt in 1...3 {
          let id = try world.id(attempt: attempt)
          try await world.run(id, .runs)
          let record = try #require(try fixture.embedded.record(of: id))
          let process = try #require(fixture.embedded.inspection.process(record))
          try await hint(hints, id, after: 0, "it is started")
          let before = hints.count(id)
          kill(process, SIGKILL)
          try await hint(hints, id, after: before, "it is killed")
          #expect(await world.runtime.remove(id) == .done)
          #expect(await fixture.embedded.tearDown() == .done)
        }
      }
    }

    @Test func `listening holds one descriptor, however many dynos there are`() async throws {
      try await withEmbedded { fixture, world in
        let hints = HintLog(world.runtime.events())
        let before = try descriptors()
        let ids = try (1...Self.dynos).map { try world.id(.web, $0) }
        for id in ids { try await world.run(id, .runs) }
        _ = try await world.observed()
        #expect(try descriptors() == before)
        for id in ids {
          #expect(await world.runtime.kill(id) == .done)
          #expect(await world.runtime.remove(id) == .done)
        }
        #expect(try descriptors() == before)
        #expect(hints.count(ids[0]) > 0)
        let threads = try #require(try Files.names(in: "/proc/self/task")).count
        print("threads after \(ids.count) dynos: \(threads)")
      }
    }

    @Test func `a monitor that has ended is no zombie once somebody has looked`() async throws {
      try await withEmbedded { fixture, world in
        let ids = try (1...4).map { try world.id(.web, $0) }
        var monitors: Set<pid_t> = []
        for id in ids {
          try await world.run(id, .runs)
          let record = try #require(try fixture.embedded.record(of: id))
          monitors.insert(try #require(fixture.embedded.inspection.monitor(record)))
          #expect(await world.runtime.kill(id) == .done)
        }
        #expect(monitors.count == ids.count)
        try await eventually("no monitor is left, not even as a zombie") {
          _ = try await world.observed()
          return monitors.contains { Files.exists("/proc/\($0)/stat") } ? nil : true
        }
      }
    }

    /// Open descriptors that watch: of folders and of processes.
    private func descriptors() throws -> [String: Int] {
      var counts: [String: Int] = [:]
      for name in try Files.names(in: "/proc/self/fd") ?? [] {
        let link = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\(name)")
        guard let link, ["inotify", "[pidfd]"].contains(where: link.hasSuffix) else { continue }
        counts[link, default: 0] += 1
      }
      return counts
    }
  }
}
