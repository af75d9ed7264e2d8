// What makes two stacks the same.

import FormationModel
import Foundation
import Testing

@testable import ContainerRuntimes

@Suite struct StackDigestTests {
  private func digest(_ source: Stack.Source, shell: String = "/bin/sh") throws -> ContentDigest {
    let name = try #require(CatalogName(rawValue: "stack"))
    return try StackDigest.of(Stack(name: name, source: source, shell: shell))
  }

  @Test func `a recipe's digest is that of its definition, in any order`() throws {
    let one = try digest(.debian(suite: "bookworm", packages: ["python3", "curl"]))
    #expect(try digest(.debian(suite: "bookworm", packages: ["curl", "python3", "curl"])) == one)
    #expect(try digest(.debian(suite: "trixie", packages: ["python3", "curl"])) != one)
    #expect(try digest(.debian(suite: "bookworm", packages: ["python3"])) != one)
    #expect(try digest(.busybox) == digest(.busybox, shell: "/bin/ash"))
    #expect(one.rawValue.count == 64)
  }

  @Test func `a folder's digest changes with its files`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/muster-stack-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: EffectFailure.self) { try digest(.folder(path: folder)) }
    try Files.makeFolder(folder + "/etc")
    try Files.write("one".utf8, to: folder + "/etc/file")
    let first = try digest(.folder(path: folder))
    #expect(try digest(.folder(path: folder)) == first)
    try Files.write("longer".utf8, to: folder + "/etc/file")
    let second = try digest(.folder(path: folder))
    #expect(second != first)
    chmod(folder + "/etc/file", 0o755)
    #expect(try digest(.folder(path: folder)) != second)
    #expect(throws: EffectFailure.self) { try digest(.archive(path: folder)) }
  }

  @Test(arguments: ["--hook=x", "Python", "", "a b", "?obsolete", "a,b", "/tmp/x.deb", "a=1"])
  func `no option or pattern gets to mmdebstrap as a package`(_ package: String) throws {
    let name = try #require(CatalogName(rawValue: "stack"))
    let recipe = DebianStack(name: name, suite: "bookworm", packages: ["curl", package])
    let failure = #expect(throws: EffectFailure.self) { _ = try recipe.command(into: "/nowhere") }
    #expect(failure?.retry == .withNewContent || failure?.code == "tool-missing")
  }
}
