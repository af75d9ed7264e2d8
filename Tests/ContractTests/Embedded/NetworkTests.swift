// Who can reach whom: dynos reach the world and nothing of the machine; the machine reaches dynos.

import Effects
import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

extension EmbeddedSuite {
  @Suite struct NetworkTests {
    private let serve = "httpd -f -p 8080 -h /app"

    /// What `nc` from within a dyno to each target says: `open` or `shut`.
    private func reach(_ world: ContractWorld, _ targets: [String]) async throws -> [String] {
      let checks = targets.map { target in
        "if nc -w 2 \(target) </dev/null >/dev/null 2>&1; then echo open; else echo shut; fi"
      }
      try await world.run(world.id(.web, 9), command: checks.joined(separator: "; "))
      return try await world.output(targets.count)
    }

    @Test func `the machine reaches a dyno; another dyno does not`() async throws {
      try await withEmbedded { _, world in
        try await world.run(world.id(), command: serve)
        let instance = try #require(try await world.observed().instances.first)
        try await eventually("the dyno answers") {
          await world.runtime.probe(instance, Healthcheck()) == .healthy ? true : nil
        }
        let endpoint = try #require(instance.endpoint)
        let target = "\(endpoint.address) 8080"
        var check = Healthcheck()
        check.path = "/hello.txt"
        #expect(await world.runtime.probe(instance, check) == .healthy)
        #expect(try await reach(world, [target]) == ["shut"])
      }
    }

    @Test func `a dyno does not reach the machine's own services`() async throws {
      try await withEmbedded { fixture, world in
        let server = try ListeningSocket()
        let gateway = try fixture.embedded.machinery().claim.gateway
        let own = try machine("ip", "-4", "-o", "addr", "show", "scope", "global")
          .split(separator: " ").first { $0.contains("/") }.map {
            String($0.split(separator: "/")[0])
          }
        let targets = ["\(gateway) \(server.port)"] + (own.map { ["\($0) \(server.port)"] } ?? [])
        #expect(try await reach(world, targets) == targets.map { _ in "shut" })
      }
    }

    @Test func `a dyno reaches the world, but no link-local address`() async throws {
      let world = try NeighbourNetwork()
      defer { world.remove() }
      try await withEmbedded { _, contract in
        let targets = ["198.51.100.2 7000", "169.254.77.2 7000"]
        let answers = try await reach(contract, targets)
        #expect(answers == ["open", "shut"])
      }
    }

    @Test func `a dyno has no IPv6 address to go round the rules with`() async throws {
      try await withEmbedded { _, world in
        try await world.run(
          world.id(), command: "ip -6 addr show dev eth0 | wc -l; ip -4 -o addr | wc -l")
        #expect(try await world.output(2) == ["0", "2"])
      }
    }

    @Test func `a port on loopback is told from one that is not bound`() async throws {
      try await withEmbedded { _, world in
        try await world.run(world.id(.web, 1), command: "httpd -f -p 127.0.0.1:8080")
        try await world.run(world.id(.web, 2), .runs)
        try await world.run(world.id(.web, 3), command: serve)
        for (index, expected) in [ProbeResult.loopbackOnly, .notListening, .healthy].enumerated() {
          let instance = try await world.observed().instances[index]
          try await eventually("\(instance.id) is \(expected)") {
            await world.runtime.probe(instance, Healthcheck()) == expected ? true : nil
          }
        }
      }
    }

    @Test func `a path is healthy when it answers 2xx or 3xx in time`() async throws {
      try await withEmbedded { _, world in
        try await world.run(world.id(.web, 1), command: serve)
        try await world.run(world.id(.web, 2), command: "nc -ll -p 8080 -e sleep 1000")
        let instances = try await world.observed().instances
        for instance in instances {
          try await eventually("\(instance.id) listens") {
            await world.runtime.probe(instance, Healthcheck()) == .healthy ? true : nil
          }
        }
        var check = Healthcheck()
        check.timeout = .milliseconds(500)
        check.path = "/hello.txt"
        #expect(await world.runtime.probe(instances[0], check) == .healthy)
        #expect(await world.runtime.probe(instances[1], check) == .timedOut)
        check.path = "/nothing"
        #expect(await world.runtime.probe(instances[0], check) == .status(404))
      }
    }
  }
}
