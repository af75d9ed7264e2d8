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

  init(_ status: ExitStatus, _ message: String, fix: String? = nil) {
    self.status = status
    self.message = message
    self.fix = fix
  }

  /// Something could not be found out.
  init(_ failure: EffectFailure) {
    self.init(.unknown, failure.message, fix: failure.fix)
  }

  /// The repository could not be taken.
  init(_ problem: SourceProblem) {
    self.init(.unknown, problem.message, fix: problem.fix)
  }

  /// The daemon could not be reached, or its caller could not answer.
  init(_ failure: ControlFailure) {
    self.init(.unknown, failure.message, fix: failure.fix)
  }

  /// Prints to standard error.
  func print() {
    Terminal.complain("muster: \(message)")
    if let fix { Terminal.complain("  \(fix)") }
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
