// What happens when HAProxy itself comes, is replaced, or goes.

import Effects
import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

@Suite(.enabled(if: Rig.isPossible, Rig.reason)) struct ReloadTests {
  @Test func `a new app costs one reload, and no visitor of another notices`() async throws {
    let (one, two) = (try Origin("one"), try Origin("two"))
    defer { one.close(); two.close() }
    try await withRouter { rig async throws in
      let shop = AppRoutes(.shop, [one])
      #expect(await rig.router.open(rig.table([.shop: shop])) == .done)
      let first = await rig.pid()
      let visits = Visits(rig.visitor, host: "shop.test")
      var apps: [AppName: AppRoutes] = [.shop: shop]
      for number in 1...5 {
        let app = AppName(nearestTo: "app-\(number)")
        apps[app] = AppRoutes(app, [two])
        #expect(await rig.router.route(app, apps[app]) == .done)
        #expect(try await rig.visitor.get("\(app).test").body == "two")
      }
      let answers = try await visits.end()
      #expect(answers.count > 10)
      #expect(answers.allSatisfy { $0.body == "one" }, "\(answers.filter { $0.body != "one" })")
      #expect(await rig.router.routing().table == rig.table(apps))
      #expect(await rig.pid() != first)
    }
  }

  @Test func `a visitor who keeps his connection notices no reload`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      #expect(await rig.router.open(rig.table([.shop: AppRoutes(.shop, [one])])) == .done)
      let place = rig.visitor.place
      let connection = try await blocking { try Sockets.connect(place) }
      defer { close(connection) }
      let ask: @Sendable () throws -> String? = {
        Sockets.send(connection, "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n")
        let head = Sockets.head(connection)
        _ = Sockets.receive(connection)
        return head
      }
      #expect(try await blocking(ask)?.status == 200)
      // Another Muster looks at everything, and takes out what is nobody's: not what hands over.
      #expect(await rig.another().routing().table == rig.table([.shop: AppRoutes(.shop, [one])]))
      #expect(await rig.router.route(.blog, AppRoutes(.blog, [one])) == .done)
      // The old process sees no dyno any more, so the new one has answered this.
      let last = try #require(try await blocking(ask))
      #expect(last.status == 200, "\(last)")
      #expect(last.lowercased().contains("connection: close"), "\(last)")
    }
  }

  @Test func `apps that come at the same time share a reload`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      #expect(await rig.router.open(rig.table([:])) == .done)
      await withTaskGroup(of: Outcome.self) { group in
        for number in 1...20 {
          let app = AppName(nearestTo: "app-\(number)")
          let routes = AppRoutes(app, [one])
          group.addTask { await rig.router.route(app, routes) }
        }
        for await outcome in group { #expect(outcome == .done) }
      }
      #expect(await rig.router.routing().table?.apps.count == 20)
      #expect(try #require(await rig.router.proxy).generation.number <= 4)
    }
  }

  @Test func `one app that cannot be routed does not keep others`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      #expect(await rig.router.open(rig.table([:])) == .done)
      let bad = AppRoutes(.blog, [one], hosts: ["a b\nc"])
      async let refused = rig.router.route(.blog, bad)
      async let taken = rig.router.route(.shop, AppRoutes(.shop, [one]))
      #expect(await refused.failure?.code == "bad-router-word")
      #expect(await taken == .done)
      #expect(try await rig.visitor.get("shop.test").body == "one")
    }
  }

  @Test func `what drains is still busy and still out after a reload`() async throws {
    let (one, two) = (try Origin("one"), try Origin("two"))
    defer { one.close(); two.close() }
    try await withRouter { rig async throws in
      let routes = AppRoutes(.shop, [one, two])
      #expect(await rig.router.open(rig.table([.shop: routes.without(2)])) == .done)
      let visitor = rig.visitor
      async let slow = visitor.get("shop.test", "/slow")
      #expect(await eventually { !one.heads.isEmpty })
      #expect(await rig.router.route(.shop, routes.draining(1)) == .done)
      #expect(await rig.router.route(.blog, AppRoutes(.blog, [two])) == .done)
      let id = AppName.shop.web(1)
      #expect(await rig.router.routing().draining(id)?.isBusy == true)
      #expect(await rig.another().routing().draining(id)?.isBusy == true)
      for _ in 0..<10 { #expect(try await rig.visitor.get("shop.test").body == "two") }
      one.release()
      #expect(try await slow.body == "one")
      #expect(await eventually { await rig.router.routing().draining(id)?.isBusy == false })
      #expect(await rig.router.route(.shop, routes) == .done)
      #expect(
        try await eventually { try await rig.visitor.get("shop.test").body == "one" })
    }
  }

  @Test func `a killed HAProxy is told of at once, and opening makes all whole`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      let table = rig.table([.shop: AppRoutes(.shop, [one])])
      #expect(await rig.router.open(table) == .done)
      let hints = rig.router.routingEvents()
      kill(try #require(await rig.pid()), SIGKILL)
      for await _ in hints { break }
      #expect(await rig.router.routing() == .table(RouteTable(), draining: [:]))
      #expect(await rig.router.route(.shop, nil).failure?.retry == .afterObserving)
      #expect(await rig.router.open(table) == .done)
      #expect(try await rig.visitor.get("shop.test").body == "one")
    }
  }

  @Test func `a restarted Muster takes over the process that runs`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      var routes = AppRoutes(.shop, [one])
      routes.settings.affinity = true
      let table = rig.table([.shop: routes])
      #expect(await rig.router.open(table) == .done)
      let second = rig.another()
      #expect(await second.routing() == .table(table, draining: [:]))
      #expect(await second.proxy?.pid == rig.pid())
      #expect(await second.open(table) == .done)
      #expect(await second.proxy?.pid == rig.pid())
      let hints = second.routingEvents()
      kill(try #require(await rig.pid()), SIGKILL)
      for await _ in hints { break }
    }
  }

  @Test func `a HAProxy that hangs cannot be asked, and opening replaces it`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      let table = rig.table([.shop: AppRoutes(.shop, [one])])
      #expect(await rig.router.open(table) == .done)
      let pid = try #require(await rig.pid())
      kill(pid, SIGSTOP)
      defer { kill(pid, SIGCONT) }
      let second = rig.another()
      guard case .unavailable = await second.routing() else {
        Issue.record("it answered")
        return
      }
      #expect(await second.open(table) == .done)
      #expect(try await rig.visitor.get("shop.test").body == "one")
    }
  }

  @Test func `a port that is taken is named with who has it`() async throws {
    let other = try Origin("other")
    defer { other.close() }
    try await withRouter { rig async throws in
      var entry = rig.entry
      entry.address = other.endpoint.address
      entry.http = other.endpoint.port
      let outcome = await rig.router.open(RouteTable(entry: entry))
      let failure = try #require(outcome.failure)
      #expect(failure.code == "router-address")
      #expect(failure.message.contains("127.0.0.1:\(entry.http)"), "\(failure)")
      #expect(failure.message.contains("(process \(getpid())) has it"), "\(failure)")
      #expect(failure.fix?.contains("--router") == true)
    }
  }

  @Test func `a missing HAProxy is named with the package that has it`() async throws {
    try await withRouter { rig async throws in
      let router = HAProxyRouter(
        rig.folder, program: "/nowhere/haproxy", stateFolder: rig.root
      ) { Rig.now }
      let failure = try #require(await router.open(rig.table([:])).failure)
      #expect(failure.code == "no-haproxy")
      #expect(failure.fix == "apt-get install haproxy")
      #expect(failure.retry == .whenMachineIsMended)
      await router.close()
    }
  }

  @Test func `a socket that drains for ever does not let processes pile up`() async throws {
    let one = try Origin("one")
    defer { one.close() }
    try await withRouter { rig async throws in
      #expect(await rig.router.open(rig.table([.shop: AppRoutes(.shop, [one])])) == .done)
      var sockets: [Int32] = []
      defer { for socket in sockets { close(socket) } }
      for number in 1...12 {
        let place = rig.visitor.place
        let socket = try await blocking { try Sockets.webSocket(place, host: "shop.test") }
        sockets.append(socket)
        let app = AppName(nearestTo: "app-\(number)")
        #expect(await rig.router.route(app, AppRoutes(app, [one])) == .done)
      }
      #expect(processes(naming: rig.folder.run).count <= 9)
    }
  }
}

/// Visitors who come again and again until they are told to stop.
struct Visits: Sendable {
  private let task: Task<[String], any Error>

  init(_ visitor: Visitor, host: String) {
    task = Task {
      var answers: [String] = []
      while !Task.isCancelled { answers.append(try await visitor.get(host)) }
      return answers
    }
  }

  /// Every answer.
  func end() async throws -> [String] {
    task.cancel()
    return try await task.value
  }
}
