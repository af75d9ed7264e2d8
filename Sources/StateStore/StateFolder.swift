// The state directory: opens it, and hands out its parts. What each part holds is the part's own
// business; why a folder is refused is in StateFolder+Checks.swift.

package import FormationModel
import Glibc

/// A state directory that was looked at and found to be this user's and Muster's, or new.
package struct StateFolder: Sendable {
  /// What the caller is going to do.
  package enum Mode: Sendable {
    /// Nothing is created or changed; a missing folder is an empty memory.
    case readOnly
    /// Missing parts are created.
    case readWrite
  }

  /// Where it is when nobody says otherwise.
  package static let defaultPath = "/var/lib/muster"

  /// Its absolute path, links resolved.
  package let path: String
  /// What it was opened for.
  package let mode: Mode
  /// Whether there is such a folder; always true when opened for writing.
  package let exists: Bool

  /// Opens a state directory; for writing, makes it (0700) when it is not there. Throws when it is
  /// not a folder, belongs to another user, is writable for others, holds what is not Muster's, may
  /// not be entered, or has no space.
  package static func open(path: String, mode: Mode) throws(EffectFailure) -> StateFolder {
    let refusal: EffectFailure?
    let folder: StateFolder
    do throws(SystemFailure) {
      let path = try absolute(path)
      guard try isThere(path) || mode == .readWrite else {
        return StateFolder(path: path, mode: mode, exists: false)
      }
      if mode == .readWrite { try makeFolders(path) }
      folder = StateFolder(path: try resolved(path), mode: mode, exists: true)
      refusal = try folder.refusal()
    } catch {
      throw error.effect
    }
    if let refusal { throw refusal }
    return folder
  }

  /// Takes the state directory's lock; `command` is what others are told while it is held. Throws
  /// `state-locked`, saying who holds it.
  package func lock(command: String, at time: LoopTime) throws(EffectFailure) -> StateLock {
    try requireWriting("take the lock of")
    let lock = try StateLock.take(part(Layout.lock), command: command, at: time)
    FolderListing.sweep(path)
    return lock
  }

  /// The database. With the lock: for writing, made when it is not there. Without: for reading, and
  /// nothing is created or changed, and the memory is empty when there is none. A process that has
  /// the one for writing reads through it as well: SQLite's connections in one process share state.
  package func store(
    holding lock: StateLock? = nil, limits: Limits = Limits()
  ) throws(EffectFailure) -> SQLiteStore {
    if lock != nil { try requireWriting("write the database of") }
    return try SQLiteStore(folder: self, lock: lock, eventsKept: limits.events)
  }

  /// The secrets.
  package func secrets() -> SecretStore { SecretStore(folder: part(Layout.secrets)) }

  /// What this state directory is bound to.
  package var binding: BindingFile { BindingFile(path: part(Layout.binding)) }

  /// Space set aside for a full disk.
  package var reserve: Reserve { Reserve(path: part(Layout.reserve)) }

  /// The path of a part.
  func part(_ name: String) -> String { "\(path)/\(name)" }

  /// Throws unless the folder was opened for writing.
  func requireWriting(_ action: String) throws(EffectFailure) {
    guard mode == .readOnly else { return }
    throw EffectFailure(
      "state-read-only", "cannot \(action) \(path): it was opened for reading",
      retry: .withNewContent)
  }
}
