// The shipped catalog against Heroku's numbers, and the reader on entries of a platform's own.

import FormationModel
import Foundation
import Testing
import YAMLReading

@testable import ManifestParsing

@Suite struct CatalogTests {
  private func read(_ text: String) throws -> (catalog: Catalog, diagnostics: [Diagnostic]) {
    let node = try #require(try YAMLReader.read(Array(text.utf8)).first)
    return CatalogReader.read(node, file: "platform.yaml")
  }

  private func problems(_ text: String) throws -> [String] {
    try read(text).diagnostics.map { "\($0.code) \($0.mark?.line ?? 0):\($0.mark?.column ?? 0)" }
  }

  private func repositoryFile(_ path: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test func `the data that ships has no problem`() {
    #expect(ShippedCatalog.read().diagnostics.isEmpty)
  }

  @Test(arguments: [
    ("dyno-types", CatalogData.dynoTypes), ("stacks", CatalogData.stacks),
    ("addons", CatalogData.addOns),
  ])
  func `source and literal agree`(file: String, literal: String) throws {
    let source = try repositoryFile("manifests/catalog/\(file).yaml")
    #expect(literal + "\n" == source, "run `./dev generate`")
    #expect(!source.contains("\"\"\"#") && !source.contains("\\#"))
  }

  @Test(arguments: [
    "eco eco 512 1024 cpu 1 cores - limit 256 sleeps $0",
    "basic basic 512 1024 cpu 1 cores - limit 256 awake $7",
    "standard-1x standard 512 1024 cpu 1 cores - limit 256 awake $25",
    "standard-2x standard 1024 2048 cpu 2 cores - limit 512 awake $50",
    "performance-m performance 2560 5120 cpu 12 cores 2 limit 16384 awake $250",
    "performance-l performance 14336 28672 cpu 50 cores 8 limit 32768 awake $500",
    "performance-l-ram performance 30720 36864 cpu 24 cores 4 limit 24576 awake $500",
    "performance-xl performance 63488 75776 cpu 50 cores 8 limit 32768 awake $750",
    "performance-2xl performance 129024 154624 cpu 100 cores 16 limit 65536 awake $1500",
    "private-s private 1024 1024 cpu 12 cores 2 limit 512 awake $225",
    "private-m private 2560 2560 cpu 12 cores 2 limit 16384 awake $450",
    "private-l private 14336 14336 cpu 50 cores 8 limit 32768 awake $900",
    "private-l-ram private 30720 30720 cpu 24 cores 4 limit 24576 awake $500",
    "private-xl private 63488 63488 cpu 50 cores 8 limit 32768 awake $750",
    "private-2xl private 129024 129024 cpu 100 cores 16 limit 65536 awake $1500",
  ])
  func `dyno types are Heroku's`(line: String) throws {
    let name = try #require(CatalogName(rawValue: String(line.prefix { $0 != " " })))
    let type = try #require(ShippedCatalog.catalog.dynoTypes[name])
    let cores = type.dedicatedCores.map(String.init) ?? "-"
    let memory = "\(type.memoryBytes >> 20) \(type.memoryKillBytes >> 20)"
    let dollars = try #require(type.monthlyCents) / 100
    #expect(
      line == "\(type.name) \(type.tier) \(memory) cpu \(type.cpuShare) cores \(cores)"
        + " limit \(type.processLimit) \(type.sleeps ? "sleeps" : "awake") $\(dollars)")
    #expect(ShippedCatalog.catalog.dynoTypes.count == 15)
  }

