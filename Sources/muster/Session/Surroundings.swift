// What is around a command: its environment, its folder, its caller, somewhere to write to. In a
// process of its own these are the process's; in the daemon they are those of whoever asked for it.

import Effects
import FormationModel
import Foundation
import Glibc
import Server

/// The surroundings of one command.
struct Surroundings: Sendable {
  /// The surroundings of the command that runs in this task.
  @TaskLocal static var current = Surroundings.process

  /// Environment variables.
  var environment: [String: String]
  /// The folder that relative paths are relative to.
  var folder: String
  /// Whether standard output is a terminal.
  var isInteractive: Bool
  /// The time zone that times are shown in.
  var zone: TimeZone
  /// The name of whoever asked, for events.
  var caller: String
  /// The two output streams, and what can be asked.
  var console: any Console
  /// The daemon that runs the command; nil in a process of its own.
  var daemon: Daemon?

  /// This process's own.
  static let process = Surroundings(
    environment: ProcessInfo.processInfo.environment, folder: processFolder,
    isInteractive: isatty(STDOUT_FILENO) == 1, zone: .current, caller: processCaller,
    console: ProcessConsole(), daemon: nil)

  private static var processFolder: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  /// Who called `sudo`, or this process's user.
  private static var processCaller: String {
    if geteuid() == 0, let name = ProcessInfo.processInfo.environment["SUDO_USER"], !name.isEmpty {
      return name
    }
    return Caller.name(of: geteuid())
  }
}

/// The caller's end of a command.
protocol Console: Sendable {
  /// Writes text as it is to standard output, or standard error.
  func write(_ text: String, isError: Bool)
  /// Answers what only the caller can: a file, standard input, a line typed unseen.
  func ask(_ question: CallerQuestion) async throws -> Data
  /// Connects the caller's standard streams with a session. Returns once it is over, or once the
  /// caller, in a process of its own, has it; it is the caller's then.
  func connect(_ ends: SessionEnds) async throws
}

extension Console {
  /// What the caller's standard streams are.
  var streams: CallerStreams {
    get async throws {
      try JSONDecoder().decode(CallerStreams.self, from: try await ask(.streams))
    }
  }
}

/// The console of a process of its own.
struct ProcessConsole: Console, ControlCall.Terminal {
  func write(_ text: String, isError: Bool) {
    let stream = isError ? FileHandle.standardError : .standardOutput
    // Whoever read it may have gone (`muster logs | head`): nothing is left to say.
    do { try stream.write(contentsOf: Data(text.utf8)) } catch { Glibc.exit(141) }
  }

  func ask(_ question: CallerQuestion) async throws -> Data { try answer(question) }

  func connect(_ ends: SessionEnds) async throws {
    let session = LocalSession.begin(isDaemons: false) { ends }
    await session.over()
  }

  func endSession() { LocalSession.current?.waitForEnd() }

  func answer(_ question: CallerQuestion) throws -> Data {
    switch question {
    case .file(let path, let limit): try LocalFiles.read(path, limit: limit)
    case .save(let path, let data): try LocalFiles.save(path, data)
    case .input(let limit): try LocalFiles.readInput(limit: limit)
    case .secret(let prompt): try HiddenLine.read(prompt)
    case .streams: try JSONEncoder().encode(LocalSession.streams)
    case .session: try LocalSession.takeOver()
    }
  }
}

extension CallConsole: Console {
  func connect(_ ends: SessionEnds) async throws {
    defer { ends.close() }
    try await hand(ends.roles.map { ($0.rawValue, ends[$0] ?? -1) })
  }
}
