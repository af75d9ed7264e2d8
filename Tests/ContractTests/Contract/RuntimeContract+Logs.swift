// Clauses on output. For runtimes that run commands.

import Effects
import FormationModel
import Testing

extension RuntimeContract {
  static let logs = [
    ContractClause("lines come in order, each whole, with their stream", needsCommands: true) {
      world in
      let long = String(repeating: "x", count: 40_000)
      let command = "echo one; echo two >&2; sleep 0.1; echo \(long); echo; printf unfinished"
      let id = try world.id()
      try await world.run(id, command: command)
      let app = try #require(AppName(rawValue: "contract"))
      let lines = try await eventually("five lines") {
        let lines = try await world.runtime.logs(LogQuery(app: app, count: 100))
        return lines.count == 5 ? lines : nil
      }
      #expect(Set(lines.prefix(2).map(\.text)) == ["one", "two"])
      #expect(lines.dropFirst(2).map(\.text) == [long, "", "unfinished"])
      #expect(lines.filter(\.isError).map(\.text) == ["two"])
      #expect(lines.allSatisfy { $0.instance == id })
      let newest = try await world.runtime.logs(LogQuery(app: app, count: 2))
      #expect(newest.map(\.text) == ["", "unfinished"])
    },
    ContractClause("output outlives the instance, as previous output", needsCommands: true) {
      world in
      let first = try world.id(attempt: 1)
      try await world.run(first, command: "echo first")
      _ = try await world.exit(first)
      #expect(await world.runtime.remove(first) == .done)
      try await world.run(world.id(attempt: 2), command: "echo second")
      #expect(try await world.output(1) == ["second"])
      #expect(try await world.output(1, previous: true) == ["first"])
    },
    ContractClause("queries choose by process type and number", needsCommands: true) { world in
      let worker = try #require(ProcessType(rawValue: "worker"))
      for id in [try world.id(.web, 1), try world.id(.web, 2), try world.id(worker, 1)] {
        try await world.run(id, command: "echo $DYNO")
      }
      _ = try await world.output(3)
      let app = try #require(AppName(rawValue: "contract"))
      let web = try await world.runtime.logs(LogQuery(app: app, process: .web, count: 10))
      #expect(Set(web.map(\.text)) == ["web.1", "web.2"])
      let one = try await world.runtime.logs(
        LogQuery(app: app, process: .web, ordinal: 2, count: 10))
      #expect(one.map(\.text) == ["web.2"])
    },
    ContractClause("following gives what there is and what comes", needsCommands: true) { world in
      let command = "echo before; until test -e /tmp/never; do echo again; sleep 0.05; done"
      try await world.run(world.id(), command: command)
      let app = try #require(AppName(rawValue: "contract"))
      var texts: [String] = []
      for try await lines in world.runtime.follow(LogQuery(app: app, count: 10)) {
        texts += lines.map(\.text)
        if texts.count >= 40 { break }
      }
      #expect(texts.filter { $0 == "before" }.count <= 1)
      #expect(texts.count { $0 == "again" } >= 39)
    },
    ContractClause("following goes on with the instance that comes next", needsCommands: true) {
      world in
      let first = try world.id(attempt: 1)
      try await world.run(first, command: "echo one; sleep 0.3; echo two")
      let app = try #require(AppName(rawValue: "contract"))
      var texts: [String] = []
      var hasNext = false
      for try await lines in world.runtime.follow(LogQuery(app: app, count: 10)) {
        texts += lines.map(\.text)
        if texts.contains("two"), !hasNext {
          hasNext = true
          _ = try await world.exit(first)
          #expect(await world.runtime.remove(first) == .done)
          try await world.run(world.id(attempt: 2), command: "echo three; sleep 1000")
        }
        if texts.contains("three") { break }
      }
      #expect(texts == ["one", "two", "three"])
    },
    ContractClause("a query without an app is of all apps", needsCommands: true) { world in
      let other = try #require(AppName(rawValue: "another"))
      let ids = [
        try world.id(),
        InstanceID(slot: SlotID(other, .web, 1), release: 7, attempt: 1),
      ]
      for id in ids { try await world.run(id, command: "echo $MUSTER_APP") }
      let lines = try await eventually("two lines") {
        let lines = try await world.runtime.logs(LogQuery(app: nil, count: 10))
        return lines.count == 2 ? lines : nil
      }
      #expect(Set(lines.map(\.text)) == ["contract", "another"])
    },
  ]
}
