// Forms travel with instances for years. These golden texts are frozen: a change here restarts
// every dyno of everybody, so a new field must be optional and absent where it has its default.

import FormationModel
import Foundation
import Testing

@Suite struct InstanceFormTests {
  @Test func `the stored form stays as it is`() throws {
    let form = try JSONDecoder().decode(InstanceForm.self, from: Data(Self.stored.utf8))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    #expect(String(decoding: try encoder.encode(form), as: UTF8.self) == Self.stored)
    #expect(form.tcpPort == nil)
  }

  static let stored = """
    {"command":"run web","config":{"GREETING":"0123456789abcdef"},"memoryBytes":536870912,\
    "release":"r","size":"standard-1x","slug":"s","stack":"busybox","stackDigest":"t"}
    """

  @Test func `each field that differs is named, values of config vars are not`() throws {
    let old = try JSONDecoder().decode(InstanceForm.self, from: Data(Self.stored.utf8))
    #expect(old.changes(to: old).isEmpty)
    var new = old
    new.slug = ContentDigest(rawValue: "s2")
    new.command = "run faster"
    new.size = try #require(CatalogName(rawValue: "standard-2x"))
    new.config[try #require(ConfigKey(rawValue: "GREETING"))] = "fedcba9876543210"
    new.config[try #require(ConfigKey(rawValue: "NEW"))] = "0000000000000000"
    let changes = old.changes(to: new)
    #expect(
      changes.map(\.field.rawValue) == ["slug", "command", "size", "env.GREETING", "env.NEW"])
    #expect(changes.suffix(2).map(\.to) == ["changed", "set"])
  }
}
