// Stopping as Heroku stops: SIGTERM to every process, apps end in their own way, commands that are
// more than one program end in order.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

/// A command, and how it ends when it is asked to.
struct Stopping: Sendable, CustomTestStringConvertible {
  let command: String
  /// Which exit codes are right.
  let codes: Set<Int>
  let output: [String]

  init(_ command: String, codes: Set<Int>, output: [String] = []) {
    // What sets a trap is ready once it is set, and says so itself.
    self.command = command.contains("echo ready") ? command : "echo ready; " + command
    self.codes = codes
    self.output = ["ready"] + output
  }

  var testDescription: String { command }

  private static let slow =
    "trap 'sleep 0.3; echo clean; exit 5' TERM; echo ready; "
    + "while :; do sleep 0.1; done"

  static let all = [
    Stopping("sleep 1000", codes: [143]),
    Stopping("exec sleep 1000", codes: [143]),
    Stopping("sleep 1000 && echo no", codes: [143]),
    Stopping("sleep 1000; echo no", codes: [143]),
    // `wait` says 0 when all it waits for has ended, 143 when the signal comes first.
    Stopping("sleep 1000 & sleep 1000 & wait", codes: [0, 143]),
    Stopping(
      "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.1; done", codes: [3],
      output: ["bye"]),
    Stopping("sh -c \"\(slow)\" && echo no", codes: [5], output: ["clean"]),
    Stopping("(\(slow)) & wait", codes: [0, 143], output: ["clean"]),
  ]

  /// Starts it, waits until it is ready, stops it, and looks how it ended.
  func check(_ world: ContractWorld, ordinal: Int = 1) async throws {
    let id = try world.id(.web, ordinal)
    try await world.run(id, command: command)
    let app = try #require(id.slot.app)
    let query = LogQuery(app: app, process: .web, ordinal: ordinal, count: 100)
    try await eventually("it is ready") {
      try await world.runtime.logs(query).isEmpty ? nil : true
    }
    let killAt = LoopTime(milliseconds: 4_000_000_000_000)
    #expect(await world.runtime.stop(id, killAt: killAt) == .done)
    let exit = try await world.exit(id)
    #expect(codes.contains(exit.code ?? -1))
    #expect(exit.requested)
    // Shells tell on standard error that a program was terminated.
    let lines = try await world.runtime.logs(query)
    #expect(lines.filter { !$0.isError }.map(\.text) == output)
  }
}

extension EmbeddedSuite {
  @Suite struct SignalTests {
    /// Once more than usual when somebody wants to be sure.
    static let rounds =
      1...(ProcessInfo.processInfo.environment["MUSTER_ROUNDS"].flatMap(Int.init) ?? 10)

    @Test(arguments: SignalTests.rounds)
    func `a dyno that is stopped while it starts ends too`(_ time: Int) async throws {
      try await withEmbedded { _, world in
        let ids = try (1...4).map { try world.id(.web, $0) }
        let killAt = LoopTime(milliseconds: 4_000_000_000_000)
        for id in ids {
          try await world.run(id, .runs)
          #expect(await world.runtime.stop(id, killAt: killAt) == .done)
        }
        for id in ids {
          let exit = try await world.exit(id)
          #expect(exit.requested && exit.code == 143, "\(exit)")
        }
      }
    }

    @Test(arguments: Stopping.all)
    func `busybox's shell stops in order`(_ stopping: Stopping) async throws {
      try await withEmbedded { _, world in try await stopping.check(world) }
    }
  }
}
