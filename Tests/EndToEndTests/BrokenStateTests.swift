// Every command on every broken state directory: one clear error, what to do, the documented exit
// code, nothing lost. What is broken and what is answered: BrokenStates.swift.

import Foundation
import Synchronization
import Testing

@Suite(.enabled(if: MusterProgram.isThere, "the executable is not built: set MUSTER_BINARY"))
struct BrokenStateTests {
  /// Runs that wait at the same time; most of each is waiting.
  private static let width = 4

  /// Runs each command on a copy that is broken, in each way; hands over the answer, and whether
  /// the state directory is what it was.
  private func each(
    _ commands: [BrokenCommand], of states: [BrokenState],
    _ check: (BrokenState, BrokenCommand, MusterProgram.Answer, _ isSame: Bool) -> Void
  ) throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    let runs = states.flatMap { state in commands.map { (state: state, command: $0) } }
    let results = Mutex<[Int: Result<(MusterProgram.Answer, Bool), any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: Self.width) { lane in
      for number in stride(from: lane, to: runs.count, by: Self.width) {
        let result = Result {
          let copy = try whole.copy(to: "copy-\(number)")
          try runs[number].state.breaks(copy)
          let before = BrokenPlatform.content(of: copy)
          let answer = try whole.run(runs[number].command, on: copy)
          return (answer, BrokenPlatform.content(of: copy) == before)
        }
        results.withLock { $0[number] = result }
      }
    }
    for (number, run) in runs.enumerated() {
      let result = try #require(results.withLock { $0[number] })
      let (answer, isSame) = try result.get()
      check(run.state, run.command, answer, isSame)
    }
  }

  private func expectRefusals(_ commands: [BrokenCommand], of states: [BrokenState]) throws {
    try each(commands, of: states) { state, command, answer, isSame in
      answer.expect(state.answer(to: command), command, state.name)
      #expect(isSame, "\(state.name), \(command.words): the state directory was changed")
    }
  }

  @Test func `every command says what is wrong and what to do, and changes nothing`() throws {
    try expectRefusals(BrokenCommand.all, of: BrokenState.refusing)
  }

  @Test func `whatever is broken, it is said, and nothing is changed`() throws {
    try expectRefusals(BrokenCommand.some, of: BrokenState.refusingToo)
  }

  @Test func `what can be done is done, what cannot says why`() throws {
    let commands = BrokenCommand.all.filter { $0.words != "serve" }
    try each(commands, of: BrokenState.going) { state, command, answer, _ in
      answer.expect(state.answer(to: command), command, state.name)
    }
  }

  @Test func `a secret that is damaged holds its app before anything is stopped`() throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    let file = whole.platform.state + "/secrets/shop/SESSION_KEY"
    let kept = try #require(FileManager.default.contents(atPath: file))
    try "nonsense".write(toFile: file, atomically: false, encoding: .utf8)
    let set = try whole.platform.muster("secrets", "set", "shop", "STRIPE_KEY", input: "another")
    set.expect(3, saying: "SESSION_KEY is lost or damaged", "from a backup", "secrets rotate")
    #expect(try whole.platform.ps().map(\.release) == [1, 1], "what runs goes on")
    try kept.write(to: URL(fileURLWithPath: file))
    try whole.platform.converge()
    #expect(try whole.platform.ps().map(\.release) == [2, 2])
  }

  @Test func `an identity of another controller replaces once, and loses nothing`() throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    let other = try BrokenPlatform()
    defer { other.platform.tearDown() }
    let identity = whole.platform.state + "/identity"
    try FileManager.default.removeItem(atPath: identity)
    try FileManager.default.copyItem(
      atPath: other.platform.state + "/identity", toPath: identity)
    try whole.platform.muster("plan").expect(0, saying: "2 to replace")
    try whole.platform.converge()
    #expect(try whole.platform.ps().map(\.release) == [2, 2])
    let value = try whole.platform.muster("config", "get", "STRIPE_KEY", "--reveal")
    #expect(value.output == Canary.text + "\n", "\(value)")
  }

  @Test func `a database of an older Muster is read after the next reconcile`() throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    let older = whole.platform.state + "/muster.sqlite"
    var data = try #require(FileManager.default.contents(atPath: older))
    data.replaceSubrange(60..<64, with: [0, 0, 0, 2])
    try data.write(to: URL(fileURLWithPath: older))
    for command in ["plan", "status", "secrets", "gc"] {
      try whole.platform.muster(command)
        .expect(2, saying: "was written by an older Muster", "muster reconcile brings it up")
    }
    try whole.platform.muster("doctor").expect(0, saying: "lacking  state directory")
  }

  @Test func `a runtime that does not answer is named by every command that needs it`() throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    try "{".write(
      toFile: whole.platform.state + "/simulated.json", atomically: false, encoding: .utf8)
    let needing = [
      "plan", "reconcile", "status", "why shop", "wait --for healthy --timeout 1s", "ps", "logs",
      "restart shop/web.1", "holds", "confirm x", "metrics", "usage", "gc",
    ]
    for words in needing {
      let command = BrokenCommand(words: words)
      try whole.run(command, on: whole.platform.state)
        .expect(BrokenAnswer(2, "simulated.json is not a simulated world"), command, "blind")
    }
    try whole.platform.muster("doctor").expect(1, saying: "not a simulated world", "move it away")
    try whole.platform.muster("events").expect(0, saying: "web.1")
    try whole.platform.muster("config").expect(0, saying: "STRIPE_KEY")
  }

  @Test func `serve takes the place of a socket that nobody listens on`() throws {
    let whole = try BrokenPlatform()
    defer { whole.platform.tearDown() }
    try DeadSocket.leave(in: whole.platform.state)
    let serve = try Running(
      MusterProgram.path, ["serve"], whole.platform.variables, in: whole.platform.folder)
    #expect(try eventually { try DeadSocket.isAnswered(in: whole.platform.state) })
    try whole.platform.muster("reconcile", "--rebind").expect(1, saying: "is at work on")
    kill(serve.pid, SIGTERM)
    let answer = try serve.wait(limit: 20)
    #expect(answer.code == 0, "\(answer)")
    try whole.platform.converge()
  }
}
