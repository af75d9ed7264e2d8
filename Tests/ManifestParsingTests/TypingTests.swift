// How scalars are typed: config vars arrive as written, everything else is strict. And Heroku's
// tiers.

import FormationModel
import ManifestParsing
import Testing

@Suite struct TypingTests {
  @Test func `config vars arrive exactly as written`() throws {
    let formation = try MemoryTree.app(
      """
      env:
        A: NO
        B: 0777
        C: 1e3
        D: 12:30
        E: true
        F: ""
        G: "null"
        H: 0x1F
        I: 2024-01-01
        J: {value: 010}
        K: |
          two
          lines
      """
    ).formation()
    #expect(formation.errorCodes == [])
    #expect(
      formation.config == [
        "A=NO", "B=0777", "C=1e3", "D=12:30", "E=true", "F=", "G=null", "H=0x1F", "I=2024-01-01",
        "J=010", "K=two\nlines",
      ])
  }

  @Test(arguments: ["~", "null", "Null", ""])
  func `nothing is no value of a config var`(_ text: String) throws {
    #expect(
      try MemoryTree.app("env:\n  A: \(text)\n").formation().errorCodes == ["empty-config-value"])
  }

  @Test(arguments: ["yes", "no", "on", "off", "True", "TRUE", "1", "\"true\"", "y"])
  func `booleans are true or false`(_ text: String) throws {
    let formation = try MemoryTree.app("maintenance: \(text)").formation()
    #expect(formation.errorCodes == ["wrong-type"])
    #expect(formation.diagnostics.contains { $0.fix?.contains("write `maintenance: ") == true })
  }

  @Test(arguments: ["1e1", "0x2", "2.0", "+2", "02", "1_000", "-1", "9999999999999999999999"])
  func `quantities are plain numbers`(_ text: String) throws {
    let formation = try MemoryTree.app("formation: {web: {quantity: \(text)}}").formation()
    #expect(formation.rejected.count == 1)
  }

  @Test func `config vars have room for 64 kB`() throws {
    let fits = String(repeating: "x", count: 65_535)
    #expect(try MemoryTree.app("env: {A: \(fits)}").formation().errorCodes == [])
    #expect(try MemoryTree.app("env: {A: \(fits)x}").formation().errorCodes == ["config-too-large"])
  }

  @Test(arguments: [
    ("web: {size: eco}, worker: {size: eco, quantity: 1}", true),
    ("web: {size: eco, quantity: 2}", false),
    ("web: {size: basic, quantity: 1}, worker: {quantity: 1}", true),
    ("web: {size: basic, quantity: 2}", false),
    ("web: {size: basic}, worker: {size: eco}", false),
    ("web: {size: basic}, worker: {size: standard-1x}", false),
    ("web: {size: standard-1x, quantity: 90}, worker: {size: performance-m, quantity: 10}", true),
    ("web: {size: performance-m, quantity: 11}", false),
    ("web: {size: private-s}", false),
    ("web: {size: performance-m, quantity: {min: 1, max: 3}}", true),
    ("web: {size: standard-2x, quantity: {min: 1, max: 3}}", false),
  ])
  func `Heroku's tiers hold`(_ formation: String, _ holds: Bool) throws {
    let found = try MemoryTree.app("formation: {\(formation)}").formation()
    #expect(found.errorCodes.isEmpty == holds, "\(found.lines)")
    #expect(found.errorCodes.allSatisfy { $0 == "heroku-tiers" })
    for one in found.diagnostics where one.code == "heroku-tiers" {
      #expect(one.fix?.contains("heroku_tiers") == true)
    }
  }

  @Test func `preboot is for standard and performance`() throws {
    let basic = "rollout: {strategy: preboot}\nformation: {web: {size: basic}}"
    #expect(try MemoryTree.app(basic).formation().errorCodes == ["heroku-tiers"])
    #expect(try MemoryTree.app("rollout: {strategy: preboot}").formation().errorCodes == [])
  }

  @Test func `settings of a process type arrive`() throws {
    let app = try MemoryTree.app(
      """
      was: [old-shop]
      formation:
        web: {healthcheck: {path: /up, interval: 500ms, timeout: 1s, boot_timeout: 2m}}
        worker: {quantity: 1, min_healthy: 5s, stop_timeout: 1m, overlap: true, tcp: 1883}
      rollout: {strategy: rolling, max_unavailable: 50%}
      suspend: deploys
      deletion: snapshot
      maintenance: true
      """
    ).formation().app("shop")
    let shop = try #require(app)
    let web = try #require(shop.process(.web))
    #expect(web.healthcheck.path == "/up" && web.healthcheck.interval == .milliseconds(500))
    #expect(web.healthcheck.timeout == .seconds(1) && web.healthcheck.bootTimeout == .seconds(120))
    let worker = try #require(shop.processes.last)
    #expect(worker.minHealthy == .seconds(5) && worker.stopTimeout == .seconds(60))
    #expect(worker.overlap && worker.tcpPort == 1883)
    #expect(shop.rollout.strategy == .rolling && shop.rollout.maxUnavailablePercent == 50)
    #expect(shop.suspension == .deploys && shop.deletion == .snapshot && shop.maintenance)
    #expect(shop.formerNames.map(\.rawValue) == ["old-shop"])
    #expect(shop.unsupported == [])
  }
}
