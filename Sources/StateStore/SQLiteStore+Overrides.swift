// What is in force by hand, in the database. `Memory.apply` says what an order means; here its
// result is written over what was there.

import FormationModel
import Foundation
import GRDB

extension SQLiteStore {
  /// Adds overrides and marks to the apps that are loaded.
  static func loadOverrides(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "overrides", ["app", "body"]) {
      let overrides: Overrides = try row.json(1)
      try row.add(to: &memory) { $0.overrides = overrides }
    }
    for row in try sealed(database, "marks", ["app", "slot", "restart", "forgiven"]) {
      let slot: SlotID = try row.json(1)
      let restart: RestartMark? = row.fields[2] == nil ? nil : try row.json(2)
      let forgiven = row.fields[3] == nil ? nil : try row.number(3)
      try row.add(to: &memory) { app in
        app.restarts[slot] = restart
        app.forgiven[slot] = forgiven
      }
    }
  }

  /// Applies an order, or the end of an override, to what is stored. Orders are few: all that they
  /// may depend on is read.
  static func rewriteOverrides(_ change: MemoryChange, _ database: Database) throws {
    var memory = Memory()
    try loadMeta(into: &memory, database)
    try loadApps(into: &memory, database)
    try loadReleases(into: &memory, database)
    try loadAttempts(into: &memory, database)
    try loadOverrides(into: &memory, database)
    try loadQuarantine(into: &memory, database)
    try loadPostdeploys(into: &memory, database)
    try loadOneOffs(into: &memory, database)
    let before = memory
    memory.apply(change, releasesKept: .max)
    if memory.suspension != before.suspension {
      try database.execute(sql: "DELETE FROM meta WHERE name = 'suspension'")
      if let suspension = memory.suspension {
        try put("meta", ["suspension", try stored(suspension)], database)
      }
    }
    for name in memory.apps.keys.sorted() {
      guard let app = memory.apps[name], app != before.apps[name] else { continue }
      try update(name, database) { row in
        guard app.accepted != before.apps[name]?.accepted else { return }
        row[1] = try app.accepted.map { try stored($0) }
        row[2] = app.acceptedRevision?.rawValue
      }
      if app.quarantine != before.apps[name]?.quarantine {
        try writeQuarantine(app.quarantine, of: name, database)
      }
      if let state = app.postdeploy, state != before.apps[name]?.postdeploy {
        try writePostdeploy(state, of: name, database)
      }
      if app.oneOffs != before.apps[name]?.oneOffs ?? OneOffs() {
        try writeOneOffs(app.oneOffs, of: name, database)
      }
      try rewrite(app, name, before.apps[name] ?? AppMemory(), database)
    }
  }

  /// Nothing is in force by hand for an app that left.
  static func forgetOverrides(of app: AppName, _ database: Database) throws {
    for table in ["overrides", "marks", "quarantine"] {
      try database.execute(sql: "DELETE FROM \(table) WHERE app = ?", arguments: [app.rawValue])
    }
  }

  private static func rewrite(
    _ app: AppMemory, _ name: AppName, _ before: AppMemory, _ database: Database
  ) throws {
    if app.overrides.isEmpty {
      try database.execute(sql: "DELETE FROM overrides WHERE app = ?", arguments: [name.rawValue])
    } else if app.overrides != before.overrides {
      try put("overrides", [name.rawValue, try stored(app.overrides)], database)
    }
    for slot in Set(app.restarts.keys).union(app.forgiven.keys).sorted() {
      let (restart, forgiven) = (app.restarts[slot], app.forgiven[slot])
      guard restart != before.restarts[slot] || forgiven != before.forgiven[slot] else { continue }
      try put(
        "marks",
        [
          name.rawValue, try stored(slot), try restart.map { try stored($0) },
          forgiven.map { "\($0)" },
        ], database)
    }
  }
}
