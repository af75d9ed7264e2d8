// One-off dynos in the database: the list of an app is one row, for it is short.

import FormationModel
import GRDB

extension SQLiteStore {
  /// Adds the one-off dynos to the apps that are loaded.
  static func loadOneOffs(into memory: inout Memory, _ database: Database) throws {
    for row in try sealed(database, "one_offs", ["app", "body"]) {
      let oneOffs: OneOffs = try row.json(1)
      try row.add(to: &memory) { $0.oneOffs = oneOffs }
    }
  }

  /// Writes the list of an app over what was there.
  static func writeOneOffs(_ oneOffs: OneOffs, of app: AppName, _ database: Database) throws {
    try update(app, database) { _ in }
    try put("one_offs", [app.rawValue, try stored(oneOffs)], database)
  }

  /// Applies a change to the list that is stored.
  static func rewriteOneOffs(
    _ change: MemoryChange, of app: AppName, _ database: Database
  ) throws {
    var memory = Memory()
    try loadApps(into: &memory, database)
    try loadOneOffs(into: &memory, database)
    memory.apply(change, releasesKept: .max)
    guard let oneOffs = memory.apps[app]?.oneOffs else { return }
    try writeOneOffs(oneOffs, of: app, database)
  }
}
