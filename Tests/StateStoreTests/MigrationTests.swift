// A database of an older Muster is taken over as a whole, and kept beside the new one as it was.

import Effects
import FormationModel
import Foundation
import GRDB
import Testing

@testable import StateStore

@Suite struct MigrationTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// What version 1 could remember, in a database of version 1.
  private func old() async throws -> Memory {
    let folder = try scratch.folder()
    let lock = try folder.lock(command: "test", at: now)
    defer { lock.release() }
    _ = try folder.identity()
    let first = Schema(migrations: Array(Schema.current.migrations.prefix(1)))
    let path = "\(scratch.state)/muster.sqlite"
    _ = try DatabaseFile(folder: folder, schema: first).openForWriting()
    let queue = try DatabaseQueue(path: path)
    var (changes, model) = (RandomChanges(seed: 4), Memory())
    for _ in 0..<60 {
      let change = try changes.next()
      switch change {
      case .accept, .record, .attempt, .converged, .takeOver, .takeOverSources, .confirm,
        .withdraw:
        break
      case .order, .endOverride, .turnBack, .phase, .postdeploy, .oneOff, .forget, .depart,
        .mark, .unmark, .lost:
        continue
      }
      model.apply(change, releasesKept: 3)
      try await queue.write {
        try Self.apply(change, at: now, in: $0)
      }
    }
    try queue.close()
    return model
  }

  /// Writes as the first version did, which knew of nothing that comes back.
  private static func apply(
    _ change: MemoryChange, at now: LoopTime, in database: Database
  ) throws {
    guard case .accept(let app, let revision) = change else {
      return try SQLiteStore.apply(change, at: now, releasesKept: 3, in: database)
    }
    try SQLiteStore.update(app.name, database) {
      $0[1] = try SQLiteStore.stored(app)
      $0[2] = revision.rawValue
    }
  }

  @Test func `nothing is lost, and the old database is kept beside the new one`() async throws {
    let model = try await old()
    #expect(model.apps.count > 1)
    #expect(await failure { _ = try await scratch.readOnlyMemory() }?.code == "store-older")
    let store = try scratch.store()
    #expect(try await store.load() == model)
    #expect(try scratch.mode("state/muster.sqlite.v1") == 0o600)
    let kept = try DatabaseQueue(path: "\(scratch.state)/muster.sqlite.v1")
    let (version, apps) = try await kept.read { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA user_version"),
        try Int.fetchOne(database, sql: "SELECT count(*) FROM apps")
      )
    }
    #expect(version == 1)
    #expect(apps == model.apps.count)
  }

  @Test func `an order and its event are one transaction`() async throws {
    let store = try scratch.store()
    let order = Order(by: "ada", at: now, .suspend(.all, .deploys))
    let event = StoredEvent(
      at: now, app: nil, subject: nil, reason: "Suspended", message: "by ada", revision: nil)
    let outcome = await store.apply([.order(order)], telling: [event], at: now, releasesKept: 1)
    #expect(outcome == .done)
    #expect(try await store.load().suspension?.origin.by == "ada")
    #expect(try await store.events(app: nil, count: 9) == [event])
  }
}
