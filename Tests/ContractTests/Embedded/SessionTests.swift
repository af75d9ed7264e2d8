// Sessions of the embedded runtime: nothing that a dyno writes is lost, whoever holds the session
// is seen to hold it, and a command in a running dyno has what the dyno has.

import CLinux
import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

/// Everything that comes out of a session, read to its end.
private struct SessionOutput {
  var output: [UInt8] = []
  var errors: [UInt8] = []

  init(_ ends: SessionEnds) {
    if let packets = ends[.packets] {
      while let packet = Self.read(packets), let mark = packet.first {
        if mark == 3 { errors += packet.dropFirst() } else { output += packet.dropFirst() }
      }
    } else if let terminal = ends[.terminal] {
      while let bytes = Self.read(terminal) { output += bytes }
    } else {
      while let bytes = ends[.output].flatMap(Self.read) { output += bytes }
      while let bytes = ends[.errors].flatMap(Self.read) { errors += bytes }
    }
  }

  var text: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: errors, as: UTF8.self) }

  /// What comes until it is as said; nil when the session is over before.
  static func read(_ ends: SessionEnds, until isEnough: (String) -> Bool) -> String? {
    var text = ""
    while !isEnough(text) {
      guard let bytes = (ends[.packets] ?? ends[.terminal]).flatMap(read) else { return nil }
      text += String(decoding: bytes.dropFirst(ends[.packets] == nil ? 0 : 1), as: UTF8.self)
    }
    return text
  }

  private static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 32 << 10)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }
}

