// Damage is told, never taken for an empty or another memory, and no error quotes what was stored.

import Effects
import FormationModel
import Foundation
import Glibc
import StateStore
import Testing

@Suite struct DamageTests {
  // A property: it lives as long as the test, whatever the optimiser thinks.
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `a byte flipped anywhere is found, or changes nothing`(seed: UInt64) async throws {
    let model = try await filled(scratch, seed: seed)
    let whole = try scratch.bytes("state/muster.sqlite")
    var random = Seeded(seed)
    var found = 0
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        // Half of the flips hit the first page: header and schema.
        let range = Bool.random(using: &random) ? 0..<min(4096, bytes.count) : 0..<bytes.count
        bytes[Int.random(in: range, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
      found += try await expectTruth(model, scratch, bytes) ? 1 : 0
    }
    #expect(found > 0)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a database cut off anywhere is found, or tells what was written`(seed: UInt64) async throws
  {
    let model = try await filled(scratch, seed: seed)
    let whole = try scratch.bytes("state/muster.sqlite")
    var random = Seeded(seed)
    let lastPage = whole.count - 4096
    let cuts =
      [0, 1, 99, 100, 4096, lastPage - 1, lastPage, lastPage + 1, whole.count - 1]
      + (0..<20).map { _ in Int.random(in: 0..<whole.count, using: &random) }
      + (0..<10).map { _ in Int.random(in: lastPage..<whole.count, using: &random) }
    for size in cuts {
      let found = try await expectTruth(model, scratch, whole.prefix(size))
      // What is cut off the last page may have been empty: then nothing is lost. A whole page that
      // is missing is always found.
      #expect(found || size > lastPage, "\(size) bytes")
    }
  }

  @Test func `what is no database says so, with the file and what to do`() async throws {
    _ = try await filled(scratch, seed: 1)
    try scratch.write(String(repeating: canary, count: 900), to: "state/muster.sqlite")
    let found = try #require(await failure { _ = try await scratch.readOnlyMemory() })
    #expect(found.code == "store-corrupt")
    #expect(found.message.contains("\(scratch.state)/muster.sqlite"))
    #expect(found.fix?.contains("aside") == true)
    #expect(!"\(found)".contains(canary))
  }

  @Test func `another program's database is refused`() async throws {
    _ = try scratch.folder().identity()
    // A database of two empty tables that another program made, version 1 of its own.
    let other = try Scratch()
    _ = try await filled(other, seed: 3)
    var bytes = try other.bytes("state/muster.sqlite")
    bytes.replaceSubrange(68..<72, with: [0, 0, 0, 1])
    try bytes.write(to: URL(fileURLWithPath: "\(scratch.state)/muster.sqlite"))
    #expect(await failure { _ = try await scratch.readOnlyMemory() }?.code == "store-corrupt")
  }

  @Test func `a newer Muster's database is refused and left alone`() async throws {
    _ = try await filled(scratch, seed: 3)
    var bytes = try scratch.bytes("state/muster.sqlite")
    bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
    try bytes.write(to: URL(fileURLWithPath: "\(scratch.state)/muster.sqlite"))
    #expect(await failure { _ = try await scratch.readOnlyMemory() }?.code == "store-newer")
    #expect(await failure { _ = try scratch.store() }?.code == "store-newer")
    #expect(try scratch.bytes("state/muster.sqlite") == bytes)
  }

  @Test func `a lost database is an empty memory, and is said to be lost`() async throws {
    _ = try await filled(scratch, seed: 2)
    try scratch.remove("state/muster.sqlite")
    let reader = try scratch.folderForReading().store()
    #expect(reader.wasLost)
    #expect(try await reader.load() == Memory())
    let writer = try scratch.store()
    #expect(writer.wasLost)
    #expect(try await writer.load() == Memory())
    #expect(await writer.apply([.confirm(HoldID("a"))], at: now, releasesKept: 1) == .done)
    #expect(try !scratch.folderForReading().store().wasLost)
  }

  @Test func `a log of a lost database is not played into the new one`() async throws {
    let store = try scratch.store()
    #expect(await store.apply([.confirm(HoldID("a"))], at: now, releasesKept: 1) == .done)
    try copyState(scratch, to: "copy")
    try scratch.remove("copy/muster.sqlite")
    let folder = try StateFolder.open(path: "\(scratch.path)/copy", mode: .readWrite)
    let fresh = try folder.store(holding: try folder.lock(command: "test", at: now))
    #expect(fresh.wasLost)
    #expect(try await fresh.load() == Memory())
  }

  /// Puts the bytes in place of the database and loads. Whether damage was found; else the memory
  /// must be the one that was written.
  private func expectTruth(
    _ model: Memory, _ scratch: Scratch, _ bytes: Data
  ) async throws -> Bool {
    let path = "\(scratch.state)/muster.sqlite"
    try bytes.write(to: URL(fileURLWithPath: path))
    // A file just written would be waited for.
    try FileManager.default.setAttributes([.modificationDate: Date.distantPast], ofItemAtPath: path)
    var read: Memory?
    let found = await failure { read = try await scratch.readOnlyMemory() }
    if let read {
      #expect(read == model)
      return false
    }
    let known: Set = ["store-corrupt", "store-newer", "store-failed", "store-unfinished"]
    #expect(known.contains(try #require(found).code), "\(String(describing: found))")
    #expect(!"\(String(describing: found))".contains(canary))
    return true
  }

  /// A state directory with a memory; nobody has it open.
  private func filled(_ scratch: Scratch, seed: UInt64) async throws -> Memory {
    var (changes, model) = (RandomChanges(seed: seed), Memory())
    let store = try scratch.store()
    for _ in 0..<20 {
      let batch = try changes.batch()
      for change in batch { model.apply(change, releasesKept: 3) }
      #expect(await store.apply(batch, at: now, releasesKept: 3) == .done)
    }
    return model
  }
}
