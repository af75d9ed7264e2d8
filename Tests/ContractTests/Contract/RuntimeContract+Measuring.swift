// Clauses on what dynos use and what a runtime keeps on the disk.

import Effects
import FormationModel
import Testing

extension RuntimeContract {
  static let measuring = [
    ContractClause("every running instance is measured, and no other") { world in
      let running = try world.id(.web, 1)
      let ended = try world.id(.web, 2)
      try await world.run(running, .runs)
      try await world.run(ended, .exits(0))
      _ = try await world.exit(ended)
      let first = try await world.runtime.measure()
      #expect(first.instances.keys.sorted() == [running])
      let sample = try #require(first.instances[running])
      #expect(sample.memory.total > 0)
      #expect(sample.memory.total <= 64 << 20)
      #expect(sample.processes >= 1 && sample.tasks >= sample.processes)
      #expect(first.machine.cores >= 1)
      #expect(first.machine.memoryBytes >= first.machine.availableBytes)
      await world.fixture.advance()
      let second = try await world.runtime.measure()
      #expect(second.instant > first.instant)
      #expect(try #require(second.instances[running]).cpuTime >= sample.cpuTime)
    },
    ContractClause("the share of a core is that of a busy dyno", needsCommands: true) { world in
      let busy = try world.id(.web, 1)
      let idle = try world.id(.web, 2)
      try await world.run(busy, command: "while :; do :; done")
      try await world.run(idle, .runs)
      // Other work of the machine may have the cores: of the time that there is, the busy one gets
      // nearly all.
      var first = try await world.runtime.measure()
      try await eventually("the busy dyno was measured busy") { () -> Bool? in
        let second = try await world.runtime.measure()
        let window = SampleWindow(from: first, to: second)
        // A window that is too short means nothing.
        guard window.length > .milliseconds(300) else { return nil }
        first = second
        guard let share = window.cpuShare(of: busy), let other = window.cpuShare(of: idle) else {
          return nil
        }
        return share > 0.2 && share < 1.5 && other < 0.05 ? true : nil
      }
    },
    ContractClause("memory that a dyno takes is seen", needsCommands: true) { world in
      let id = try world.id()
      // 20 MB in a memory file system count as cache, in Heroku's terms.
      let command = "head -c 20000000 /dev/zero >/dev/shm/full; exec sleep 1000"
      try await world.run(id, command: command)
      try await eventually("20 MB are seen") {
        let sample = try await world.runtime.measure().instances[id]
        return (sample?.memory.cache ?? 0) >= 20_000_000 ? true : nil
      }
    },
    ContractClause("what is kept is listed, and goes when it is discarded") { world in
      let id = try world.id()
      try await world.run(id, .exits(0))
      _ = try await world.exit(id)
      #expect(await world.runtime.remove(id) == .done)
      let items = try await world.runtime.inventory()
      let names = Set(items.map { "\($0.kind.rawValue) \($0.name)" })
      #expect(names.contains("slug \(world.slug.reference.digest.rawValue)"))
      #expect(names.contains("stack \(world.stack.digest.rawValue)"))
      #expect(names.contains("log \(id)"))
      for item in items { #expect(await world.runtime.discard(item) == .done, "\(item)") }
      #expect(try await world.runtime.inventory().isEmpty)
      let observed = try await world.observed()
      #expect(observed.slugs.isEmpty && observed.stacks.isEmpty)
      // Again: done. And what went can be made ready again.
      for item in items { #expect(await world.runtime.discard(item) == .done, "\(item)") }
      try await world.run(world.id(attempt: 2), .runs)
    },
    ContractClause("what a dyno needs is not discarded") { world in
      let id = try world.id()
      try await world.run(id, .runs)
      let items = try await world.runtime.inventory()
      #expect(items.contains { $0.kind == .writable && $0.instance == id })
      for item in items {
        guard case .failed = await world.runtime.discard(item) else {
          throw ContractFailure("\(item) went while its dyno runs")
        }
      }
      #expect(try await world.phase(id) == .running)
      #expect(try await world.runtime.inventory().map(\.name) == items.map(\.name))
    },
    ContractClause("only what the runtime keeps is discarded") { world in
      let foreign = [
        StoredItem(.secret, "identity", bytes: 0), StoredItem(.leftover, "../identity", bytes: 0),
        StoredItem(.leftover, "identity", bytes: 0), StoredItem(.slug, "../identity", bytes: 0),
        StoredItem(.slug, "", bytes: 0), StoredItem(.other, "volumes", bytes: 0),
      ]
      for item in foreign {
        if case .done = await world.runtime.discard(item) {
          // A name of which there is nothing is done, and nothing else may be.
          #expect(item.kind == .slug, "\(item)")
        }
      }
    },
  ]
}
