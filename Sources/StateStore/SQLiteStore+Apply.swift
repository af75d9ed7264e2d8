// Writes changes of memory and events, one statement or few each. `Memory.apply` says what a change
// means; a test holds the two together.

import Effects
import FormationModel
import Foundation
import GRDB

extension SQLiteStore {
  /// Writes one change inside the transaction of its batch.
  static func apply(
    _ change: MemoryChange, at time: LoopTime, releasesKept: Int, in database: Database
  ) throws {
    switch change {
    case .accept(let app, let revision):
      try update(app.name, database) {
        $0[1] = try stored(app)
        $0[2] = revision.rawValue
      }
      try writeQuarantine(nil, of: app.name, database)
    case .record(let app, let release):
      try record(release, of: app, keeping: releasesKept, database)
    case .attempt(let slot, let attempt):
      guard let app = slot.app else { return }
      try update(app, database) { _ in }
      try put("attempts", [app.rawValue, try stored(slot), "\(attempt)"], database)
    case .converged(let app, let convergence):
      try update(app, database) {
        $0[3] = "\(convergence.release)"
        $0[4] = try stored(convergence)
      }
    case .takeOver(let revision, let platform):
      try put("meta", ["revision", revision.rawValue], database)
      try put("meta", ["platform", try stored(platform)], database)
    case .takeOverSources(let revisions):
      try put("meta", ["sources", try stored(SourceRevision.sorted(revisions))], database)
    case .forget(let app), .depart(let app, _, _): try leave(app, change, database)
    case .confirm(let hold): try confirm(hold, at: time, database)
    case .withdraw(let hold): try withdraw(hold, database)
    case .mark(let subject, let since):
      try put("since", [try stored(subject), try stored(since)], database)
    case .unmark(let subject):
      try database.execute(
        sql: "DELETE FROM since WHERE subject = ?", arguments: [try stored(subject)])
    case .postdeploy(let app, let state): try writePostdeploy(state, of: app, database)
    case .oneOff(let app, _, _): try rewriteOneOffs(change, of: app, database)
    case .lost(let time): try put("meta", ["lost", "\(time.milliseconds)"], database)
    case .order(let order):
      guard case .confirm(let hold) = order.wish else { fallthrough }
      try confirm(hold, at: order.at, database)
    case .endOverride, .turnBack: try rewriteOverrides(change, database)
    case .phase(let app, let number, _, _): try rewritePhase(change, of: app, number, database)
    }
  }

  private static func confirm(_ hold: HoldID, at time: LoopTime, _ database: Database) throws {
    try put("confirmations", [hold.rawValue, "\(time.milliseconds)"], database)
  }

  private static func withdraw(_ hold: HoldID, _ database: Database) throws {
    try database.execute(
      sql: "DELETE FROM confirmations WHERE hold = ?", arguments: [hold.rawValue])
  }

  /// Writes how far an app's postdeploy script is; nil: it was never due.
  static func writePostdeploy(
    _ state: Postdeploy?, of app: AppName, _ database: Database
  ) throws {
    guard let state else {
      return try database.execute(
        sql: "DELETE FROM postdeploys WHERE app = ?", arguments: [app.rawValue])
    }
    try update(app, database) { _ in }
    try put("postdeploys", [app.rawValue, try stored(state)], database)
  }

  /// Numbers stay; everything else of the app goes.
  static func forget(_ app: AppName, _ database: Database) throws {
    let known = try Row.fetchOne(
      database, sql: "SELECT 1 FROM apps WHERE name = ?", arguments: [app.rawValue])
    guard known != nil else { return }
    try update(app, database) { $0.replaceSubrange(1...4, with: [nil, nil, nil, nil]) }
    try forgetOverrides(of: app, database)
  }