  @Test func `stacks and add-ons are there`() throws {
    let catalog = ShippedCatalog.catalog
    let stacks = catalog.stacks.values.sorted { $0.name < $1.name }
    #expect(stacks.map(\.name.rawValue) == ["busybox", "debian-12"])
    #expect(stacks.map(\.shell) == ["/bin/sh", "/bin/bash"])
    #expect(stacks.first?.source == .busybox)
    guard case .debian(let suite, let packages)? = stacks.last?.source else {
      return #expect(Bool(false), "debian-12 is no recipe")
    }
    #expect(suite == "bookworm")
    #expect(packages.contains("ca-certificates"))
    let services = catalog.addOns.values.sorted { $0.name < $1.name }
    #expect(
      services.map { "\($0.name) \($0.configPrefix) \($0.plans.first?.name.rawValue ?? "")" }
        == [
          "heroku-kafka KAFKA basic-0", "heroku-postgresql DATABASE essential-0",
          "heroku-redis REDIS mini", "scheduler SCHEDULER standard",
        ])
    #expect(services.map(\.holdsData) == [true, true, true, false])
  }

  @Test func `a platform adds entries of its own`() throws {
    let text = """
      dyno_types:
        tiny: {tier: basic, memory: 64MB}
      stacks:
        ours: {folder: /srv/stacks/ours, shell: /bin/bash}
        packed: {archive: /srv/stacks/packed.tar.zst}
        trixie: {debian: {suite: trixie, packages: [libstdc++6, python3]}}
      addons:
        minio: {config: S3, data: true, plans: [{name: small, price: 1.50}]}
      """
    let (catalog, diagnostics) = try read(text)
    #expect(diagnostics.isEmpty)
    let tiny = try #require(catalog.dynoTypes.values.first)
    #expect(tiny.memoryBytes == 64 << 20)
    #expect(tiny.memoryKillBytes == 64 << 20)
    #expect(tiny.monthlyCents == nil)
    #expect(catalog.stacks.count == 3)
    #expect(catalog.addOns.values.first?.plans.first?.monthlyCents == 150)
  }

  @Test(arguments: [
    ("[]", ["wrong-type 1:1"]),
    ("dyno_type: {}", ["unknown-key 1:1"]),
    ("dyno_types: []", ["wrong-type 1:13"]),
    ("dyno_types:", []),
    ("dyno_types: {Big: {tier: basic, memory: 1GB}}", ["invalid-name 1:14"]),
    ("dyno_types: {a: 1}", ["wrong-type 1:17"]),
    ("dyno_types: {a: {}}", ["missing-key 1:17", "missing-key 1:17"]),
    ("dyno_types: {a: {tier: gold, memory: 1GB}}", ["wrong-type 1:24"]),
    ("dyno_types: {a: {tier: basic, memory: 1024}}", ["wrong-type 1:39"]),
    ("dyno_types: {a: {tier: basic, memory: -1GB}}", ["wrong-type 1:39"]),
    ("dyno_types: {a: {tier: basic, memory: 0GB}}", ["wrong-type 1:39"]),
    ("dyno_types: {a: {tier: basic, memory: 99999999999999GB}}", ["wrong-type 1:39"]),
    ("dyno_types: {a: {tier: basic, memory: 1e3MB}}", ["wrong-type 1:39"]),
    ("dyno_types: {a: {tier: basic, memory: 1GB, kill_at: 1MB}}", ["out-of-range 1:17"]),
    ("dyno_types: {a: {tier: basic, memory: 1GB, sleeps: yes}}", ["wrong-type 1:52"]),
    ("dyno_types: {a: {tier: basic, memory: 1GB, cpu: 0x1}}", ["wrong-type 1:49"]),
    ("dyno_types: {a: {tier: basic, memory: 1GB, price: 1.005}}", ["wrong-type 1:51"]),
    ("stacks: {a: {}}", ["missing-key 1:13"]),
    ("stacks: {a: {folder: /a, archive: /b}}", ["missing-key 1:13"]),
    ("stacks: {a: {folder: a}}", ["wrong-type 1:22"]),
    ("stacks: {a: {busybox: false}}", ["wrong-type 1:23"]),
    ("stacks: {a: {debian: {packages: [b]}}}", ["missing-key 1:22"]),
    ("stacks: {a: {debian: {suite: b, packages: [--hook]}}}", ["wrong-type 1:44"]),
    ("stacks: {a: {debian: {suite: \"b; rm\"}}}", ["wrong-type 1:30"]),
    ("addons: {a: {config: A}}", ["missing-key 1:13"]),
    ("addons: {a: {config: 1A, plans: [{name: b}]}}", ["wrong-type 1:22"]),
    ("addons: {a: {config: A, plans: [{name: b}, {name: b}]}}", ["wrong-type 1:44"]),
  ])
  func `says what is wrong with an entry and where`(text: String, expected: [String]) throws {
    #expect(try problems(text) == expected)
  }

  @Test(
    arguments: [
      ("512MB", 536_870_912), ("2.5GB", 2_684_354_560), ("1 GB", 1_073_741_824),
      ("64MiB", 67_108_864), ("100kB", 102_400), ("1TB", 1_099_511_627_776),
      ("0.5GB", 536_870_912),
    ] as [(String, Int64)])
  func `amounts of memory count as Heroku does`(text: String, bytes: Int64) {
    #expect(CatalogScalar.bytes(YAMLScalar(text: text, isQuoted: false)) == bytes)
  }
}
