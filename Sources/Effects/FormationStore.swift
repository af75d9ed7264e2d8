// The seam to what Muster keeps: memory, identity, events; secrets are in
// SecretKeeping.swift.

package import FormationModel

/// Keeps memory and events. Every change of one call is one transaction.
package protocol FormationStore: Sendable {
  /// Everything remembered. Throws when the store cannot be read: unreadable state is an error,
  /// never an empty answer.
  func load() async throws(EffectFailure) -> Memory

  /// Writes changes, and the events that tell of them, in one transaction; done means durable.
  func apply(
    _ changes: [MemoryChange], telling events: [StoredEvent], at: LoopTime, releasesKept: Int
  ) async -> Outcome

  /// Appends events to the history.
  func append(_ events: [StoredEvent]) async -> Outcome

  /// The newest events, oldest first; of one app when given.
  func events(app: AppName?, count: Int) async throws(EffectFailure) -> [StoredEvent]
}

extension FormationStore {
  /// Writes changes of which history does not tell.
  package func apply(
    _ changes: [MemoryChange], at time: LoopTime, releasesKept: Int
  ) async -> Outcome {
    await apply(changes, telling: [], at: time, releasesKept: releasesKept)
  }
}

/// Something that happened, as history keeps it.
package struct StoredEvent: Hashable, Codable, Sendable {
  /// When.
  package let at: LoopTime
  /// The app; nil for the platform.
  package let app: AppName?
  /// The dyno, `web.1`; nil when it concerns none.
  package let subject: String?
  /// A stable CamelCase name, `DynoStarted`.
  package let reason: String
  /// What happened and why, for people.
  package let message: String
  /// The revision that was in force.
  package let revision: RevisionID?

  /// Makes an event.
  package init(
    at: LoopTime, app: AppName?, subject: String?, reason: String, message: String,
    revision: RevisionID?
  ) {
    self.at = at
    self.app = app
    self.subject = subject
    self.reason = reason
    self.message = message
    self.revision = revision
  }
}

/// Computes the digests that the pure layers take as values.
package protocol Digesting: Sendable {
  /// SHA-256 of the text's UTF-8, in hexadecimal.
  func digest(_ text: String) -> ContentDigest

  /// A keyed hash of a value, short enough for labels; says nothing about the value without the
  /// key.
  func fingerprint(_ value: ConfigValue) -> String
}

/// Says what a stack's content is, without building it.
package protocol StackResolving: Sendable {
  /// The stack with the digest of its definition or files; throws when its folder or archive is not
  /// there.
  func resolve(_ stack: Stack) async throws(EffectFailure) -> StackReference
}
