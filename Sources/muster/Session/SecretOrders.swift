// What a person orders about secrets, as functions from values to values: commands print what comes
// back, and whoever takes orders in another way calls the same functions.

import ControlLoop
import Effects
import FormationModel
import GitSource
import Review

/// Changes and lists the secrets of one platform.
struct SecretOrders {
  let secrets: any SecretChanging
  let store: any FormationStore
  let memory: Memory
  /// What the commit asks for, and apps in force that it does not have.
  let apps: [DesiredApp]
  /// Names of all apps, also of those whose manifests are not valid.
  let names: Set<AppName>
  /// Who orders it, for history.
  let caller: String
  let clock: @Sendable () -> LoopTime

  /// Orders on a session's platform. A repository that cannot be read is no obstacle: what is in
  /// force says who uses what.
  init(_ session: PlatformSession) async {
    secrets = session.secrets
    store = session.seams.store
    memory = session.memory
    clock = session.seams.clock
    caller = Surroundings.current.caller
    var found = memory.apps.compactMapValues(\.accepted)
    var known = Set(found.keys)
    if case .formation(let sourced) = await session.source.read(inForce: nil) {
      for app in sourced.formation.apps { found[app.name] = app }
      known.formUnion(found.keys)
      known.formUnion(sourced.formation.rejected.map(\.name))
    }
    apps = found.values.sorted { $0.name < $1.name }
    names = known
  }

  // MARK: - Changes

  /// Puts values into the store, all or none.
  func put(
    _ values: [(name: SecretName, value: ConfigValue)], for app: AppName?
  ) async throws -> SecretAnswer {
    try check(app)
    let there = try await records().filter { $0.isStored && $0.subject.app == app }
    let added = Set(values.map(\.name.rawValue)).subtracting(there.map(\.subject.name))
    let limit = Limits().secretsPerOwner
    guard there.count + added.count <= limit else {
      throw CommandFailure(.no, "there would be more than \(limit) secrets")
    }
    let new = values.map { item in
      NewSecret(
        item.name, of: app, item.value, above: highest(.stored(item.name, app: app)))
    }
    let stored = try await worded { () async throws(EffectFailure) in
      try await secrets.put(new, at: clock())
    }
    return try await settle(
      stored.map { .init(subject: $0.subject, before: $0.before, version: $0.version) })
  }

  /// Makes another value for a generated secret.
  func renew(_ secret: SecretID) async throws -> SecretAnswer {
    let subject = SecretSubject.generated(secret)
    let before = try await records().first { $0.subject == subject }?.version
    // One that a release has was made once and is lost: whoever asks for another one gets it.
    guard before != nil || highest(subject) > 0 else {
      throw CommandFailure(
        .no, "env.\(secret.key) of \(secret.app) is generated, and was not made yet",
        fix: "muster reconcile makes it")
    }
    let version = try await worded { () async throws(EffectFailure) in
      try await secrets.renew(secret, above: highest(subject))
    }
    return try await settle([.init(subject: subject, before: before, version: version)])
  }

  /// What `rotate` is about: a generated secret of the app, or one that is in the store.
  func rotating(_ name: SecretName, of app: AppName?) async throws -> SecretSubject {
    try check(app)
    if let app, let key = ConfigKey(rawValue: name.rawValue),
      let desired = apps.first(where: { $0.name == app }),
      desired.config.contains(where: { $0.key == key && $0.source == .generated })
    {
      return .generated(SecretID(app: app, key: key))
    }
    let subject = SecretSubject.stored(name, app: app)
    guard try await records().contains(where: { $0.subject == subject }) else {
      throw CommandFailure(
        .no, "there is no secret \(name) \(SecretsText.source(subject))",
        fix: "muster secrets shows what there is; muster secrets set makes a new one")
    }
    return subject
  }

  /// Takes a secret out of the store. What a release has stays until that release is forgotten.
  func remove(_ name: SecretName, of app: AppName?, force: Bool) async throws -> SecretAnswer {
    try check(app)
    let subject = SecretSubject.stored(name, app: app)
    let before = try await records()
    guard let record = before.first(where: { $0.subject == subject }) else {
      throw CommandFailure(.no, "there is no secret \(name) \(SecretsText.source(subject))")
    }
    let users = users(of: subject, before)
    guard users.isEmpty || force else {
      let list = users.map { "\($0.app) env.\($0.key)" }.joined(separator: ", ")
      throw CommandFailure(
        .no, "the secret \(name) is in use: \(list)",
        fix: "take it out of the manifests first, or --force: the next change of those apps is "
          + "held then, and what runs goes on")
    }
    try Self.check(await secrets.remove(name, of: app))
    return try await settle([.init(subject: subject, before: record.version, version: nil)])
  }

  // MARK: - Looking

  /// Every secret, and those that config vars name and that are not there; with an app, those that
  /// it owns or uses.
  func list(_ app: AppName?) async throws -> [SecretListing] {
    try check(app)
    let records = try await records()
    var all = records.map { record in
      SecretListing(
        record.subject, version: record.version, since: record.since, kept: record.kept,
        users: users(of: record.subject, records))
    }
    let there = Set(records.map(\.subject))
    for desired in apps {
      for entry in desired.config where entry.source == .generated {
        let own = SecretSubject.generated(SecretID(app: desired.name, key: entry.key))
        guard !there.contains(own), highest(own) > 0 else { continue }
        let users = users(of: own, records)
        all.append(SecretListing(own, version: nil, since: nil, kept: [], users: users))
      }
      for (name, keys) in desired.keysBySecret {
        let own = SecretSubject.stored(name, app: desired.name)
        guard !there.contains(own), !there.contains(.stored(name, app: nil)) else { continue }
        all.append(
          SecretListing(
            own, version: nil, since: nil, kept: [],
            users: keys.map { SecretID(app: desired.name, key: $0) }))
      }
    }
    return all.filter { listing in
      app == nil || listing.subject.app == app || listing.users.contains { $0.app == app }
    }.sorted { $0.subject < $1.subject }
  }

  /// The config vars that get a secret, sorted: an app's own secret goes before the platform's.
  func users(of subject: SecretSubject, _ records: [SecretRecord]) -> [SecretID] {
    switch subject {
    case .generated(let secret):
      let isUsed = apps.contains { app in
        app.name == secret.app
          && app.config.contains { $0.key == secret.key && $0.source == .generated }
      }
      return isUsed ? [secret] : []
    case .stored(let name, let owner):
      let there = Set(records.map(\.subject))
      return apps.flatMap { app -> [SecretID] in
        let isItsOwn = owner == app.name
        let falls = owner == nil && !there.contains(.stored(name, app: app.name))
        guard isItsOwn || falls else { return [] }
        return (app.keysBySecret[name] ?? []).map { SecretID(app: app.name, key: $0) }
      }
    }
  }

  /// Throws when there is no such app: a secret under a mistyped name would wait for ever.
  func check(_ app: AppName?) throws {
    guard let app, !names.contains(app) else { return }
    let known = names.sorted().map(\.rawValue).joined(separator: ", ")
    throw CommandFailure(
      .no, "there is no app \(app)",
      fix: known.isEmpty ? "there is none yet: commit its manifest first" : "there are: \(known)")
  }
}
