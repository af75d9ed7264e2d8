// A command that is started in a running dyno: with its limits, its user, its environment and its
// hardening, for the OCI runtime gets the process that the dyno was started with, and another
// command. It is a child of this process; when its terminal or its streams close, it hears of it.

import CLinux
import ChildProcesses
import Effects
import FormationModel
import Foundation
import Glibc

/// Starts commands in one instance.
struct Execution {
  private static let patience = Duration.seconds(10)

  let record: InstanceRecord
  let places: ControllerPlaces
  let oci: OCIRuntime

  init(_ record: InstanceRecord, places: ControllerPlaces, oci: OCIRuntime) {
    self.record = record
    self.places = places
    self.oci = oci
  }

  /// Starts a command. Throws when the runtime cannot.
  func begin(
    _ command: String, _ environment: [ConfigKey: ConfigValue], form: SessionForm,
    size: TerminalSize?
  ) throws(EffectFailure) -> RunningCommand {
    let process = try process(command, environment, form)
    guard let bytes = try? JSONEncoder().encode(process) else {
      throw EffectFailure("exec-failed", "the command cannot be encoded", retry: .withNewContent)
    }
    // In memory: it holds config vars, and nothing is left when this process dies.
    let specification = bytes.withUnsafeBytes { muster_memory_file($0.baseAddress, $0.count) }
    guard specification >= 0 else { throw .lastError("cannot make a file in memory") }
    defer { close(specification) }
    return switch form {
    case .terminal: try beginAtTerminal(specification, size)
    case .streams: try beginWithStreams(specification)
    }
  }

  /// The process of the dyno with another command.
  private func process(
    _ command: String, _ environment: [ConfigKey: ConfigValue], _ form: SessionForm
  ) throws(EffectFailure) -> Bundle.Process {
    let path = InstanceFolder(record.id, in: places).path + "/config.json"
    guard let bytes = try Files.read(path),
      var process = (try? JSONDecoder().decode(Bundle.self, from: Data(bytes)))?.process,
      let shell = process.args.first
    else { throw EffectFailure("no-bundle", "\(path) cannot be read", retry: .later) }
    let hidden = environment.keys.map { "\($0)=" }
    process.env.removeAll { variable in hidden.contains { variable.hasPrefix($0) } }
    process.env += environment.map { "\($0.key)=\($0.value.unredacted)" }.sorted()
    process.args = [shell, "-c", DynoCommand.beside, shell, command]
    process.terminal = form == .terminal
    return process
  }

  /// Starts the runtime; `descriptors` become its first three.
  private func start(
    _ specification: Int32, _ options: [String], _ descriptors: [Int32]
  ) throws(EffectFailure) -> Child {
    let words = ["exec"] + options + ["--process", "/proc/self/fd/3", record.container]
    return try Child.start(
      oci.creation.program, oci.creation.arguments + words,
      descriptors: descriptors + [specification], newSession: true)
  }

  private func beginWithStreams(_ specification: Int32) throws(EffectFailure) -> RunningCommand {
    let (input, output, errors) = (
      try ChildProcesses.Pipe(), try ChildProcesses.Pipe(), try ChildProcesses.Pipe()
    )
    let child = try start(specification, [], [input.read, output.write, errors.write])
    let ends = SessionEnds([
      .input: input.releaseWrite(), .output: output.releaseRead(), .errors: errors.releaseRead(),
    ])
    return RunningCommand(ends: ends, exits: Self.exits(of: child))
  }

  // MARK: - At a terminal

  private func beginAtTerminal(
    _ specification: Int32, _ size: TerminalSize?
  ) throws(EffectFailure) -> RunningCommand {
    guard !oci.program.hasSuffix("runc") else {
      throw EffectFailure(
        "no-terminal", "runc hands out no terminal of a command whose exit code is wanted",
        fix: "apt-get install crun, or do without a terminal: `muster exec … | cat`",
        retry: .whenMachineIsMended)
    }
    var random = SystemRandomNumberGenerator()
    let console = "\(places.run)/console-\(random.next() as UInt64)"
    let listener = muster_unix_listen(console, 0)
    guard listener >= 0 else { throw .lastError("cannot listen at \(console)") }
    defer {
      close(listener)
      unlink(console)
    }
    let errors = try ChildProcesses.Pipe()
    let child = try start(specification, ["--console-socket", console], [-1, -1, errors.write])
    errors.closeWrite()
    guard let terminal = receive(listener, child) else {
      child.kill()
      _ = child.wait()
      let words = errors.rest().split(separator: "\n").last.map(String.init)
      throw EffectFailure(
        "exec-failed", "the command was not started: \(words ?? "no reason given")", retry: .later)
    }
    if let size { _ = muster_resize_terminal(terminal, size.rows, size.columns) }
    return RunningCommand(
      ends: SessionEnds([.terminal: terminal]), exits: Self.exits(of: child))
  }

  /// The terminal that the runtime sends; nil when none comes.
  private func receive(_ listener: Int32, _ child: Child) -> Int32? {
    var polled = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    let deadline = Deadline(in: Self.patience)
    while poll(&polled, 1, min(20, deadline.milliseconds)) <= 0 {
      if deadline.isOver || child.hasEnded { return nil }
    }
    let connection = muster_unix_accept(listener)
    guard connection >= 0 else { return nil }
    defer { close(connection) }
    return Descriptors.received(over: connection).descriptors.first
  }

  /// Waits for the end of a command, in a thread of its own, for it may take hours.
  private static func exits(of child: Child) -> AsyncStream<Int> {
    AsyncStream { continuation in
      Thread.detachNewThread {
        continuation.yield(child.wait())
        continuation.finish()
      }
    }
  }
}
