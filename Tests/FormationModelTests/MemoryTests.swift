// What memory changes mean.

import FormationModel
import Testing

@Suite struct MemoryTests {
  private let app = AppName(rawValue: "shop")
  private let none = RevisionID(rawValue: "c0ffee")

  private func release(_ number: Int) throws -> Release {
    let stack = Stack(
      name: try #require(CatalogName(rawValue: "busybox")), source: .busybox, shell: "/bin/sh")
    let content = ReleaseContent(
      digest: ContentDigest(rawValue: "content-\(number)"),
      slug: SlugReference(digest: ContentDigest(rawValue: "s"), revision: none, folder: ""),
      stack: StackReference(stack: stack, digest: ContentDigest(rawValue: "t")),
      commands: [], config: [])
    return Release(
      number: number, content: content, revision: none,
      recordedAt: LoopTime(milliseconds: 0), summary: "")
  }

  @Test func `old releases go, the converged one and the newest stay`() throws {
    let app = try #require(app)
    var memory = Memory()
    for number in 1...3 {
      memory.apply(.record(app, try release(number)), releasesKept: 10)
    }
    let convergence = Convergence(release: 1, revision: none, attempts: [:], quantities: [:])
    memory.apply(.converged(app, convergence), releasesKept: 10)
    for number in 4...6 {
      memory.apply(.record(app, try release(number)), releasesKept: 2)
    }
    #expect(memory.apps[app]?.releases.map(\.number) == [1, 5, 6])
  }

  @Test func `a write whose answer got lost is the same release when it is written again`() throws {
    let app = try #require(app)
    var memory = Memory()
    for _ in 1...2 { memory.apply(.record(app, try release(1)), releasesKept: 10) }
    #expect(memory.apps[app]?.releases.count == 1)
  }

  @Test func `an app that left keeps its numbers`() throws {
    let app = try #require(app)
    var memory = Memory()
    memory.apply(.record(app, try release(4)), releasesKept: 10)
    memory.apply(.attempt(SlotID(app, .web, 1), 7), releasesKept: 10)
    memory.apply(.forget(app), releasesKept: 10)
    #expect(memory.apps[app]?.accepted == nil)
    #expect(memory.apps[app]?.currentRelease?.number == 4)
    #expect(memory.apps[app]?.attempts[SlotID(app, .web, 1)] == 7)
  }
}