  /// Appends events and drops the oldest above the limit.
  static func append(_ events: [StoredEvent], keeping kept: Int, in database: Database) throws {
    let insert = try database.cachedStatement(
      sql: """
        INSERT INTO events (at, app, subject, reason, message, revision)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
    for event in events.suffix(max(0, kept)) {
      try insert.execute(arguments: [
        event.at.milliseconds, event.app?.rawValue, event.subject, event.reason, event.message,
        event.revision?.rawValue,
      ])
    }
    try database.execute(
      sql: "DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?",
      arguments: [max(0, kept)])
  }

  private static func record(
    _ release: Release, of app: AppName, keeping kept: Int, _ database: Database
  ) throws {
    try update(app, database) { _ in }
    let fields = [app.rawValue, "\(release.number)", try stored(release)]
    // A write whose answer got lost is written again; other content never takes a number over.
    let known = try String.fetchOne(
      database, sql: "SELECT body FROM releases WHERE app = ? AND number = ?",
      arguments: [app.rawValue, release.number])
    let before = try known.map { try JSONDecoder().decode(Release.self, from: Data($0.utf8)) }
    let isAgain = before?.content == release.content
    try put("releases", fields, verb: isAgain ? "INSERT OR REPLACE" : "INSERT", database)
    try database.execute(
      sql: """
        DELETE FROM releases WHERE app = :app
          AND number NOT IN (
            SELECT number FROM releases WHERE app = :app ORDER BY number DESC LIMIT :kept)
          AND number IS NOT (SELECT converged_release FROM apps WHERE name = :app)
          AND number IS NOT :current
        """,
      arguments: [
        "app": app.rawValue, "kept": max(0, kept),
        "current": try releases(of: app, database).last(where: \.isInForce)?.number,
      ])
  }

  /// The releases of an app, oldest first.
  private static func releases(of app: AppName, _ database: Database) throws -> [Release] {
    try String.fetchAll(
      database, sql: "SELECT body FROM releases WHERE app = ? ORDER BY number",
      arguments: [app.rawValue]
    ).map { try JSONDecoder().decode(Release.self, from: Data($0.utf8)) }
  }

  private static func rewritePhase(
    _ change: MemoryChange, of app: AppName, _ number: Int, _ database: Database
  ) throws {
    try rewriteOverrides(change, database)
    var memory = Memory(apps: [app: AppMemory(releases: try releases(of: app, database))])
    memory.apply(change, releasesKept: .max)
    guard let release = memory.apps[app]?.releases.first(where: { $0.number == number }) else {
      return
    }
    try put("releases", [app.rawValue, "\(number)", try stored(release)], database)
  }

  /// Changes the columns of an app's row, made when it is not there: name, accepted, its revision,
  /// converged release, the whole convergence.
  static func update(
    _ app: AppName, _ database: Database, _ change: (inout [String?]) throws -> Void
  ) throws {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT name, accepted, accepted_revision, CAST(converged_release AS TEXT),
          convergence, seal FROM apps WHERE name = ?
        """,
      arguments: [app.rawValue])
    var fields: [String?] = [app.rawValue, nil, nil, nil, nil]
    if let row {
      fields = (0..<5).map { String.fromDatabaseValue(row[$0]) }
      // A broken row is not sealed anew as if it were right.
      guard String.fromDatabaseValue(row[5]) == Seal.over("apps", fields) else {
        throw BrokenSeal()
      }
    }
    let before = fields
    try change(&fields)
    guard row == nil || fields != before else { return }
    try database.execute(
      sql: """
        INSERT INTO apps VALUES (?, ?, ?, CAST(? AS INTEGER), ?, ?)
        ON CONFLICT (name) DO UPDATE SET accepted = excluded.accepted,
          accepted_revision = excluded.accepted_revision,
          converged_release = excluded.converged_release,
          convergence = excluded.convergence, seal = excluded.seal
        """,
      arguments: StatementArguments(fields + [Seal.over("apps", fields)]))
  }

  /// Writes a sealed row. STRICT tables turn the text of a number into the number.
  static func put(
    _ table: String, _ fields: [String?], verb: String = "INSERT OR REPLACE", _ database: Database
  ) throws {
    let marks = Array(repeating: "?", count: fields.count + 1).joined(separator: ", ")
    try database.execute(
      sql: "\(verb) INTO \(table) VALUES (\(marks))",
      arguments: StatementArguments(fields + [Seal.over(table, fields)]))
  }

  static func stored(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder.stored.encode(value), as: UTF8.self)
  }
}
