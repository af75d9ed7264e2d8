// The contract over the embedded runtime, with the OCI runtime that it chooses by itself.

import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct EmbeddedContractTests {
    @Test(arguments: RuntimeContract.clauses)
    func `the embedded runtime keeps the contract`(_ clause: ContractClause) async throws {
      try await clause.run { try await EmbeddedFixture() }
    }

    @Test(
      .enabled(if: MachineTools.path(of: "runc") != nil, "runc is not installed"),
      arguments: RuntimeContract.starting + RuntimeContract.ending)
    func `with runc too`(_ clause: ContractClause) async throws {
      try await clause.run { try await EmbeddedFixture(.runc) }
    }
  }
}
