// The contract that every runtime keeps, clause by clause. A test target's suite runs each clause
// against a fixture of its own.

import Effects
import FormationModel
import Testing

/// One promise of the seam, as a test.
struct ContractClause: Sendable, CustomTestStringConvertible {
  /// The promise in words.
  let words: String
  /// Whether it can be told only where commands are really run.
  let needsCommands: Bool
  /// Checks it.
  let check: @Sendable (ContractWorld) async throws -> Void

  init(
    _ words: String, needsCommands: Bool = false,
    _ check: @escaping @Sendable (ContractWorld) async throws -> Void
  ) {
    self.words = words
    self.needsCommands = needsCommands
    self.check = check
  }

  var testDescription: String { words }

  /// Checks it in a world of its own, which is taken down whatever happens. Says so when the
  /// runtime has nothing to check it with.
  func run(_ make: () async throws -> any RuntimeFixture) async throws {
    let fixture = try await make()
    if needsCommands && !fixture.runsCommands {
      print("\(fixture.runtime.name): does not run commands, cannot tell whether \(words)")
    } else {
      do {
        try await check(ContractWorld(fixture: fixture))
      } catch {
        Issue.record(error)
      }
    }
    await fixture.tearDown()
  }
}

/// All clauses.
enum RuntimeContract {
  static let clauses = observation + starting + ending + commands + logs + measuring
}
