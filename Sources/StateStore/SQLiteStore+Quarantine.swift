// Apps that left git, as they were, and those that were brought back.

import FormationModel
import Foundation
import GRDB

extension SQLiteStore {
  /// Adds what is in quarantine to the apps that are loaded.
  static func loadQuarantine(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "quarantine", ["app", "body"]) {
      let quarantine: Quarantine = try row.json(1)
      try row.add(to: &memory) { $0.quarantine = quarantine }
    }
  }

  /// Writes where an app stands; nil: it did not leave.
  static func writeQuarantine(
    _ quarantine: Quarantine?, of app: AppName, _ database: Database
  ) throws {
    if let quarantine {
      try put("quarantine", [app.rawValue, try stored(quarantine)], database)
    } else {
      try database.execute(sql: "DELETE FROM quarantine WHERE app = ?", arguments: [app.rawValue])
    }
  }

  /// Lets go of an app, and keeps what brings it back, if the change says so.
  static func leave(_ app: AppName, _ change: MemoryChange, _ database: Database) throws {
    var memory = Memory()
    try loadApps(into: &memory, database)
    try loadPostdeploys(into: &memory, database)
    try loadOneOffs(into: &memory, database)
    let before = memory.apps[app]?.oneOffs
    memory.apply(change, releasesKept: .max)
    let quarantine = memory.apps[app]?.quarantine
    try forget(app, database)
    try writePostdeploy(memory.apps[app]?.postdeploy, of: app, database)
    if let oneOffs = memory.apps[app]?.oneOffs, oneOffs != before {
      try writeOneOffs(oneOffs, of: app, database)
    }
    if let quarantine { try writeQuarantine(quarantine, of: app, database) }
  }
}
