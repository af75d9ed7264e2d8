// Reads memory and events. A row that is not as it was written fails the whole answer.

import Effects
import FormationModel
import Foundation
import GRDB

extension SQLiteStore {
  /// Everything that the database remembers; secrets are not in it.
  static func memory(in database: Database) throws -> Memory {
    var memory = Memory()
    try loadMeta(into: &memory, database)
    try loadApps(into: &memory, database)
    try loadReleases(into: &memory, database)
    try loadAttempts(into: &memory, database)
    try loadOverrides(into: &memory, database)
    try loadQuarantine(into: &memory, database)
    try loadPostdeploys(into: &memory, database)
    try loadOneOffs(into: &memory, database)
    for row in try sealed(database, "confirmations", ["hold", "at"]) {
      memory.confirmed.insert(HoldID(try row.text(0)))
    }
    for row in try sealed(database, "since", ["subject", "body"]) {
      let subject: SinceSubject = try row.json(0)
      memory.since[subject] = try row.json(1) as Since
    }
    return memory
  }

  /// The newest events, oldest first.
  static func events(
    app: AppName?, count: Int, in database: Database
  ) throws -> [StoredEvent] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT at, app, subject, reason, message, revision FROM events
        \(app == nil ? "" : "WHERE app = :app") ORDER BY id DESC LIMIT :count
        """,
      arguments: app.map { ["app": $0.rawValue, "count": max(0, count)] }
        ?? ["count": max(0, count)])
    return try rows.reversed().map { row in
      guard let at = Int64.fromDatabaseValue(row[0]),
        let reason = String.fromDatabaseValue(row[3]),
        let message = String.fromDatabaseValue(row[4])
      else { throw BrokenSeal() }
      return StoredEvent(
        at: LoopTime(milliseconds: at),
        app: String.fromDatabaseValue(row[1]).flatMap(AppName.init(rawValue:)),
        subject: String.fromDatabaseValue(row[2]), reason: reason, message: message,
        revision: String.fromDatabaseValue(row[5]).map(RevisionID.init(rawValue:)))
    }
  }

  static func loadPostdeploys(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "postdeploys", ["app", "body"]) {
      let state: Postdeploy = try row.json(1)
      try row.add(to: &memory) { $0.postdeploy = state }
    }
  }

  static func loadMeta(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "meta", ["name", "value"]) {
      switch try row.text(0) {
      case "revision": memory.revision = RevisionID(rawValue: try row.text(1))
      case "platform": memory.platform = try row.json(1)
      case "lost": memory.lostAt = LoopTime(milliseconds: Int64(try row.number(1)))
      case "sources":
        for pair in try row.json(1) as [SourceRevision] {
          memory.sources[pair.source] = pair.revision
        }
      case "suspension": memory.suspension = try row.json(1)
      default: throw BrokenSeal()
      }
    }
  }

  static let appColumns = [
    "name", "accepted", "accepted_revision", "converged_release", "convergence",
  ]

  static func loadApps(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "apps", appColumns) {
      var app = AppMemory()
      if row.fields[1] != nil { app.accepted = try row.json(1) as DesiredApp }
      app.acceptedRevision = row.fields[2].map(RevisionID.init(rawValue:))
      if row.fields[4] != nil { app.convergence = try row.json(4) as Convergence }
      memory.apps[try row.app(0)] = app
    }
  }

  static func loadReleases(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "releases", ["app", "number", "body"]) {
      let release: Release = try row.json(2)
      try row.add(to: &memory) { $0.releases.append(release) }
    }
  }

  static func loadAttempts(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "attempts", ["app", "slot", "attempt"]) {
      let slot: SlotID = try row.json(1)
      let attempt = try row.number(2)
      try row.add(to: &memory) { $0.attempts[slot] = attempt }
    }
  }

  /// The table's rows in the order of its key, each with its seal checked.
  static func sealed(
    _ database: Database, _ table: String, _ columns: [String]
  ) throws -> [SealedRow] {
    let names = columns.map { "CAST(\($0) AS TEXT)" }.joined(separator: ", ")
    let keys = columns.prefix(2).joined(separator: ", ")
    let rows = try Row.fetchCursor(
      database, sql: "SELECT \(names), seal FROM \(table) ORDER BY \(keys)")
    var sealed: [SealedRow] = []
    while let row = try rows.next() {
      let fields = (0..<columns.count).map { String.fromDatabaseValue(row[$0]) }
      guard String.fromDatabaseValue(row[columns.count]) == Seal.over(table, fields) else {
        throw BrokenSeal()
      }
      sealed.append(SealedRow(fields: fields))
    }
    return sealed
  }
}

/// A row's fields as text, as they were sealed.
struct SealedRow {
  let fields: [String?]

  func text(_ index: Int) throws -> String {
    guard let text = fields[index] else { throw BrokenSeal() }
    return text
  }

  func number(_ index: Int) throws -> Int {
    guard let number = Int(try text(index)) else { throw BrokenSeal() }
    return number
  }

  func app(_ index: Int) throws -> AppName {
    guard let name = AppName(rawValue: try text(index)) else { throw BrokenSeal() }
    return name
  }

  func json<Value: Decodable>(_ index: Int) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(try text(index).utf8))
  }

  /// Changes the app that the row belongs to; it must be there.
  func add(to memory: inout Memory, _ change: (inout AppMemory) -> Void) throws {
    let name = try app(0)
    guard memory.apps[name] != nil else { throw BrokenSeal() }
    change(&memory.apps[name, default: AppMemory()])
  }
}
