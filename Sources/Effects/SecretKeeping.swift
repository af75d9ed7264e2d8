// The seam to the secrets of this machine. Values leave it only for the one who starts a container,
// or who fingerprints them.

package import FormationModel

/// Makes secrets, and says which there are. What the loop needs.
package protocol SecretKeeping: Sendable {
  /// Makes the generated secrets that are not there yet; those that are stay as they are.
  func generate(_ secrets: [SecretID]) async -> Outcome

  /// What the store has of each of these secrets. Throws when it cannot be read.
  func standings(
    of secrets: Set<SecretSubject>
  ) async throws(EffectFailure) -> [SecretSubject: SecretStanding]

  /// One version's value. Throws `secret-lost` when its file is gone, `secret-unreadable` when it
  /// is not as it was written.
  func value(
    of secret: SecretSubject, version: Int
  ) async throws(EffectFailure) -> ConfigValue
}

/// Changes secrets. What a person's orders need; one Muster at a time may call it.
package protocol SecretChanging: SecretKeeping {
  /// Every secret that is there, sorted.
  func all() async throws(EffectFailure) -> [SecretRecord]

  /// Puts values into the store, all of them or, when it throws, none; done means durable. A value
  /// that the newest version has already makes no new one.
  func put(_ values: [NewSecret], at: LoopTime) async throws(EffectFailure) -> [StoredSecret]

  /// Makes another value for a generated secret, with a version above `floor`. Returns the version.
  func renew(_ secret: SecretID, above floor: Int) async throws(EffectFailure) -> Int

  /// Takes a secret out of the store: nothing new gets it. Its versions stay until `prune`.
  func remove(_ name: SecretName, of app: AppName?) async -> Outcome

  /// Deletes the values that nothing needs: all but the newest version, the one before it, and
  /// those named here.
  func prune(keeping versions: [SecretSubject: Set<Int>]) async -> Outcome
}

/// A secret as a list shows it.
package struct SecretRecord: Hashable, Sendable {
  /// Which.
  package let subject: SecretSubject
  /// The newest version.
  package let version: Int
  /// When that version was made; nil when its file is not as it was written.
  package let since: LoopTime?
  /// Every version of which the value is kept, oldest first.
  package let kept: [Int]

  /// Makes a record.
  package init(_ subject: SecretSubject, version: Int, since: LoopTime?, kept: [Int]) {
    self.subject = subject
    self.version = version
    self.since = since
    self.kept = kept
  }
}

/// A value on its way into the store.
package struct NewSecret: Hashable, Sendable {
  /// Its name.
  package let name: SecretName
  /// The app that it is for; nil: the platform.
  package let app: AppName?
  /// The value.
  package let value: ConfigValue
  /// Its version has to be above this one: the highest that any release names.
  package let floor: Int

  /// Makes a new secret.
  package init(_ name: SecretName, of app: AppName?, _ value: ConfigValue, above floor: Int = 0) {
    self.name = name
    self.app = app
    self.value = value
    self.floor = floor
  }
}

/// What became of a value that was put into the store.
package struct StoredSecret: Hashable, Sendable {
  /// Which secret.
  package let subject: SecretSubject
  /// The version that was the newest; nil when there was none.
  package let before: Int?
  /// The newest version now; the same as before when the value is the same.
  package let version: Int

  /// Makes an answer.
  package init(_ subject: SecretSubject, before: Int?, version: Int) {
    self.subject = subject
    self.before = before
    self.version = version
  }

  /// Whether it has another value than before.
  package var isNew: Bool { before != version }
}
