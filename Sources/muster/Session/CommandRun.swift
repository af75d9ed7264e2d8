// From words to an exit code: parses a command line, and runs it here, in the daemon that holds the
// state directory, or on another machine.

import ArgumentParser
import Glibc
import Review
import Server

/// A command that the daemon runs when there is one: it holds the lock, and knows what runs.
protocol ServedCommand: AsyncParsableCommand {
  /// Options that say which platform is meant.
  var options: GlobalOptions { get }
  /// Whether this user's command goes to the daemon at all.
  var isServed: Bool { get }
}

extension ServedCommand {
  var isServed: Bool { true }
}

enum CommandRun {
  /// Runs what was typed; returns the exit code. Words that are no command end the process.
  static func typed(_ arguments: [String]) async -> Int32 {
    await reporting(arguments) {
      if let host = try RemoteHost.taken(from: arguments) { try host.run() }
      let arguments = try understood(arguments)
      let command = try Muster.parseAsRoot(arguments)
      if let served = command as? any ServedCommand, served.isServed,
        let code = try await DaemonCall.run(arguments, for: served)
      {
        return code
      }
      return try await run(command)
    }
  }

  /// Runs a command for a caller of the daemon; returns the exit code.
  static func served(_ arguments: [String]) async -> Int32 {
    await reporting(arguments) {
      guard let command = try Muster.parseAsRoot(understood(arguments)) as? any ServedCommand else {
        throw CommandFailure(.usage, "`muster serve` does not run this command for others")
      }
      return try await run(command)
    }
  }

  /// The words in terms of this program, where Heroku's were typed.
  private static func understood(_ arguments: [String]) throws -> [String] {
    try CommandWords(
      commands: Muster.configuration.subcommands.map { $0.configuration.commandName ?? "" }
    ).understood(arguments)
  }

  private static func run(_ command: any ParsableCommand) async throws -> Int32 {
    var command = command
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      try command.run()
    }
    return ExitStatus.done.rawValue
  }

  /// Prints whatever ends a command early, to whoever asked for it.
  private static func reporting(
    _ arguments: [String], _ work: () async throws -> Int32
  ) async -> Int32 {
    let isVerbose = CommandFailure.isVerbose(arguments)
    do {
      return try await work()
    } catch let end as CommandEnd {
      return end.status.rawValue
    } catch let failure as CommandFailure {
      failure.print(isVerbose: isVerbose)
      return failure.status.rawValue
    } catch let failure as ControlFailure {
      CommandFailure(failure).print(isVerbose: isVerbose)
      return ExitStatus.unknown.rawValue
    } catch let code as ExitCode {
      // Another program's own, or a shell's word for it.
      return code.rawValue
    } catch is CancellationError {
      return ExitStatus.unknown.rawValue
    } catch {
      let text = Muster.fullMessage(for: error)
      let code = Muster.exitCode(for: error).rawValue
      if code == 0 { Terminal.say(text) } else if !text.isEmpty { Terminal.complain(text) }
      return code
    }
  }
}
