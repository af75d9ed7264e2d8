// The files that HAProxy is loaded with, and that nothing which a manifest says can become
// configuration.

import FormationModel
import Foundation
import Testing

@testable import Router

@Suite struct ConfigurationTests {
  private static let folder = RouterFolder(state: "/var/lib/muster/router", run: "/run/muster/r")
  private static let machine = RouterMachine(
    openFiles: 20000, account: "haproxy", certificates: "/var/lib/muster/tls")

  private func files(_ apps: [AppName: AppRoutes]) throws -> [String: String] {
    let files = try HAProxyConfiguration(
      RouterEntry(), apps, on: Self.machine, generation: Self.folder.generation(7),
      folder: Self.folder
    ).files()
    return Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
  }

  private static var apps: [AppName: AppRoutes] {
    let endpoints = (1...2).map { Endpoint(address: "10.64.0.\($0)", port: 8080) }
    var shop = AppRoutes(
      hosts: ["shop.test", "*.shop.test"], absence: .crashed,
      servers: zip(1...2, endpoints).map { RouteServer(AppName.shop.web($0), at: $1) }
    ).draining(2)
    shop.settings.affinity = true
    var blog = AppRoutes(
      hosts: ["blog.test", "*.a.shop.test"], absence: .booting, isInMaintenance: true)
    blog.settings.timeout = .seconds(10)
    return [.shop: shop, .blog: blog]
  }

  @Test func `two apps give this configuration`() throws {
    let files = try files(Self.apps)
    let generation = Self.folder.generation(7)
    #expect(files[generation.configuration] == Golden.configuration)
    #expect(files[generation.hosts] == "blog.test app.blog\nshop.test app.shop\n")
    #expect(files[generation.wildcards] == ".a.shop.test app.blog\n.shop.test app.shop\n")
    #expect(files[generation.states] == "app.blog maintenance-booting\napp.shop crashed\n")
    #expect(try self.files(Self.apps) == files)
  }

  @Test(arguments: [
    "", "a b", "a\nb", "a\tb", "a#b", "a\"b", "a'b", "a{b}", "a%b", "a\\b", "a\0b", "ä.test", "*",
    "**.a", "a*b.test", String(repeating: "a", count: 256),
  ])
  func `a host of other characters is refused`(host: String) {
    #expect(throws: EffectFailure.self) {
      try files([.shop: AppRoutes(hosts: [host], absence: .none)])
    }
  }

  @Test func `a host of two apps is refused`() throws {
    let routes = AppRoutes(hosts: ["a.test"], absence: .none)
    do {
      _ = try files([.shop: routes, .blog: routes])
      Issue.record("it was taken")
    } catch let failure as EffectFailure {
      #expect(failure.code == "host-twice")
    }
  }

  @Test func `an address of a dyno that is none is refused`() {
    for address in ["", "10.0.0.1 disabled", "localhost", "10.0.0.1\nserver x", "ipv4@1.1.1.1"] {
      let server = RouteServer(AppName.shop.web(1), at: Endpoint(address: address, port: 80))
      #expect(throws: EffectFailure.self, "\(address)") {
        try files([.shop: AppRoutes(hosts: [], absence: .none, servers: [server])])
      }
    }
  }

  @Test(.enabled(if: Rig.isPossible, Rig.reason))
  func `10000 odd hosts and names never make a configuration that HAProxy refuses`() async throws {
    var chance = SplitMix(state: 7)
    var apps: [AppName: AppRoutes] = [:]
    var hosts: Set<String> = []
    for number in 0..<1000 {
      let app = AppName(nearestTo: "a\(number)-" + OddText.next(&chance))
      var odd: Set<String> = []
      for _ in 0..<10 {
        let text = OddText.next(&chance)
        // What is refused is refused as a value; the rest has to hold.
        guard let host = try? ConfigurationWord.host(text) else { continue }
        let name = text.hasPrefix("*.") ? "*" + host : host
        if hosts.insert(name).inserted { odd.insert(name) }
      }
      apps[app] = AppRoutes(hosts: Array(odd), absence: .none)
    }
    try await withRouter { rig async throws in
      let generation = rig.folder.generation(1)
      let files = try HAProxyConfiguration(
        rig.entry, apps, on: .found(certificates: nil), generation: generation, folder: rig.folder
      ).files()
      try RouterFiles.makeFolder(generation.folder)
      try RouterFiles.makeFolder(rig.folder.jail)
      for file in files { try RouterFiles.write(file.path, file.text.utf8) }
      let lines = files.filter { [generation.hosts, generation.wildcards].contains($0.path) }
        .flatMap { $0.text.split(separator: "\n") }
      #expect(lines.count == hosts.count)
      #expect(lines.allSatisfy { $0.split(separator: " ").count == 2 })
      #expect(hosts.count > 1000)
      let result = try await run("haproxy", ["-c", "-f", generation.configuration])
      #expect(result.status == 0, "\(result.output.prefix(2000))")
    }
  }
}

/// Texts that nobody should call a host.
private enum OddText {
  private static let pieces = [
    "a", "shop", "0", "-", "_", ".", "..", "*.", "xn--", " ", "\t", "\n", "\r", "#", "\"", "'",
    "\\",
    "%[", "]", "{", "}", "$", "${HOME}", "server", "global", "backend", "\u{0}", "\u{85}", "ä", "🚀",
    ":", "/", ";", ",", "@", "!", "if", "unless", "0x1", "test", "com", "A",
  ]

  static func next(_ chance: inout SplitMix) -> String {
    // Mostly few of the odd ones, so that some texts are taken.
    let count = Int.random(in: 1...6, using: &chance)
    let plain = ["a", "b", ".", "-", "_", "0", "*.", "com", "Shop", "server", "#", "\n"]
    let choice = Bool.random(using: &chance) ? plain : pieces
    return (0..<count).map { _ in choice.randomElement(using: &chance) ?? "" }.joined()
  }
}
