// Memory and events in SQLite. Opens, checks and closes the database, and runs each call as one
// transaction; what is read and written is in SQLiteStore+Load.swift and SQLiteStore+Apply.swift.

package import Effects
package import FormationModel
import GRDB
import Glibc

/// The store in a state directory. It is opened by `StateFolder.store`.
package actor SQLiteStore: FormationStore {
  /// Whether there was a database once and it is gone: holds, backoff and history are forgotten.
  package nonisolated let wasLost: Bool

  private let folder: StateFolder
  private let lock: StateLock?
  private let eventsKept: Int
  private let schema: Schema
  private let executor = BlockingExecutor("muster.store")
  // nil after a failure of the disk: the next call opens and checks the file anew, because after a
  // failed fsync nobody knows what the file holds.
  private var queue: DatabaseQueue?

  /// Runs on a queue of its own: it waits for the disk.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(
    folder: StateFolder, lock: StateLock?, eventsKept: Int, schema: Schema = .current
  ) throws(EffectFailure) {
    self.folder = folder
    self.lock = lock
    self.eventsKept = eventsKept
    self.schema = schema
    let file = DatabaseFile(folder: folder, schema: schema)
    do throws(SystemFailure) {
      wasLost = try file.isLost()
    } catch {
      throw error.effect
    }
    if lock != nil { queue = try file.openForWriting() }
  }

  /// Everything remembered. Throws when the database or the secrets' folder cannot be read.
  package func load() throws(EffectFailure) -> Memory {
    var memory = try read(Memory()) { try SQLiteStore.memory(in: $0) }
    do throws(SystemFailure) {
      memory.secrets = Set(try GeneratedSecrets(folder: folder.part(Layout.secrets)).all().keys)
    } catch {
      throw error.effect
    }
    return memory
  }

  /// Writes changes, and the events that tell of them, in one transaction; done means durable.
  package func apply(
    _ changes: [MemoryChange], telling events: [StoredEvent], at time: LoopTime, releasesKept: Int
  ) -> Outcome {
    if changes.isEmpty { return .done }
    let kept = eventsKept
    return write { database in
      for change in changes {
        try SQLiteStore.apply(change, at: time, releasesKept: releasesKept, in: database)
      }
      if !events.isEmpty { try SQLiteStore.append(events, keeping: kept, in: database) }
    }
  }

  /// Appends events, and forgets the oldest above the limit.
  package func append(_ events: [StoredEvent]) -> Outcome {
    if events.isEmpty { return .done }
    let kept = eventsKept
    return write { try SQLiteStore.append(events, keeping: kept, in: $0) }
  }

  /// The newest events, oldest first; of one app when given.
  package func events(app: AppName?, count: Int) throws(EffectFailure) -> [StoredEvent] {
    try read([]) { try SQLiteStore.events(app: app, count: count, in: $0) }
  }

  private func read<Value: Sendable>(
    _ none: Value, _ body: @escaping @Sendable (Database) throws -> Value
  ) throws(EffectFailure) -> Value {
    let file = DatabaseFile(folder: folder, schema: schema)
    guard lock != nil else { return try file.read(body) ?? none }
    do {
      return try opened(file).read(body)
    } catch {
      throw failure(error, file)
    }
  }

  private func write(_ body: @escaping @Sendable (Database) throws -> Void) -> Outcome {
    let file = DatabaseFile(folder: folder, schema: schema)
    guard let lock, lock.isHeld else { return .failed(StoreFailure.readOnly(file.path)) }
    do {
      try opened(file).write(body)
      return .done
    } catch {
      return .failed(failure(error, file))
    }
  }

  private func opened(_ file: DatabaseFile) throws(EffectFailure) -> DatabaseQueue {
    if let queue { return queue }
    let opened = try file.openForWriting()
    queue = opened
    return opened
  }

  private func failure(_ error: any Error, _ file: DatabaseFile) -> EffectFailure {
    let failure = StoreFailure.of(error, file.path)
    if failure.code == "store-failed" || failure.code == "store-corrupt" { queue = nil }
    return failure
  }
}
