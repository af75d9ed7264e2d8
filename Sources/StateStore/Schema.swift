// The database's tables and their versions. A version, once shipped, never changes: the next one is
// another entry.

import FormationModel
import GRDB

/// The versions of the database.
struct Schema: Sendable {
  /// What takes version n to n + 1, oldest first.
  let migrations: [String]

  /// Says that a database is Muster's: "Mstr".
  static let applicationID = 0x4d73_7472

  /// The versions that this Muster knows.
  static let current = Schema(migrations: [
    """
    CREATE TABLE meta (
      name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE apps (
      name TEXT PRIMARY KEY NOT NULL, accepted TEXT, accepted_revision TEXT,
      converged_release INTEGER, convergence TEXT, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE releases (
      app TEXT NOT NULL REFERENCES apps (name) ON DELETE CASCADE, number INTEGER NOT NULL,
      body TEXT NOT NULL, seal TEXT NOT NULL, PRIMARY KEY (app, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE attempts (
      app TEXT NOT NULL REFERENCES apps (name) ON DELETE CASCADE, slot TEXT NOT NULL,
      attempt INTEGER NOT NULL, seal TEXT NOT NULL, PRIMARY KEY (app, slot)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE confirmations (
      hold TEXT PRIMARY KEY NOT NULL, at INTEGER NOT NULL, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE events (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, app TEXT, subject TEXT,
      reason TEXT NOT NULL, message TEXT NOT NULL, revision TEXT
    ) STRICT;
    CREATE INDEX events_by_app ON events (app, id);
    """,
    """
    CREATE TABLE since (
      subject TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE overrides (
      app TEXT PRIMARY KEY NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      body TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE marks (
      app TEXT NOT NULL REFERENCES apps (name) ON DELETE CASCADE, slot TEXT NOT NULL,
      restart TEXT, forgiven INTEGER, seal TEXT NOT NULL, PRIMARY KEY (app, slot)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE quarantine (
      app TEXT PRIMARY KEY NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      body TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE postdeploys (
      app TEXT PRIMARY KEY NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      body TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE one_offs (
      app TEXT PRIMARY KEY NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      body TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
  ])

  /// The version that this Muster writes.
  var version: Int { migrations.count }

  /// The database's version; 0 for a new one. Throws when it is not Muster's or of a newer one.
  func version(of database: Database, at path: String) throws -> Int {
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    let isNew = application == 0 && found == 0 && tables == 0
    guard isNew || application == Self.applicationID, found >= 0, found > 0 || tables == 0 else {
      throw StoreFailure.corrupt(path, "it is not a database of Muster")
    }
    guard found <= version else {
      throw StoreFailure.newer(path, found: found, known: version)
    }
    return found
  }

  /// Brings the database to this version in one transaction.
  func migrate(_ database: Database, from found: Int) throws {
    guard found < version else { return }
    try database.inTransaction(.immediate) {
      for migration in migrations[found...] { try database.execute(sql: migration) }
      try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
      try database.execute(sql: "PRAGMA user_version = \(version)")
      return .commit
    }
  }
}
