// How a command ends when it cannot do what was asked: what is wrong, what to do, the exit code.

import Effects
import FormationModel
import Review
import Server

/// An end with words.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String
  let fix: String?
  /// What lies behind it, the nearest first; shown with `-v`.
  let causes: [String]

  init(_ status: ExitStatus, _ message: String, fix: String? = nil, causes: [String] = []) {
    self.status = status
    self.message = message
    self.fix = fix
    self.causes = causes
  }

  /// Something could not be found out.
  init(_ failure: EffectFailure) {
    self.init(.unknown, failure.message, fix: failure.fix, causes: failure.causes)
  }

  /// The repository could not be taken.
  init(_ problem: SourceProblem) {
    self.init(.unknown, problem.message, fix: problem.fix, causes: problem.causes)
  }

  /// The daemon could not be reached, or its caller could not answer.
  init(_ failure: ControlFailure) {
    self.init(.unknown, failure.message, fix: failure.fix)
  }

  /// Nobody could say what runs; `reason` is the runtime's own.
  init(blind reason: String?) {
    self.init(
      .unknown, "the runtime does not say what runs\(reason.map { ": \($0)" } ?? "")",
      fix: "no dyno was touched; `muster doctor` shows what this machine lacks")
  }

  /// The same end with another exit code.
  func ending(_ status: ExitStatus) -> CommandFailure {
    CommandFailure(status, message, fix: fix, causes: causes)
  }

  /// Prints to standard error: what is wrong, with `isVerbose` what lies behind it, what to do.
  func print(isVerbose: Bool) {
    Terminal.complain("muster: \(message)")
    if isVerbose {
      for cause in causes { Terminal.complain("  because: \(cause.escapingControls)") }
    }
    if let fix { Terminal.complain("  \(fix)") }
  }

  /// Whether the command line asks for causes. Looked up in the words themselves, for a failure may
  /// come before they are understood; what follows `--` is another program's.
  static func isVerbose(_ words: some Sequence<String>) -> Bool {
    words.prefix { $0 != "--" }.contains { word in
      word == "--verbose"
        || (word.hasPrefix("-") && !word.hasPrefix("--") && word.dropFirst().allSatisfy(\.isLetter)
          && word.contains("v"))
    }
  }
}

/// The end of a command with a code and no words.
struct CommandEnd: Error {
  let status: ExitStatus
}

/// Ends the command with a code and no words.
func end(_ status: ExitStatus) throws -> Never { throw CommandEnd(status: status) }

/// Does the work, its failures worded for people.
func reporting<Value>(_ work: () async throws -> Value) async throws -> Value {
  do {
    return try await work()
  } catch let failure as EffectFailure {
    throw CommandFailure(failure)
  } catch let problem as SourceProblem {
    throw CommandFailure(problem)
  }
}

/// Does the work, its failures worded for people.
func reporting<Value>(_ work: () throws -> Value) throws -> Value {
  do {
    return try work()
  } catch let failure as EffectFailure {
    throw CommandFailure(failure)
  }
}
