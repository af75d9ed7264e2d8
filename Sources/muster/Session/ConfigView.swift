// The config vars of an app's current release, with values where somebody asked to see them; that
// somebody asked is in history before anything is shown.

import ControlLoop
import Effects
import FormationModel
import Review

/// Looks at the config vars of one platform.
struct ConfigView {
  let memory: Memory
  let seams: (store: any FormationStore, secrets: any SecretKeeping)
  let caller: String
  let clock: @Sendable () -> LoopTime

  init(_ session: PlatformSession) {
    memory = session.memory
    seams = (session.seams.store, session.seams.secrets)
    caller = Surroundings.current.caller
    clock = session.seams.clock
  }

  /// Apps that were ever taken over, sorted.
  var apps: [AppName] { memory.apps.filter { $0.value.accepted != nil }.keys.sorted() }

  /// The current release's number; nil before the first.
  func release(of app: AppName) -> Int? { memory.apps[app]?.currentRelease?.number }

  /// The current release's config vars without values, sorted by name.
  func list(_ app: AppName) -> [ConfigListing] {
    entries(app).map { listing($0, app, shown: nil) }
  }

  /// The same with values, of those named or of all. That they were shown is recorded first; when
  /// that fails, nothing is shown.
  func reveal(_ app: AppName, only key: ConfigKey? = nil) async throws -> [ConfigListing] {
    let entries = entries(app).filter { key == nil || $0.key == key }
    guard !entries.isEmpty else { return [] }
    let names = entries.map(\.key.rawValue).joined(separator: ", ")
    let event = StoredEvent(
      at: clock(), app: app, subject: nil, reason: "ConfigRevealed",
      message: "values shown to \(caller): \(names)", revision: memory.revision)
    try SecretOrders.check(await seams.store.append([event]))
    var shown: [ConfigListing] = []
    for entry in entries {
      shown.append(listing(entry, app, shown: try await value(of: entry, app)))
    }
    return shown
  }

  private func entries(_ app: AppName) -> [ReleaseConfigEntry] {
    memory.apps[app]?.currentRelease?.content.config ?? []
  }

  private func listing(
    _ entry: ReleaseConfigEntry, _ app: AppName, shown: ConfigValue?
  ) -> ConfigListing {
    let secret = entry.secret(of: app)
    return ConfigListing(
      entry.key, secret: secret?.subject, version: secret?.version,
      mark: memory.apps[app]?.accepted?.marks[FieldPath("env.\(entry.key)")], shown: shown)
  }

  private func value(of entry: ReleaseConfigEntry, _ app: AppName) async throws -> ConfigValue? {
    if case .literal(let value) = entry.source { return value }
    guard let (secret, version) = entry.secret(of: app) else { return nil }
    do throws(EffectFailure) {
      return try await seams.secrets.value(of: secret, version: version)
    } catch {
      throw CommandFailure(error)
    }
  }
}
