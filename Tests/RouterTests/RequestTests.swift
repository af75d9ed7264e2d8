// What reaches a dyno of what a visitor sends, and what does not.

import Effects
import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

@Suite(.enabled(if: Rig.isPossible, Rig.reason)) struct RequestTests {
  @Test func `a dyno learns who asks from the router alone`() async throws {
    try await withShop { rig, origin async throws in
      let lies = [
        "X-Forwarded-For: 6.6.6.6", "X_Forwarded_For: 6.6.6.6", "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 443", "X-Forwarded-Host: evil.test", "Forwarded: for=6.6.6.6",
        "X-Real-Ip: 6.6.6.6", "X-Request-Id: short", "Proxy: evil", "X-Request-Start: 1",
      ]
      _ = try await rig.visitor.get("shop.test", "/a?b=c", headers: lies)
      let head = try #require(origin.heads.first).lowercased()
      #expect(!head.contains("6.6.6.6") && !head.contains("evil") && !head.contains("short"))
      #expect(head.hasPrefix("get /a?b=c http/1.1\r\nhost: shop.test\r\n"))
      for line in [
        "x-forwarded-for: 127.0.0.1", "x-forwarded-proto: http",
        "x-forwarded-port: \(rig.entry.http)", "via: 1.1 muster",
      ] {
        #expect(head.components(separatedBy: "\r\n\(line)\r\n").count == 2, "\(line)\n\(head)")
      }
      let fields = fields(of: head)
      let start = try #require(fields["x-request-start"].flatMap { Int64($0) })
      #expect(abs(start - Rig.now.milliseconds) < 60_000)
      #expect(fields["x-request-id"]?.count == 36)
    }
  }

  @Test func `a good request id is kept`() async throws {
    try await withShop { rig, origin async throws in
      let id = "0123456789abcdefABCDEF+/=-"
      _ = try await rig.visitor.get("shop.test", headers: ["X-Request-Id: \(id)"])
      #expect(fields(of: try #require(origin.heads.first))["x-request-id"] == id)
    }
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: shop.test\r\nX: a\0b\r\n\r\n",
    "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: shop.test\tx\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: shop.test\r\nHost: blog.test\r\n\r\n",
    "GET http://blog.test/ HTTP/1.1\r\nHost: shop.test\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "GET / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: +5\r\n\r\nhello",
    "GET / HTTP/1.1\r\nHost: shop.test\r\nContent-Length:\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: shop.test\r\nA : b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: shop.test\r\n: b\r\n\r\n",
    "GET /#a HTTP/1.1\r\nHost: shop.test\r\n\r\n",
    "CONNECT shop.test:80 HTTP/1.1\r\nHost: shop.test:80\r\n\r\n",
    "TRACE / HTTP/1.1\r\nHost: shop.test\r\n\r\n",
  ])
  func `what two parsers could read in two ways never reaches a dyno`(text: String) async throws {
    try await withShop { rig, origin async throws in
      let answer = try await rig.visitor.send(text)
      #expect([400, 405].contains(answer.status), "\(answer)")
      #expect(origin.heads.isEmpty)
    }
  }

  @Test func `a chunked request with a length too is one request`() async throws {
    try await withShop { rig, origin async throws in
      let answer = try await rig.visitor.send(
        "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n"
          + "Connection: close\r\n\r\n0\r\n\r\n")
      #expect(answer.status == 200)
      let head = try #require(origin.heads.first).lowercased()
      #expect(!head.contains("content-length"), "\(head)")
      // The body may come to it after the answer has come to us.
      #expect(await eventually { origin.heads.dropFirst() == ["0\r\n\r\n"] })
    }
  }

  @Test func `a WebSocket goes through`() async throws {
    try await withShop { rig, _ async throws in
      let echo = try await blocking {
        let socket = try Sockets.webSocket(rig.visitor.place, host: "shop.test")
        defer { close(socket) }
        Sockets.send(socket, "frame")
        return Sockets.receive(socket).map { String(decoding: $0, as: UTF8.self) }
      }
      #expect(echo == "frame")
    }
  }

  @Test func `an app that answers too late is answered for`() async throws {
    try await withShop { rig, _ async throws in
      var routes = try #require(await rig.router.routing().table?.apps[.shop])
      routes.settings.timeout = .milliseconds(200)
      #expect(await rig.router.route(.shop, routes) == .done)
      let answer = try await rig.visitor.get("shop.test", "/slow")
      #expect(answer.status == 503)
      #expect(answer.contains("Application error"))
    }
  }

  @Test func `a dyno that refuses is passed over`() async throws {
    try await withShop { rig, origin async throws in
      var routes = AppRoutes(.shop, [origin])
      // Nobody else listens there, unlike on a port that was free a moment ago.
      let gone = Endpoint(address: "127.77.0.1", port: 1)
      routes.servers.append(RouteServer(AppName.shop.web(2), at: gone))
      #expect(await rig.router.route(.shop, routes) == .done)
      for _ in 0..<20 { #expect(try await rig.visitor.get("shop.test").body == "one") }
    }
  }

  @Test func `with affinity a visitor stays with a dyno, through reloads, until it drains`()
    async throws
  {
    let two = try Origin("two")
    defer { two.close() }
    try await withShop { rig, origin async throws in
      var routes = AppRoutes(.shop, [origin, two])
      routes.settings.affinity = true
      #expect(await rig.router.route(.shop, routes) == .done)
      let first = try await rig.visitor.get("shop.test")
      let cookie = try #require(fields(of: first)["set-cookie"]?.split(separator: ";").first)
      #expect(await rig.router.route(.blog, AppRoutes(.blog, [two])) == .done)
      for _ in 0..<20 {
        let next = try await rig.visitor.get("shop.test", headers: ["Cookie: \(cookie)"])
        #expect(next.body == first.body)
        #expect(!next.lowercased().contains("set-cookie"))
      }
      let ordinal = first.body == "one" ? 1 : 2
      #expect(await rig.router.route(.shop, routes.draining(ordinal)) == .done)
      let other = try await rig.visitor.get("shop.test", headers: ["Cookie: \(cookie)"])
      #expect(other.body != first.body)
      #expect(other.lowercased().contains("set-cookie"))
    }
  }

  @Test func `a request is logged as one line of fields`() async throws {
    try await withRouter { rig async throws in
      let routes = AppRoutes(hosts: ["shop.test"], absence: .none)
      #expect(await rig.router.open(rig.table([.shop: routes])) == .done)
      _ = try await rig.visitor.get("shop.test", "/a?b=c")
      let pipe = try RequestPipe(rig.folder.requests)
      var lines = RequestLines()
      var line = ""
      // HAProxy says other things there too.
      while !line.hasPrefix("m2\t") {
        pipe.wait()
        _ = lines.read(pipe)
        while let next = lines.next() { line = String(decoding: next, as: UTF8.self) }
      }
      let fields = line.components(separatedBy: "\t")
      #expect(fields.count == 23)
      let expected = ["app.shop", "<NOSRV>", "H14", "LR", "503", "GET", "shop.test"]
      #expect(fields[3...9] == expected[...] && fields[22] == "/a?b=c")
    }
  }

  @Test func `a team's own page is used`() async throws {
    try await withRouter { rig async throws in
      try RouterFiles.write("\(rig.root)/pages/no-such-app.html", "<h1>ours</h1>".utf8)
      #expect(await rig.router.open(rig.table([:])) == .done)
      #expect(try await rig.visitor.get("strange.test").body == "<h1>ours</h1>")
      #expect(await rig.router.complaints() == [])
    }
  }

  @Test func `a page that is too large is told of and not used`() async throws {
    try await withRouter { rig async throws in
      let large = String(repeating: "x", count: (24 << 10) + 1)
      try RouterFiles.write("\(rig.root)/pages/no-such-app.html", large.utf8)
      #expect(await rig.router.open(rig.table([:])) == .done)
      #expect(try await rig.visitor.get("strange.test").body.contains("no app has this host"))
      let complaints = await rig.router.complaints()
      #expect(complaints.map(\.code) == ["bad-page"])
      #expect(complaints.first?.message.contains("no-such-app.html") == true)
    }
  }

  @Test func `a pipe that somebody removed is replaced, for HAProxy as well`() async throws {
    try await withRouter { rig async throws in
      #expect(await rig.router.open(rig.table([:])) == .done)
      unlink(rig.folder.requests)
      let later = HAProxyRouter(
        rig.folder, stateFolder: rig.root, collects: true, clock: { Rig.now })
      let deadline = ContinuousClock.now + .seconds(30)
      var received = 0
      while received == 0 && ContinuousClock.now < deadline {
        _ = await later.routing()
        _ = try await rig.visitor.get("strange.test")
        received = await later.requests()?.losses.received ?? 0
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(received > 0)
      await later.stopCollecting()
    }
  }

  @Test func `what a replaced HAProxy could not tell of is accounted for`() async throws {
    try await withShop { rig, origin async throws in
      let old = try #require(await rig.router.proxy)
      let visitor = rig.visitor
      async let visit = visitor.get("shop.test", "/slow")
      try await expectSoon("the dyno has the request") { origin.heads.count == 1 }
      // Nobody reads its pipe, which is full. The next process gets another one.
      let pipe = open("/proc/\(old.pid)/fd/3", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      defer { close(pipe) }
      let page = [UInt8](repeating: UInt8(ascii: "\n"), count: 4 << 10)
      while write(pipe, page, page.count) > 0 {}
      unlink(rig.folder.requests)
      let later = HAProxyRouter(
        rig.folder, stateFolder: rig.root, collects: true, clock: { Rig.now })
      try await expectSoon("it is replaced") {
        _ = await later.routing()
        return await later.proxy.map { $0.pid != old.pid } ?? false
      }
      origin.release()
      #expect(try await visit.status == 200)
      // HAProxy also tells of each part that it stops.
      try await expectSoon("the lost line is counted") {
        await later.requests()?.losses.lost["handover"] ?? 0 > 0
      }
      try await expectSoon("nothing keeps it from its end") { old.hasEnded }
      await later.stopCollecting()
    }
  }

  @Test func `requests that cannot be taken down are told of, and served`() async throws {
    try await withRouter { rig async throws in
      let collecting = HAProxyRouter(
        rig.folder, stateFolder: rig.root, collects: true, clock: { Rig.now })
      try await rig.router.makeJail()
      // A folder where the pipe is to be.
      try RouterFiles.makeFolder(rig.folder.requests)
      #expect(await collecting.open(rig.table([:])) == .done)
      #expect(try await rig.visitor.get("strange.test").status == 404)
      #expect(await collecting.complaints().map(\.code) == ["request-log"])
      rmdir(rig.folder.requests)
      await collecting.stopCollecting()
    }
  }

  private func withShop(_ test: (Rig, Origin) async throws -> Void) async throws {
    let origin = try Origin("one")
    defer { origin.close() }
    try await withRouter { rig async throws in
      #expect(await rig.router.open(rig.table([.shop: AppRoutes(.shop, [origin])])) == .done)
      try await test(rig, origin)
    }
  }

  /// Header fields by their names in lower case.
  private func fields(of head: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in head.components(separatedBy: "\r\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      fields[line[..<colon].lowercased()] = value
    }
    return fields
  }
}
