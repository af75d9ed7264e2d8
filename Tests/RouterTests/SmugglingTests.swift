// Bytes that a router and the server behind it could read in two ways. For each the strict origin
// has to find exactly the requests that the router's log has as sent to it.

import Glibc
import Testing

@testable import Router

@Suite(.enabled(if: Rig.isPossible, Rig.reason)) struct SmugglingTests {
  @Test func `the twenty that are known`() async throws {
    try await judge(SmugglingProbe.known)
  }

  @Test func `lengths of bodies`() async throws {
    try await judge(SmugglingProbe.lengths)
  }

  @Test func `encodings of bodies`() async throws {
    try await judge(SmugglingProbe.encodings)
  }

  @Test func `chunks and trailers`() async throws {
    try await judge(SmugglingProbe.chunks)
  }

  @Test func `NUL in trailers is passed on by HAProxy 2_6`() async {
    await withKnownIssue { try await judge([SmugglingProbe.knownHole]) }
  }

  @Test func `request lines and targets`() async throws {
    try await judge(SmugglingProbe.targets)
  }

  @Test func `hosts and lines of a head`() async throws {
    try await judge(SmugglingProbe.heads)
  }

  @Test func `who asks is the router's word`() async throws {
    try await judge(SmugglingProbe.identities)
  }

  @Test func `connections that become something else, or carry more than one request`()
    async throws
  {
    try await judge(SmugglingProbe.connections)
  }

  @Test(.enabled(if: canEncrypt, needs)) func `fields of HTTP 2`() async throws {
    try await judge(DowngradeProbe.fields)
  }

  @Test(.enabled(if: canEncrypt, needs)) func `bodies of HTTP 2`() async throws {
    try await judge(DowngradeProbe.bodies)
  }

  @Test(.enabled(if: canEncrypt, needs)) func `request lines of HTTP 2`() async throws {
    try await judge(DowngradeProbe.lines)
  }

  private static let canEncrypt = ["python3", "openssl"].allSatisfy {
    access("/usr/bin/\($0)", X_OK) == 0
  }
  private static let needs: Comment = "python3 or openssl is not installed"

  /// Sends probes to one router, one after the other: what one leaves in a connection to the
  /// server, the next would find.
  private func judge(_ probes: [SmugglingProbe]) async throws {
    try await withSmugglingRange { range async throws in
      for probe in probes {
        try await range.judge(probe.name, probe.expected) { try await range.send(probe) }
      }
    }
  }

  private func judge(_ probes: [DowngradeProbe]) async throws {
    try await withSmugglingRange(encrypted: true) { range async throws in
      for probe in probes {
        try await range.judge(probe.name, probe.expected) { try await range.send(probe.streams) }
      }
    }
  }
}
