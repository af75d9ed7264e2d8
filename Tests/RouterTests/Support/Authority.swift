// Certificates of an authority of the test's own.

import Effects
import FormationModel
import Glibc
import Testing

@testable import Router

/// An authority, and whoever trusts it.
struct Authority {
  let folder: String
  private let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

  init(_ rig: Rig) async throws {
    folder = rig.root
    try await openssl(
      ["req", "-x509", "-subj", "/CN=ca", "-days", "2", "-keyout", "\(folder)/ca.key", "-out"]
        + ["\(folder)/ca.pem"] + key)
  }

  /// Writes a certificate with its key.
  func issue(_ host: String, to path: String) async throws {
    let place = "\(folder)/\(host)"
    try await openssl(
      ["req", "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)", "-keyout"]
        + ["\(place).key", "-out", "\(place).csr"] + key)
    try await openssl([
      "x509", "-req", "-in", "\(place).csr", "-CA", "\(folder)/ca.pem", "-CAkey",
      "\(folder)/ca.key", "-CAcreateserial", "-copy_extensions", "copy", "-days", "2", "-out",
      "\(place).crt",
    ])
    let parts = ["\(place).crt", "\(place).key"].compactMap { RouterFiles.read($0, limit: 1 << 20) }
    try RouterFiles.write(path, parts.joined())
  }

  /// Asks by HTTPS: curl's exit code; version of HTTP and body.
  func get(_ host: String, _ rig: Rig) async throws -> (status: Int32, output: String) {
    let result = try await run(
      "curl",
      [
        "-s", "--cacert", "\(folder)/ca.pem", "--resolve",
        "\(host):\(rig.entry.https):\(rig.entry.address)", "-w", "%{http_version} ", "-o",
        "\(folder)/body",
        "https://\(host):\(rig.entry.https)/",
      ])
    return (result.status, result.output + (RouterFiles.text("\(folder)/body") ?? ""))
  }

  private func openssl(_ arguments: [String]) async throws {
    let result = try await run("openssl", arguments)
    #expect(result.status == 0, "\(result.output)")
  }
}
