// The database as a file: how it is made, opened and checked. Knows no table.

import FormationModel
import GRDB
import Glibc

/// The database of a state directory.
///
/// Reading while somebody may write, without writing: with a log (-wal), the connection reads the
/// shared index (-shm) and changes neither (SQLite opens the log for writing all the same); without
/// one, the file is read as it lies, and the answer counts only if nothing moved meanwhile.
struct DatabaseFile: Sendable {
  let folder: StateFolder
  let schema: Schema

  var path: String { folder.part(Layout.database) }

  /// Written once, when the database was made; in the identity's folder, to be lost with it alone.
  private var mark: String { "\(folder.part(Layout.identity))/has-database" }

  /// Whether there was a database once and is none now.
  func isLost() throws(SystemFailure) -> Bool {
    guard try !StateFolder.isThere(path) else { return false }
    return try StateFolder.isThere(mark)
  }

  /// Opens it for writing, made when it is not there, checked and of the schema's version.
  func openForWriting() throws(EffectFailure) -> DatabaseQueue {
    do {
      let isNew = try make()
      let hadDatabase = try StateFolder.isThere(mark)
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration(readOnly: false))
      try queue.inDatabase { database in
        // What is refused stays as it is: nothing is written before.
        let found = try schema.version(of: database, at: path)
        if found == 0 && !isNew && hadDatabase { throw StoreFailure.corrupt(path, "it is empty") }
        try useLog(database)
        try check(database)
        if found < schema.version {
          if found > 0 { try keepCopy(of: database, version: found) }
          try schema.migrate(database, from: found)
          // Else a damaged log would look like a database without tables.
          try database.checkpoint(.truncate)
        }
      }
      if try !StateFolder.isThere(mark) && StateFolder.isThere(DurableFiles.parent(of: mark)) {
        _ = try DurableFiles.writeOnce(mark, [])
      }
      return queue
    } catch let error as SystemFailure {
      throw error.effect
    } catch {
      throw StoreFailure.of(error, path)
    }
  }

  /// Reads without changing or creating anything; nil when there is no database.
  func read<Value>(_ body: (Database) throws -> Value) throws(EffectFailure) -> Value? {
    guard folder.exists else { return nil }
    do {
      for tries in 1... {
        let before = try DatabaseState(path)
        guard before.exists else { return nil }
        try requireFile()
        let reading = Result { try readOnce(before, body) }
        let isSame = try DatabaseState(path) == before
        switch reading {
        // SQLite's locks guard a reading with the log; one without must have been alone.
        case .success(let value) where before.hasLog || isSame: return value
        case .failure(let error) where isSame && !Passing.isPassing(error): throw error
        case .failure(let error) where tries == Self.triesMaximum:
          if case Passing.empty = error, try !StateFolder.isThere(mark) { return nil }
          throw Passing.settled(error, path)
        case .success where tries == Self.triesMaximum: throw Passing.settled(Passing.busy, path)
        // A writer came or went in between: look again.
        case .success, .failure: usleep(1000)
        }
      }
      return nil
    } catch let error as SystemFailure {
      throw error.effect
    } catch {
      throw StoreFailure.of(error, path)
    }
  }

  /// Readings, a millisecond apart, until what a writer may cause counts as how things are.
  private static let triesMaximum = 100

  private func readOnce<Value>(
    _ state: DatabaseState, _ body: (Database) throws -> Value
  ) throws -> Value {
    if state.hasLog && !state.hasIndex { throw Passing.unfinished }
    if !state.hasLog && state.isFresh { throw Passing.busy }
    let options = state.hasLog ? "mode=ro&readonly_shm=1" : "immutable=1"
    let queue = try DatabaseQueue(
      path: "file:\(Self.escaped(path))?\(options)",
      configuration: Self.configuration(readOnly: true))
    defer { try? queue.close() }
    return try queue.inDatabase { database in
      var value: Value?
      try database.inTransaction(.deferred) {
        let found = try schema.version(of: database, at: path)
        if found == 0 { throw Passing.empty }
        guard found == schema.version else { throw StoreFailure.older(path) }
        try check(database)
        value = try body(database)
        return .commit
      }
      guard let value else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
      return value
    }
  }

  /// Makes an empty file unless there is one; whether it did.
  private func make() throws -> Bool {
    if try StateFolder.isThere(path) {
      try requireFile()
      return false
    }
    // A log without its database belongs to a lost one, and must not be played into the new one.
    for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
    // SQLite would make it by the umask; log and index take the file's own mode.
    try DurableFiles.create(path, [])
    try DurableFiles.sync(folder: folder.path)
    return true
  }

  /// Throws when something else than a file has its name.
  private func requireFile() throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
    throw StoreFailure.corrupt(path, "it is not a file")
  }

  /// Keeps the database as an older Muster left it beside the new one: `muster.sqlite.v1`.
  private func keepCopy(of database: Database, version: Int) throws {
    let copy = "\(path).v\(version)"
    // One that is there already is of a migration that did not end: the database is still the same.
    unlink(copy)
    // SQLite would make it by the umask.
    try DurableFiles.create(copy, [])
    try database.execute(sql: "VACUUM INTO ?", arguments: [copy])
    try DurableFiles.sync(file: copy)
    try DurableFiles.sync(folder: folder.path)
  }

  /// Commits go to a log first, and are on disk when they return.
  private func useLog(_ database: Database) throws {
    let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
    guard mode == "wal" else { throw DatabaseError(resultCode: .SQLITE_IOERR) }
    try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000")
  }

  private func check(_ database: Database) throws {
    let answer = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
    guard answer != "ok" else { return }
    // The answer names pages and rows by number, and quotes nothing that they hold.
    let causes = (answer ?? "").split(separator: "\n").prefix(3).map {
      "SQLite's check says: \($0)"
    }
    throw StoreFailure.corrupt(path, "its check found damage", causes: causes)
  }

  private static func configuration(readOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;
          """)
    }
    return configuration
  }

  /// The path as SQLite's URIs want it.
  private static func escaped(_ path: String) -> String {
    path.utf8.map { byte in
      byte.isLetter || byte.isDigit || "/._-".utf8.contains(byte)
        ? String(UnicodeScalar(byte)) : "%" + CollectionOfOne(byte).hexadecimal
    }.joined()
  }
}
