// The secrets of a state directory. The files are StoredSecrets' and GeneratedSecrets' business;
// here they become values, failures in words, and changes of all or nothing.

package import Effects
package import FormationModel
import Glibc

/// Keeps secrets in files of their own, apart from the database. Changes need the lock.
package actor SecretStore: SecretChanging {
  private let stored: StoredSecrets
  private let generated: GeneratedSecrets
  private let executor = BlockingExecutor("muster.secrets")

  /// Runs on a queue of its own: it waits for the disk.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(folder: String) {
    stored = StoredSecrets(folder: folder)
    generated = GeneratedSecrets(folder: folder)
  }

  /// Makes the generated secrets that are not there yet; those that are stay as they are.
  package func generate(_ secrets: [SecretID]) -> Outcome {
    outcome { () throws(SystemFailure) in
      for secret in secrets where try generated.versions(of: secret).isEmpty {
        try generated.make(secret, version: 1)
      }
    }
  }

  /// What the store has of each of these secrets. Throws when it cannot be read.
  package func standings(
    of secrets: Set<SecretSubject>
  ) throws(EffectFailure) -> [SecretSubject: SecretStanding] {
    var standings: [SecretSubject: SecretStanding] = [:]
    for secret in secrets {
      standings[secret] = try worded { () throws(SystemFailure) in
        try standing(of: secret)
      }
    }
    return standings
  }

  /// One version's value. Throws `secret-lost` when its file is gone, `secret-unreadable` when it
  /// is not as it was written.
  package func value(
    of secret: SecretSubject, version: Int
  ) throws(EffectFailure) -> ConfigValue {
    switch try worded({ () throws(SystemFailure) in try read(secret, version) }) {
    case .there(let file): return file
    case .damaged: throw SecretFailure.damaged(secret, path(secret, version))
    case .absent: throw SecretFailure.lost(secret, path(secret, version))
    }
  }

  /// Every secret that is there, sorted.
  package func all() throws(EffectFailure) -> [SecretRecord] {
    try worded { () throws(SystemFailure) in
      var records: [SecretRecord] = []
      for (secret, versions) in try generated.all() {
        guard let newest = versions.last else { continue }
        records.append(
          SecretRecord(
            .generated(secret), version: newest, since: generated.since(secret, newest),
            kept: versions))
      }
      for (name, app) in try stored.all() {
        let versions = try stored.versions(name, app)
        guard let newest = versions.newest else { continue }
        records.append(
          SecretRecord(
            .stored(name, app: app), version: newest,
            since: try stored.read(name, app, newest)?.content?.since, kept: versions.kept))
      }
      return records.sorted { $0.subject < $1.subject }
    }
  }

  /// Puts values into the store, all of them or, when it throws, none; done means durable. A value
  /// that the newest version has already makes no new one.
  package func put(
    _ values: [NewSecret], at time: LoopTime
  ) throws(EffectFailure) -> [StoredSecret] {
    try worded { () throws(SystemFailure) in
      var batch = SecretBatch()
      defer { batch.clear() }
      var answers: [StoredSecret] = []
      for new in values { answers.append(try stage(new, at: time, &batch)) }
      try batch.reveal()
      return answers
    }
  }

  /// Makes another value for a generated secret, with a version above `floor`. Returns the version.
  package func renew(
    _ secret: SecretID, above floor: Int
  ) throws(EffectFailure) -> Int {
    try worded { () throws(SystemFailure) in
      let version = max(try generated.versions(of: secret).last ?? 0, floor) + 1
      try generated.make(secret, version: version)
      return version
    }
  }

  /// Takes a secret out of the store: nothing new gets it. Its versions stay until `prune`.
  package func remove(_ name: SecretName, of app: AppName?) -> Outcome {
    outcome { () throws(SystemFailure) in try stored.remove(name, app) }
  }

  /// Deletes the values that nothing needs: all but the newest version, the one before it, and
  /// those named here.
  package func prune(keeping versions: [SecretSubject: Set<Int>]) -> Outcome {
    outcome { () throws(SystemFailure) in
      for secret in try generated.all().keys {
        try generated.prune(secret, keeping: versions[.generated(secret)] ?? [])
      }
      for (name, app) in try stored.all() {
        try stored.prune(name, app, keeping: versions[.stored(name, app: app)] ?? [])
      }
    }
  }

  /// Gives an app's secrets to its new name. Secrets that the new name has already stay as they
  /// are, and then the old ones stay as well. Again: done.
  package func move(from old: AppName, to new: AppName) -> Outcome {
    guard old != new else { return .done }
    return outcome { () throws(SystemFailure) in
      try generated.move(from: old, to: new)
      try stored.move(from: old, to: new)
    }
  }

  // MARK: - Files

  private enum Reading {
    case there(ConfigValue), damaged, absent
  }

  private func standing(of secret: SecretSubject) throws(SystemFailure) -> SecretStanding {
    switch secret {
    case .generated(let id):
      return try generated.versions(of: id).last.map { .version($0) } ?? .absent
    case .stored(let name, let app):
      let versions = try stored.versions(name, app)
      if let newest = versions.newest { return .version(newest) }
      return versions.removal == nil ? .absent : .removed
    }
  }

  private func read(_ secret: SecretSubject, _ version: Int) throws(SystemFailure) -> Reading {
    switch secret {
    case .generated(let id):
      guard let content = try generated.read(id, version) else { return .absent }
      return content.map { .there($0) } ?? .damaged
    case .stored(let name, let app):
      guard let file = try stored.read(name, app, version) else { return .absent }
      return file.content.map { .there($0.value) } ?? .damaged
    }
  }

  private func path(_ secret: SecretSubject, _ version: Int) -> String {
    switch secret {
    case .generated(let id): generated.path(id, version)
    case .stored(let name, let app): stored.path(name, app, version)
    }
  }

  private func stage(
    _ new: NewSecret, at time: LoopTime, _ batch: inout SecretBatch
  ) throws(SystemFailure) -> StoredSecret {
    let subject = SecretSubject.stored(new.name, app: new.app)
    let versions = try stored.versions(new.name, new.app)
    if let newest = versions.newest, newest >= new.floor,
      case .there(new.value) = try read(subject, newest)
    {
      return StoredSecret(subject, before: newest, version: newest)
    }
    let version = max(versions.highest, new.floor) + 1
    try stored.makePlace(new.name, new.app)
    try batch.stage(SecretFile(new.value, since: time), as: stored.path(new.name, new.app, version))
    return StoredSecret(subject, before: versions.newest, version: version)
  }

  private func worded<Value>(
    _ body: () throws(SystemFailure) -> Value
  ) throws(EffectFailure) -> Value {
    do throws(SystemFailure) { return try body() } catch { throw error.effect }
  }

  private func outcome(_ body: () throws(SystemFailure) -> Void) -> Outcome {
    do throws(SystemFailure) {
      try body()
      return .done
    } catch {
      return .failed(error.effect)
    }
  }
}
