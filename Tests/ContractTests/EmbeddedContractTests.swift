// The contract over the embedded runtime, with the OCI runtime that it chooses by itself.

import Testing

@testable import ContainerRuntimes

@Suite(
  .serialized,
  .disabled(if: EmbeddedFixture.unavailable != nil, "\(EmbeddedFixture.unavailable ?? "")"))
struct EmbeddedContractTests {
  @Test(arguments: RuntimeContract.clauses)
  func `the embedded runtime keeps the contract`(_ clause: ContractClause) async throws {
    try await clause.run { try await EmbeddedFixture() }
  }
}
