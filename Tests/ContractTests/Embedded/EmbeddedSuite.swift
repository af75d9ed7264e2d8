// What all tests of the embedded runtime share: a fixture that is taken down whatever happens.

import ChildProcesses
import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

/// Tests on real containers, one after the other. Each test's suite extends it.
@Suite(
  .serialized,
  .disabled(if: EmbeddedFixture.unavailable != nil, "\(EmbeddedFixture.unavailable ?? "")"))
struct EmbeddedSuite {}

/// Runs a test in a world of its own and takes it down.
func withEmbedded(
  _ choice: OCIRuntimeChoice = .automatic, logPolicy: LogPolicy = LogPolicy(),
  _ body: (EmbeddedFixture, ContractWorld) async throws -> Void
) async throws {
  let fixture = try await EmbeddedFixture(choice, logPolicy: logPolicy)
  do {
    try await body(fixture, ContractWorld(fixture: fixture))
  } catch {
    Issue.record(error)
  }
  await fixture.tearDown()
}

/// Runs a program of the machine; its output, which is empty when it fails.
@discardableResult
func machine(_ program: String, _ arguments: String...) throws -> String {
  let path = try #require(MachineTools.path(of: program))
  return try Command(path, arguments).run().output
}
