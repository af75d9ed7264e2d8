// What a running router does for visitors while routes change, without a reload.

import Effects
import FormationModel
import Testing

@testable import Router

@Suite(.enabled(if: Rig.isPossible, Rig.reason)) struct RoutingTests {
  @Test func `a request arrives at the app of its host`() async throws {
    let (one, two) = (try Origin("one"), try Origin("two"))
    defer { one.close(); two.close() }
    try await withRouter { rig async throws in
      let table = rig.table([
        .shop: AppRoutes(.shop, [one], hosts: ["shop.test", "*.shop.test", "*.deep.shop.test"]),
        .blog: AppRoutes(.blog, [two], hosts: ["blog.test", "blog.shop.test", "*.a.shop.test"]),
      ])
      #expect(await rig.router.open(table) == .done)
      for (host, body) in [
        ("shop.test", "one"), ("SHOP.test:80", "one"), ("shop.test.", "one"),
        ("x.y.shop.test", "one"),
        ("blog.test", "two"), ("blog.shop.test", "two"), ("x.a.shop.test", "two"),
      ] {
        #expect(try await rig.visitor.get(host).body == body, "\(host)")
      }
      let strange = try await rig.visitor.get("strange.test")
      #expect(strange.status == 404)
      #expect(strange.contains("No such app"))
      #expect(await rig.router.routing() == .table(table, draining: [:]))
    }
  }

  @Test func `servers come, drain and go without a reload`() async throws {
    let (one, two) = (try Origin("one"), try Origin("two"))
    defer { one.close(); two.close() }
    try await withRouter { rig async throws in
      let both = AppRoutes(.shop, [one, two])
      #expect(await rig.router.open(rig.table([.shop: both.without(2)])) == .done)
      let pid = await rig.pid()
      #expect(await rig.router.route(.shop, both) == .done)
      #expect(await rig.router.route(.shop, both.draining(1)) == .done)
      for _ in 0..<20 { #expect(try await rig.visitor.get("shop.test").body == "two") }
      let seen = await rig.router.routing()
      #expect(seen.server(of: AppName.shop.web(1))?.isDraining == true)
      #expect(seen.draining(AppName.shop.web(1))?.isBusy == false)
      #expect(await rig.router.route(.shop, both.without(1)) == .done)
      #expect(await rig.router.routing().table == rig.table([.shop: both.without(1)]))
      #expect(await rig.another().routing().table == rig.table([.shop: both.without(1)]))
      #expect(await rig.pid() == pid)
    }
  }

  @Test func `a draining server ends the request that it has, and then that is told`() async throws
  {
    let (one, two) = (try Origin("one"), try Origin("two"))
    defer { one.close(); two.close() }
    try await withRouter { rig async throws in
      let routes = AppRoutes(.shop, [one, two])
      #expect(await rig.router.open(rig.table([.shop: routes.without(2)])) == .done)
      let visitor = rig.visitor
      async let slow = visitor.get("shop.test", "/slow")
      #expect(await eventually { !one.heads.isEmpty })
      #expect(await rig.router.route(.shop, routes.draining(1)) == .done)
      #expect(await rig.router.routing().draining(AppName.shop.web(1))?.isBusy == true)
      #expect(try await rig.visitor.get("shop.test").body == "two")
      let hints = rig.router.routingEvents()
      one.release()
      for await _ in hints { break }
      #expect(await rig.router.routing().draining(AppName.shop.web(1))?.isBusy == false)
      #expect(try await slow.body == "one")
    }
  }

  @Test func `a server that has a request is deleted when it has ended it`() async throws {
    let (one, two) = (try Origin("one"), try Origin("two"))
    defer { one.close(); two.close() }
    try await withRouter { rig async throws in
      let routes = AppRoutes(.shop, [one, two])
      #expect(await rig.router.open(rig.table([.shop: routes])) == .done)
      let visitor = rig.visitor
      async let slow = visitor.get("shop.test", "/slow")
      #expect(await eventually { !one.heads.isEmpty || !two.heads.isEmpty })
      let busy = one.heads.isEmpty ? two : one
      let rest = routes.without(busy === one ? 1 : 2)
      #expect(await rig.router.route(.shop, rest) == .done)
      #expect(await rig.router.routing().table?.apps[.shop] == rest)
      #expect(await rig.router.leaving.count == 1)
      busy.release()
      #expect(try await slow.body == busy.name)
      #expect(
        await eventually {
          _ = await rig.router.route(.shop, rest)
          return await rig.router.leaving.isEmpty
        })
    }
  }

  @Test func `a server that is dead is deleted at once, and whoever waits for it is told`()
    async throws
  {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      let routes = AppRoutes(.shop, [one])
      #expect(await rig.router.open(rig.table([.shop: routes])) == .done)
      let visitor = rig.visitor
      async let slow = visitor.get("shop.test", "/slow")
      #expect(await eventually { !one.heads.isEmpty })
      one.vanish()
      #expect(await rig.router.route(.shop, routes.without(1)) == .done)
      #expect(await rig.router.leaving.isEmpty)
      #expect(try await slow.body != "one")
    }
  }

  @Test func `what visitors get without a dyno is said without a reload`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      var routes = AppRoutes(.shop, [one])
      #expect(await rig.router.open(rig.table([.shop: routes])) == .done)
      let pid = await rig.pid()
      routes.isInMaintenance = true
      #expect(await rig.router.route(.shop, routes) == .done)
      let page = try await rig.visitor.get("shop.test")
      #expect(page.status == 503)
      #expect(page.contains("maintenance"))
      routes.isInMaintenance = false
      routes.servers = []
      for absence in [RouteAbsence.crashed, .none, .blank] {
        routes.absence = absence
        #expect(await rig.router.route(.shop, routes) == .done)
        let answer = try await rig.visitor.get("shop.test")
        #expect(answer.status == 503)
        #expect(answer.contains("Application error"))
      }
      #expect(await rig.router.route(.shop, nil) == .done)
      #expect(try await rig.visitor.get("shop.test").status == 404)
      #expect(await rig.router.routing().table == rig.table([:]))
      #expect(await rig.router.route(.shop, AppRoutes(.shop, [one])) == .done)
      #expect(try await rig.visitor.get("shop.test").body == "one")
      #expect(await rig.pid() == pid)
    }
  }

  @Test func `a request waits for a dyno that boots`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      let up = AppRoutes(.shop, [one], absence: .booting)
      #expect(await rig.router.open(rig.table([.shop: up.without(1)])) == .done)
      let visitor = rig.visitor
      async let held = visitor.get("shop.test")
      #expect(try await eventually { try await rig.sessions() > 0 })
      #expect(await rig.router.route(.shop, up) == .done)
      #expect(try await held.body == "one")
    }
  }

  @Test func `a request that waits for a dyno in vain is told so in the end`() async throws {
    try await withRouter(collects: true, patience: .milliseconds(1_500)) { rig async throws in
      let booting = AppRoutes(.shop, [], absence: .booting)
      #expect(await rig.router.open(rig.table([.shop: booting])) == .done)
      let began = ContinuousClock.now
      let answer = try await rig.visitor.get("shop.test")
      #expect(began.duration(to: .now) >= .milliseconds(1_500))
      #expect(answer.status == 503)
      #expect(answer.contains("Application error"))
      #expect(
        try await eventually {
          let query = LogQuery(app: nil, count: 10)
          let lines = try await rig.router.requestLines(query).lines.map(\.text)
          return lines.contains {
            $0.hasPrefix("at=error code=H20 desc=\"App boot timeout\"") && $0.contains("status=503")
          }
        })
    }
  }

  @Test func `a host moves from one app to another in one go`() async throws {
    let (one, two) = (try Origin("one"), try Origin("two"))
    defer { one.close(); two.close() }
    try await withRouter { rig async throws in
      let shop = AppRoutes(.shop, [one])
      var blog = AppRoutes(.blog, [two], hosts: [])
      #expect(await rig.router.open(rig.table([.shop: shop, .blog: blog])) == .done)
      blog.hosts = shop.hosts
      #expect(await rig.router.route(.blog, blog).failure?.code == "host-twice")
      var bare = shop
      bare.hosts = []
      #expect(await rig.router.route(.shop, bare) == .done)
      #expect(await rig.router.route(.blog, blog) == .done)
      #expect(try await rig.visitor.get("shop.test").body == "two")
    }
  }

  @Test func `what was changed by hand is seen`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      let routes = AppRoutes(.shop, [one])
      #expect(await rig.router.open(rig.table([.shop: routes])) == .done)
      let generation = try #require(await rig.router.proxy).generation
      do {
        let socket = try AdminSocket.open(generation.admin)
        _ = try socket.ask("disable server app.shop/shop.web.1.v1.1")
        _ = try socket.ask("add server app.shop/stranger 127.0.0.1:9")
        _ = try socket.ask("add map \(generation.hosts) stranger.test app.stranger")
      }
      #expect(await rig.another().routing().table == rig.table([.shop: routes.draining(1)]))
      let socket = try AdminSocket.open(generation.admin)
      #expect(!(try socket.ask("show servers state")).contains("stranger"))
      #expect(!(try socket.ask("show map \(generation.hosts)")).contains("stranger"))
    }
  }
}

extension Rig {
  /// Visitors that the router has at this moment.
  func sessions() async throws -> Int {
    guard let generation = await router.proxy?.generation else { return 0 }
    let socket = try AdminSocket.open(generation.admin)
    let lines = try socket.ask("show info").split(separator: "\n")
    return lines.first { $0.hasPrefix("CurrConns: ") }.flatMap { Int($0.dropFirst(11)) } ?? 0
  }
}
