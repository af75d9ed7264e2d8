// After a change of secrets: what nothing needs any more goes, history says what happened, and the
// answer says which apps it concerns.

import Effects
import FormationModel
import Review

/// What an order about secrets came to. There is no value in it.
struct SecretAnswer {
  /// One secret.
  struct Item {
    let subject: SecretSubject
    /// The version before; nil when there was none.
    let before: Int?
    /// The version now; nil when it is removed.
    let version: Int?
    /// The config vars that get it, or got it before it was removed.
    var users: [SecretID] = []

    var isChanged: Bool { before != version }
  }

  var items: [Item]

  /// The apps that get a new value, sorted.
  var concerned: Set<AppName> {
    Set(items.filter { $0.isChanged && $0.version != nil }.flatMap(\.users).map(\.app))
  }
}

extension SecretOrders {
  /// Ends a change.
  func settle(_ items: [SecretAnswer.Item]) async throws -> SecretAnswer {
    let records = try await records()
    var answer = SecretAnswer(items: items)
    for index in answer.items.indices {
      answer.items[index].users = users(of: answer.items[index].subject, records)
    }
    // Both can be done again by the next change, and the secret is in force: no failure stops here.
    _ = await secrets.prune(keeping: versionsInReleases)
    let events = answer.items.filter(\.isChanged).map(event)
    if !events.isEmpty { _ = await store.append(events) }
    return answer
  }

  /// The highest version of a secret that a release names.
  func highest(_ subject: SecretSubject) -> Int { versionsInReleases[subject]?.max() ?? 0 }

  /// The versions that kept releases name.
  private var versionsInReleases: [SecretSubject: Set<Int>] {
    var versions: [SecretSubject: Set<Int>] = [:]
    for (app, remembered) in memory.apps {
      for entry in remembered.releases.flatMap(\.content.config) {
        guard let (subject, version) = entry.secret(of: app) else { continue }
        versions[subject, default: []].insert(version)
      }
    }
    return versions
  }

  /// Every secret that is there.
  func records() async throws -> [SecretRecord] {
    try await worded { () async throws(EffectFailure) in try await secrets.all() }
  }

  func worded<Value>(
    _ body: () async throws(EffectFailure) -> Value
  ) async throws -> Value {
    do throws(EffectFailure) { return try await body() } catch { throw CommandFailure(error) }
  }

  static func check(_ outcome: Outcome) throws {
    if case .failed(let failure) = outcome { throw CommandFailure(failure) }
  }

  private func event(_ item: SecretAnswer.Item) -> StoredEvent {
    let (reason, what): (String, String) =
      switch (item.before, item.version) {
      case (nil, let version?): ("SecretSet", "v\(version)")
      case (let before?, let version?): ("SecretRotated", "v\(before) → v\(version)")
      case (_, nil): ("SecretRemoved", "removed")
      }
    return StoredEvent(
      at: clock(), app: item.subject.app, subject: nil, reason: reason,
      message: "secret \(item.subject.name) \(what) by \(caller)", revision: memory.revision)
  }
}

extension SecretRecord {
  /// Whether a person put it into the store.
  var isStored: Bool {
    if case .stored = subject { true } else { false }
  }
}

extension DesiredApp {
  /// The config vars that name each secret of the store, sorted.
  var keysBySecret: [SecretName: [ConfigKey]] {
    var keys: [SecretName: [ConfigKey]] = [:]
    for entry in config {
      if case .secret(let name) = entry.source { keys[name, default: []].append(entry.key) }
    }
    return keys
  }
}
