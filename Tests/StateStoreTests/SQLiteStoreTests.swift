// What the store remembers is what it was told, whatever happens to the process.

import Effects
import FormationModel
import Foundation
import StateStore
import Testing

@Suite struct SQLiteStoreTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func `a new state directory remembers nothing and has lost nothing`() async throws {
    let store = try scratch.store()
    #expect(try await store.load() == Memory())
    #expect(!store.wasLost)
    #expect(try scratch.mode("state/muster.sqlite") == 0o600)
    #expect(try scratch.mode("state") == 0o700)
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `the store and the model agree on every sequence of changes`(seed: UInt64) async throws {
    var (changes, model) = (RandomChanges(seed: seed), Memory())
    for round in 0..<4 {
      // A store of its own each round: what is compared went over the disk.
      let store = try scratch.store()
      #expect(try await store.load() == model)
      for _ in 0..<8 {
        let batch = try changes.batch()
        for change in batch { model.apply(change, releasesKept: 3) }
        #expect(await store.apply(batch, at: now, releasesKept: 3) == .done)
      }
      #expect(try await store.load() == model, "round \(round)")
      #expect(try await marks(store.load()) == marks(model))
      #expect(try await scratch.readOnlyMemory() == model)
    }
  }

  @Test func `a batch is written as a whole or not at all`() async throws {
    let store = try scratch.store()
    var changes = RandomChanges(seed: 5)
    var release: MemoryChange?
    while release == nil {
      if case .record(let app, let made) = try changes.next() { release = .record(app, made) }
    }
    let recorded = try #require(release)
    guard case .record(let app, let made) = recorded else { return }
    #expect(await store.apply([recorded], at: now, releasesKept: 9) == .done)
    #expect(await store.apply([recorded], at: now, releasesKept: 9) == .done)
    let before = try await store.load()
    let content = ReleaseContent(
      digest: ContentDigest(rawValue: "other"), slug: made.content.slug,
      stack: made.content.stack, commands: [], config: [])
    let other = Release(
      number: made.number, content: content, revision: made.revision, recordedAt: now,
      summary: "another content under a number that is taken")
    let again = await store.apply(
      [.confirm(HoldID("a")), .record(app, other)], at: now, releasesKept: 9)
    #expect(again.failure?.code == "store-conflict")
    #expect(try await store.load() == before)
  }

  @Test func `commits are durable when they return`() async throws {
    let store = try scratch.store()
    #expect(await store.apply([.confirm(HoldID("a"))], at: now, releasesKept: 9) == .done)
    // What kill -9 leaves is what lies in the files now.
    try copyState(scratch, to: "copy")
    let copy = try StateFolder.open(path: "\(scratch.path)/copy", mode: .readOnly).store()
    #expect(try await copy.load().confirmed == [HoldID("a")])
  }

  @Test func `a log cut off anywhere leaves one of the states that were committed`() async throws {
    let store = try scratch.store()
    var (changes, model, random) = (RandomChanges(seed: 77), Memory(), Seeded(78))
    var committed = [model]
    for _ in 0..<20 {
      let batch = try changes.batch()
      for change in batch { model.apply(change, releasesKept: 3) }
      #expect(await store.apply(batch, at: now, releasesKept: 3) == .done)
      committed.append(model)
    }
    for round in 0..<30 {
      try copyState(scratch, to: "copy")
      let log = "\(scratch.path)/copy/muster.sqlite-wal"
      let size = try Data(contentsOf: URL(fileURLWithPath: log)).count
      try #require(truncate(log, Int.random(in: 0...size, using: &random)) == 0)
      // After a power failure there is no index.
      if round.isMultiple(of: 2) { unlink("\(scratch.path)/copy/muster.sqlite-shm") }
      let folder = try StateFolder.open(path: "\(scratch.path)/copy", mode: .readWrite)
      let lock = try folder.lock(command: "test", at: now)
      let memory = try await folder.store(holding: lock).load()
      #expect(committed.contains(memory), "round \(round)")
      lock.release()
      try scratch.remove("copy")
    }
  }

  @Test func `history keeps the newest events, and gives them oldest first`() async throws {
    var limits = Limits()
    limits.events = 10
    let store = try scratch.store(limits: limits)
    let shop = try #require(AppName(rawValue: "shop"))
    for number in 0..<25 {
      let event = StoredEvent(
        at: now + .seconds(number), app: number.isMultiple(of: 2) ? shop : nil, subject: "web.1",
        reason: "DynoStarted", message: "event \(number)", revision: nil)
      #expect(await store.append([event]) == .done)
    }
    let all = try await store.events(app: nil, count: 100).map(\.message)
    #expect(all == (15..<25).map { "event \($0)" })
    let shops = try await store.events(app: shop, count: 2)
    #expect(shops.map(\.message) == ["event 22", "event 24"])
    #expect(shops.first?.app == shop)
    #expect(shops.first?.at == now + .seconds(22))
    #expect(try await store.events(app: nil, count: -1).isEmpty)
  }

  @Test func `without the lock nothing is written`() async throws {
    _ = try scratch.store()
    let reader = try scratch.folder().store()
    let outcome = await reader.apply([.confirm(HoldID("a"))], at: now, releasesKept: 1)
    #expect(outcome.failure?.code == "state-read-only")
  }

  @Test func `secrets in the folder are part of memory`() async throws {
    let store = try scratch.store()
    let secret = try SecretID("shop", "KEY")
    let secrets = try scratch.folderForReading().secrets()
    #expect(await secrets.generate([secret]) == .done)
    #expect(try await store.load().secrets == [secret])
    #expect(try await scratch.readOnlyMemory().secrets == [secret])
  }

  private func marks(_ memory: Memory) -> [AppName: [FieldPath: SourceMark]?] {
    memory.apps.mapValues { $0.accepted?.marks.places }
  }
}

extension Scratch {
  func folderForReading() throws -> StateFolder { try .open(path: state, mode: .readOnly) }
}

extension SecretID {
  init(_ app: String, _ key: String) throws {
    self.init(
      app: try #require(AppName(rawValue: app)), key: try #require(ConfigKey(rawValue: key)))
  }
}

/// Copies the state directory as a crash would leave it.
func copyState(_ scratch: Scratch, to name: String) throws {
  try FileManager.default.copyItem(atPath: scratch.state, toPath: "\(scratch.path)/\(name)")
}
