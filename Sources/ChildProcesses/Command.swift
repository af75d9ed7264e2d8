// Runs another program to its end: arguments as they are, never through a shell, with a deadline.

import CLinux
package import FormationModel
import Glibc

/// A program with its arguments.
package struct Command: Sendable {
  /// The program's absolute path.
  package var program: String
  /// Its arguments, without its name.
  package var arguments: [String]
  /// What it reads from standard input.
  package var input: [UInt8] = []
  /// Additions to the small environment that every child gets.
  package var environment: [String: String] = [:]
  /// The network namespace to run in, as an open descriptor; nil: the host's.
  package var network: Int32?
  /// A descriptor that it has as 3; nil: none.
  package var inherited: Int32?
  /// Whether what it starts goes on without this process: in a session of its own, from `/` on.
  package var outlives = false
  /// Time until it is killed.
  package var timeout: Duration = .seconds(30)

  /// How a program ended and what it wrote.
  package struct Result: Sendable {
    /// The exit code; 128 + n for signal n.
    package let code: Int
    /// Standard output.
    package let output: String
    /// Standard error.
    package let errors: String

    /// What a program's failure says for `-v`: its exit code and the last lines that it wrote.
    package func causes(_ program: String) -> [String] {
      let lines = errors.split(separator: "\n").suffix(3).map { "\(program) wrote: \($0)" }
      return ["\(program) ended with exit code \(code)"] + lines
    }
  }

  /// A command that reads nothing, in the host's network, with half a minute of time.
  package init(_ program: String, _ arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  /// Runs it to the end. Throws when it cannot be started or has to be killed; its exit code,
  /// whatever it is, throws nothing. `line` gets each line of both outputs as it comes.
  package func run(line: ((String) -> Void)? = nil) throws(EffectFailure) -> Result {
    let output = try Pipe()
    let errors = try Pipe()
    // A file in memory, not a pipe: a child that ends without reading raises no SIGPIPE here.
    let source =
      input.isEmpty
      ? -1
      : input.withUnsafeBytes {
        muster_memory_file($0.baseAddress, $0.count)
      }
    defer { if source >= 0 { close(source) } }
    let child = try Child.start(
      program, arguments, environment: environment,
      descriptors: [source, output.write, errors.write, inherited ?? -1], network: network,
      folder: outlives ? "/" : nil, newSession: outlives)
    output.closeWrite()
    errors.closeWrite()
    var exchange = Exchange(output: output, errors: errors)
    let inTime = exchange.run(until: Deadline(in: timeout), line: line)
    if !inTime { child.kill(withGroup: outlives) }
    let code = child.wait()
    guard inTime else {
      throw EffectFailure(
        "timed-out", "\(program) did not end within \(timeout)", retry: .afterObserving)
    }
    return Result(code: code, output: exchange.outputText, errors: exchange.errorText)
  }

  /// Runs it to the end; throws when it does not end with 0, with the last line that it wrote.
  @discardableResult
  package func succeed(_ action: String, retry: EffectFailure.Retry = .later) throws(EffectFailure)
    -> String
  {
    let result = try run()
    guard result.code == 0 else {
      let words = result.errors.split(separator: "\n").last.map(String.init)
      throw EffectFailure(
        "command-failed", "\(action): \(words ?? "exit code \(result.code)")", retry: retry,
        causes: result.causes(program))
    }
    return result.output
  }
}
