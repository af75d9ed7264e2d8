// Clauses on exits, stopping, killing and removing.

import Effects
import FormationModel
import Testing

extension RuntimeContract {
  private static let later = LoopTime(milliseconds: 4_000_000_000_000)

  static let ending = [
    ContractClause("an exit code is kept until the instance is removed") { world in
      let id = try world.id()
      try await world.run(id, .exits(7))
      let exit = try await world.exit(id)
      #expect(exit.code == 7)
      #expect(!exit.requested)
      #expect(!exit.outOfMemory)
      #expect(try await world.phase(id) == .exited(exit))
      #expect(await world.runtime.remove(id) == .done)
      #expect(try await world.observed().instances.isEmpty)
    },
    ContractClause("stopping is recorded, and asked for once it is done") { world in
      let id = try world.id()
      try await world.run(id, .ignoresStop)
      try await world.fixture.settle(id)
      #expect(await world.runtime.stop(id, killAt: later) == .done)
      #expect(try await world.phase(id) == .stopping(killAt: later))
      let reopened = try world.fixture.reopened()
      #expect(await world.runtime.observe() == (await reopened.observe()))
      #expect(await world.runtime.kill(id) == .done)
      let exit = try await world.exit(id)
      #expect(exit.code == 137)
      #expect(exit.requested)
    },
    ContractClause("a dyno that heeds SIGTERM ends by itself") { world in
      let id = try world.id()
      try await world.run(id, .runs)
      #expect(await world.runtime.stop(id, killAt: later) == .done)
      #expect(try await world.exit(id).requested)
    },
    ContractClause("killing ends at once, unasked") { world in
      let id = try world.id()
      try await world.run(id, .runs)
      #expect(await world.runtime.kill(id) == .done)
      let exit = try await world.exit(id)
      #expect(exit.code == 137)
      #expect(!exit.requested)
    },
    ContractClause("stopping and killing what has ended is done, and changes nothing") { world in
      let id = try world.id()
      try await world.run(id, .exits(1))
      let exit = try await world.exit(id)
      #expect(await world.runtime.stop(id, killAt: later) == .done)
      #expect(await world.runtime.kill(id) == .done)
      #expect(try await world.phase(id) == .exited(exit))
    },
    ContractClause("stopping and killing what is not there fails: look again") { world in
      let id = try world.id()
      for outcome in [await world.runtime.stop(id, killAt: later), await world.runtime.kill(id)] {
        guard case .failed(let failure) = outcome else {
          throw ContractFailure("an instance that is not there was stopped")
        }
        #expect(failure.retry == .afterObserving)
      }
    },
    ContractClause("removing what runs fails, removing what is not there is done") { world in
      let id = try world.id()
      #expect(await world.runtime.remove(id) == .done)
      try await world.run(id, .runs)
      guard case .failed(let failure) = await world.runtime.remove(id) else {
        throw ContractFailure("a running instance was removed")
      }
      #expect(failure.retry == .afterObserving)
      #expect(try await world.phase(id) == .running)
      #expect(await world.runtime.kill(id) == .done)
      _ = try await world.exit(id)
      #expect(await world.runtime.remove(id) == .done)
      #expect(await world.runtime.remove(id) == .done)
      #expect(try await world.observed().instances.isEmpty)
    },
    ContractClause("ending one instance leaves the others alone") { world in
      let gone = try world.id(.web, 1)
      let kept = try world.id(.web, 2)
      try await world.run(gone, .runs)
      try await world.run(kept, .runs)
      let before = try await world.observed().instances.first { $0.id == kept }
      #expect(await world.runtime.kill(gone) == .done)
      _ = try await world.exit(gone)
      #expect(await world.runtime.remove(gone) == .done)
      #expect(try await world.observed().instances.map(Optional.some) == [before])
    },
  ]
}
