// Saved plans: what is written is read again, what was touched is refused, and what has changed
// meanwhile is told.

import FormationModel
import Review
import Testing

@testable import Planning

@Suite struct `A saved plan` {
  /// No cryptography is needed to see whether a digest is looked at.
  private func digest(_ text: String) -> String {
    "d" + String(text.utf8.reduce(UInt64(7)) { ($0 &* 31) &+ UInt64($1) }, radix: 16)
  }

  private func saved(
    controller: String? = "0011aabb", memory: String = "m", revision: RevisionID? = ada.id,
    _ changes: [Change]? = nil
  ) throws -> SavedPlan {
    let shop = try app("storefront")
    var part = AppPlan(app: shop)
    part.changes =
      try changes ?? [
        Change(.release, app: shop, from: 6, to: 7, .contentChanged([change("slug", "a", "b")])),
        Change(
          .replace, app: shop, slot: try slot("storefront/web.1"), from: 6, to: 7,
          .outdated([change("env.KEY", canary, canary)])),
        Change(
          .stop, app: shop, slot: try slot("storefront/worker.2"), from: 6,
          .quantityLowered(from: 2, to: 1)),
      ]
    let plan = Plan(
      revision: revision, apps: [part], platform: [], platformHolds: [], leftAlone: [])
    return SavedPlan(
      plan,
      basis: SavedPlan.Basis(
        revision: revision, controller: controller, binding: "b", memory: memory,
        observation: "o", only: [shop]))
  }

  @Test func `is read as it was written, and shows no config var`() throws {
    let plan = try saved()
    let text = plan.document(digest).document
    #expect(try SavedPlan.read(Array(text.utf8), digest: digest) == plan)
    #expect(try SavedPlan.read(Array(plan.document(digest).line.utf8), digest: digest) == plan)
    #expect(!text.contains(canary))
    #expect(plan.differences(from: plan) == [])
    #expect(plan.bounds.targets.count == 3)
  }

  @Test func `is refused when cut off or changed anywhere`() throws {
    let bytes = Array(try saved().document(digest).line.utf8)
    for length in 0..<bytes.count {
      #expect(throws: SavedPlan.Unreadable.self, "the first \(length) bytes") {
        try SavedPlan.read(Array(bytes[..<length]), digest: digest)
      }
    }
    var numbers = SystemSeed(state: 42)
    for round in 0..<2_000 {
      var other = bytes
      let place = Int(numbers.next() % UInt64(bytes.count))
      other[place] = UInt8(truncatingIfNeeded: numbers.next() % 96 + 32)
      guard other != bytes else { continue }
      let read = try? SavedPlan.read(other, digest: digest)
      #expect(try read == nil || read == saved(), "round \(round), byte \(place)")
    }
  }

  @Test(arguments: [
    "", "{}", "[]", "null", "{\"kind\":\"saved-plan\",\"format\":2}", "{\"kind\":1}",
  ])
  func `is told from other files`(text: String) {
    #expect(throws: SavedPlan.Unreadable.self) {
      try SavedPlan.read(Array(text.utf8), digest: digest)
    }
  }

  @Test func `says what is not as it was`() throws {
    let plan = try saved()
    #expect(
      plan.differences(from: try saved(controller: nil))
        == ["it was made with another state directory"])
    let other = RevisionID(rawValue: "79a6000000000000000000000000000000000000")
    #expect(
      plan.differences(from: try saved(revision: other))
        == ["it was made for commit 4e8d2a7, and git now asks for 79a6000"])
    #expect(plan.differences(from: try saved(memory: "n")) == [], "the changes are the same")
    let shop = try app("storefront")
    let less = try saved(
      memory: "n",
      [Change(.start, app: shop, slot: try slot("storefront/web.2"), to: 7, .missing)])
    let lines = plan.differences(from: less)
    #expect(lines.first == "what is remembered has changed since")
    #expect(lines.count { $0.hasPrefix("no longer: ") } == 3)
    #expect(lines.last?.hasPrefix("now also: + storefront web.2") == true)
  }
}

/// Numbers that are the same everywhere.
private struct SystemSeed {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
