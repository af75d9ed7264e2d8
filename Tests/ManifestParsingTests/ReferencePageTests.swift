// The reference page and the reader know the same keys.

import Foundation
import ManifestParsing
import Testing

@Suite struct ReferencePageTests {
  @Test func `the page has every key of app yaml and no other`() throws {
    let known = AppKeys.all.flatMap(\.paths) + AppKeys.display
    #expect(try rows(of: "## app.yaml").sorted() == known.sorted())
  }

  @Test func `the page has every key of platform yaml and no other`() throws {
    let known = PlatformKeys.all.flatMap(\.paths)
    #expect(try rows(of: "## platform.yaml").sorted() == known.sorted())
  }

  /// The first cells of the section's table, where they are a key.
  private func rows(of section: String) throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "docs/reference/manifest.md"), encoding: .utf8)
    let lines = page.split(separator: "\n").drop { $0 != section }.dropFirst()
      .prefix { !$0.hasPrefix("## ") }
    return lines.compactMap { line in
      guard line.hasPrefix("| `") else { return nil }
      return line.dropFirst(3).split(separator: "`").first.map(String.init)
    }
  }
}
