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
      let failure = try #require(await rig.router.complaints().first)
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