extension EmbeddedSuite {
  @Suite struct SessionTests {
    private func id(_ number: Int = 1) throws -> InstanceID {
      .oneOff(number, of: try #require(AppName(rawValue: "contract")), release: 7)
    }

    /// Starts a one-off dyno and connects to it while it starts.
    private func run(
      _ command: String, _ form: SessionForm, _ fixture: EmbeddedFixture, _ world: ContractWorld,
      number: Int = 1, size: TerminalSize? = nil
    ) async throws -> SessionEnds {
      let id = try id(number)
      await world.prepare()
      let spec = try world.spec(id, command: command, session: form)
      async let start = world.runtime.start(spec, config: [:])
      let ends = try await fixture.embedded.attach(id.slot, size: size, patience: .seconds(30))
      #expect(await start == .done)
      return ends
    }

    private func write(_ text: String, to ends: SessionEnds) {
      let bytes = Array(text.utf8)
      let target = ends[.packets] ?? ends[.terminal] ?? ends[.input] ?? -1
      #expect(Glibc.write(target, bytes, bytes.count) == bytes.count)
    }

    @Test func `all that is written comes, from the first byte to the last`() async throws {
      try await withEmbedded { fixture, world in
        for number in 1...8 {
          let ends = try await run(
            "echo first; seq 20000; echo wrong >&2; echo last; exit 7", .streams, fixture,
            world, number: number)
          let said = SessionOutput(ends)
          #expect(said.text == "first\n\((1...20000).map { "\($0)\n" }.joined())last\n")
          #expect(said.errorText == "wrong\n")
          let exit = try await world.exit(try id(number))
          #expect(exit.code == 7 && !exit.requested)
        }
      }
    }

    @Test func `what is written to it arrives, and its end too`() async throws {
      try await withEmbedded { fixture, world in
        let ends = try await run("cat; echo over", .streams, fixture, world)
        write("a\nb\n", to: ends)
        shutdown(try #require(ends[.packets]), Int32(SHUT_WR))
        #expect(SessionOutput(ends).text == "a\nb\nover\n")
      }
    }

    @Test func `a terminal has its size, its keys signal, and only what is in the foreground`()
      async throws
    {
      try await withEmbedded { fixture, world in
        let ends = try await run(
          "stty size; trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.1; done",
          .terminal, fixture, world, size: TerminalSize(rows: 33, columns: 99))
        let ready = try #require(SessionOutput.read(ends, until: { $0.contains("ready") }))
        #expect(ready.hasPrefix("33 99\r\n"), "\(ready)")
        write("\u{3}", to: ends)
        let said = SessionOutput(ends).text
        #expect(said.contains("caught"), "\(said)")
        let exit = try await world.exit(try id())
        #expect(exit.code == 3, "\(exit), \(said)")
      }
    }

    @Test func `it is seen whether somebody holds it`() async throws {
      try await withEmbedded { fixture, world in
        var ends: SessionEnds? = try await run("exec sleep 1000", .terminal, fixture, world)
        #expect(try await world.seen(try id())?.isAttended == true)
        // The same to a Muster that has just begun.
        let again = try fixture.again()
        guard case .complete(let seen) = await again.observe() else {
          throw ContractFailure("not complete")
        }
        #expect(seen.instances.first?.isAttended == true)
        await #expect(throws: EffectFailure.self) {
          try await fixture.embedded.attach(id().slot, size: nil, patience: .seconds(1))
        }
        #expect(ends?[.hold] != nil)
        ends = nil
        #expect(try await world.seen(try id())?.isAttended == false)
        // A shell at a terminal does not heed SIGTERM; it hangs up.
        let killAt = LoopTime(milliseconds: 4_000_000_000_000)
        #expect(await world.runtime.stop(try id(), killAt: killAt) == .done)
        #expect(try await world.exit(try id()).requested)
      }
    }

    @Test func `what nobody connects to is not started`() async throws {
      try await withEmbedded { _, world in
        await world.prepare()
        let spec = try world.spec(try id(), command: "touch /app/ran", session: .streams)
        guard case .failed(let failure) = await world.runtime.start(spec, config: [:]) else {
          throw ContractFailure("it was started")
        }
        #expect(failure.code == "nobody-attached")
        #expect(try await world.phase(try id()) == .created)
        #expect(await world.runtime.remove(try id()) == .done)
      }
    }

    @Test(arguments: SessionForm.allCases)
    func `a command in a running dyno has its files, its limits and its user`(
      _ form: SessionForm
    ) async throws {
      try await withEmbedded { fixture, world in
        let dyno = try world.id()
        try await world.run(dyno, command: "echo mine > file; exec sleep 1000")
        let key = try #require(ConfigKey(rawValue: "ADDED"))
        let script = "cat file; echo $ADDED $DYNO; id -u; cat /proc/self/cgroup; exit 9"
        try await eventually("the file is there") {
          let running = try await fixture.embedded.execute(
            "[ -s file ]", in: dyno, environment: [:], form: .streams, size: nil)
          for await code in running.exits where code == 0 { return true }
          return nil
        }
        let running = try await fixture.embedded.execute(
          script, in: dyno, environment: [key: ConfigValue("added")], form: form,
          size: TerminalSize(rows: 20, columns: 70))
        let said = SessionOutput(running.ends).text.replacing("\r\n", with: "\n")
        let lines = said.split(separator: "\n").map(String.init)
        #expect(Array(lines.prefix(3)) == ["mine", "added web.1", "\(DynoUser.id)"], "\(said)")
        let record = try #require(try fixture.embedded.record(of: dyno))
        #expect(lines.contains { $0.hasSuffix("/\(record.container)") || $0.hasSuffix(":/") })
        for await code in running.exits { #expect(code == 9) }
        // It has no capability and no way to more, as the dyno.
        let status = try await fixture.embedded.execute(
          "grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status", in: dyno, environment: [:],
          form: .streams, size: nil)
        let privileges = SessionOutput(status.ends).text.split(separator: "\n").map {
          $0.split(separator: "\t").last.map(String.init)
        }
        #expect(privileges == ["0000000000000000", "1", "2"])
      }
    }

    @Test func `its terminal hangs up with whoever held it`() async throws {
      try await withEmbedded { fixture, world in
        let dyno = try world.id()
        try await world.run(dyno, .runs)
        var running: RunningCommand? = try await fixture.embedded.execute(
          "echo ready; exec sleep 1000", in: dyno, environment: [:], form: .terminal, size: nil)
        let exits = try #require(running?.exits)
        var buffer = [UInt8](repeating: 0, count: 100)
        #expect(read(try #require(running?.ends[.terminal]), &buffer, 100) > 0)
        running = nil
        for await code in exits { #expect(code == 128 + Int(SIGHUP)) }
      }
    }
  }
}
