// Clauses on observing and starting.

import Effects
import FormationModel
import Testing

extension RuntimeContract {
  static let observation = [
    ContractClause("an empty world is complete, and empty") { world in
      var empty = ObservedFormation()
      empty.memoryBytes = try await world.observed().memoryBytes
      #expect(await world.runtime.observe() == .complete(empty))
      #expect(empty.memoryBytes ?? 0 > 0, "nobody tells what the machine has")
    },
    ContractClause("stack and slug lie ready once prepared, however often") { world in
      await world.prepare()
      await world.prepare()
      let observed = try await world.observed()
      #expect(observed.stacks == [world.fixture.stack.digest])
      #expect(observed.slugs == [world.slug.reference.digest])
    },
    ContractClause("another runtime object sees the same world") { world in
      let running = try world.id()
      let ended = try world.id(.web, 2)
      try await world.run(running, .runs)
      try await world.run(ended, .exits(3))
      _ = try await world.exit(ended)
      let before = await world.runtime.observe()
      let after = try await world.fixture.reopened().observe()
      #expect(before == after)
    },
    ContractClause("a hint comes when an instance is started, and when it has ended") { world in
      let id = try world.id()
      let hints = HintLog(world.runtime.events())
      try await world.run(id, .runs)
      try await eventually("a hint that \(id) was started") { hints.count(id) > 0 ? true : nil }
      _ = try await world.observed()
      let before = hints.count(id)
      #expect(await world.runtime.kill(id) == .done)
      await world.fixture.advance()
      try await eventually("a hint that \(id) has ended") {
        hints.count(id) > before ? true : nil
      }
    },
    ContractClause("a hint comes when an instance ends by itself, looked at or not") { world in
      let hints = HintLog(world.runtime.events())
      let ids = try (1...4).map { try world.id(.web, $0) }
      for id in ids { try await world.run(id, .exits(3)) }
      for id in ids {
        let exit = try await world.exit(id)
        #expect(exit.code == 3)
        try await eventually("a hint of \(id)") { hints.count(id) > 0 ? true : nil }
      }
    },
  ]

  static let starting = [
    ContractClause("a started instance runs, with what it was started with") { world in
      let id = try world.id()
      let spec = try world.spec(id, command: world.fixture.command(.runs), crashes: 2)
      try await world.run(id, .runs, crashes: 2)
      let instance = try #require(try await world.observed().instances.first)
      #expect(instance.id == id)
      #expect(instance.phase == .running)
      #expect(instance.form == spec.form)
      #expect(instance.crashes == 2)
      #expect(instance.startedAt != nil)
      #expect(instance.endpoint?.port == 8080)
    },
    ContractClause("only dynos with a port have an endpoint") { world in
      let worker = try #require(ProcessType(rawValue: "worker"))
      try await world.run(world.id(worker, 1), .runs)
      let command = world.fixture.command(.runs)
      try await world.run(world.id(worker, 2), command: command, tcpPort: 6000)
      let endpoints = try await world.observed().instances.map(\.endpoint?.port)
      #expect(endpoints == [nil, 6000])
    },
    ContractClause("an id is used once, while its instance runs and after it has ended") { world in
      let id = try world.id()
      try await world.run(id, .exits(0))
      for _ in 1...2 {
        guard case .failed(let failure) = try await world.start(id, .runs) else {
          throw ContractFailure("a second start was not refused")
        }
        #expect(failure.code == "exists")
        #expect(failure.retry == .afterObserving)
        _ = try await world.exit(id)
      }
      #expect(try await world.observed().instances.count == 1)
    },
    ContractClause("what is not ready is not started, and leaves nothing") { world in
      let id = try world.id()
      let spec = try world.spec(id, command: world.fixture.command(.runs))
      guard case .failed(let failure) = await world.runtime.start(spec, config: [:]) else {
        throw ContractFailure("an instance without stack and slug was started")
      }
      #expect(failure.retry == .afterObserving)
      #expect(try await world.observed().instances.isEmpty)
    },
    ContractClause("many start at once, each once") { world in
      await world.prepare()
      let ids = try (1...8).map { try world.id(.web, $0) }
      let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
        for id in ids {
          let spec = try world.spec(id, command: world.fixture.command(.runs))
          let runtime = world.runtime
          group.addTask { await runtime.start(spec, config: [:]) }
          group.addTask { await runtime.start(spec, config: [:]) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == .done } == ids.count)
      let observed = try await world.observed()
      #expect(observed.instances.map(\.id) == ids)
      #expect(Set(observed.instances.compactMap(\.endpoint)).count == ids.count)
    },
  ]
}
