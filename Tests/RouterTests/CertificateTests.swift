// HTTPS with certificates of an authority of the test's own.

import Effects
import FormationModel
import Glibc
import Testing

@testable import Router

@Suite(
  .enabled(if: Rig.isPossible, Rig.reason),
  .enabled(if: access("/usr/bin/openssl", X_OK) == 0, "openssl is not installed"),
  .enabled(if: access("/usr/bin/curl", X_OK) == 0, "curl is not installed"))
struct CertificateTests {
  @Test func `each host gets its certificate, and HTTP is sent on to HTTPS`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      let authority = try await Authority(rig)
      try await authority.issue("shop.test", to: "\(rig.root)/tls/shop.test.pem")
      try await authority.issue("blog.test", to: "\(rig.root)/tls/blog.test.pem")
      let table = rig.table([
        .shop: AppRoutes(.shop, [one]), .blog: AppRoutes(.blog, [one]),
      ])
      #expect(await rig.router.open(table) == .done)
      for host in ["shop.test", "blog.test"] {
        let answer = try await authority.get(host, rig)
        #expect(answer.status == 0)
        #expect(answer.output.hasSuffix("2 one"), "\(answer.output)")
      }
      #expect(one.heads.last?.lowercased().contains("x-forwarded-proto: https\r\n") == true)
      let sent = try await rig.visitor.get("shop.test:80", "/a?b")
      #expect(sent.status == 308)
      #expect(sent.contains("location: https://shop.test:\(rig.entry.https)/a?b\r\n"), "\(sent)")
    }
  }

  @Test func `a certificate that comes is used, a broken one is named and changes nothing`()
    async throws
  {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      let authority = try await Authority(rig)
      #expect(await rig.router.open(rig.table([.shop: AppRoutes(.shop, [one])])) == .done)
      #expect(try await rig.visitor.get("shop.test").body == "one")
      try await authority.issue("shop.test", to: "\(rig.root)/tls/shop.test.pem")
      #expect(
        try await eventually {
          _ = await rig.router.routing()
          return try await authority.get("shop.test", rig).status == 0
        })
      let pid = await rig.pid()
      let broken = "\(rig.root)/tls/broken.pem"
      try RouterFiles.write(broken, "nothing".utf8)
      #expect(
        await eventually {
          _ = await rig.router.routing()
          return await rig.router.folderFailure != nil
        })
      let failure = try #require(await rig.router.folderFailure)
      #expect(failure.code == "bad-certificate")
      #expect(failure.message.contains(broken), "\(failure)")
      #expect(await rig.pid() == pid)
      #expect(try await authority.get("shop.test", rig).status == 0)
      let blog = AppRoutes(.blog, [one])
      #expect(await rig.router.route(.blog, blog).failure?.code == "bad-certificate")
      unlink(broken)
      #expect(await rig.router.route(.blog, blog) == .done)
      #expect(await rig.router.folderFailure == nil)
    }
  }
}

/// An authority, and whoever trusts it.
private struct Authority {
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
