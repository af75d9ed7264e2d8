// Looks up which version of each secret an app gets, and its fingerprint. Values stay inside.

import Effects
import FormationModel

/// What there is of the secrets that a formation names, as far as it changes content.
struct SecretLookup: Hashable {
  /// One secret.
  enum Fact: Hashable {
    /// Its newest version, the keyed hash of the value, and the value's bytes.
    case found(Int, hash: String, bytes: Int)
    case missing(SecretProblem.Kind)
  }

  private var facts: [SecretSubject: Fact] = [:]

  /// Looks up the secrets of these apps; nothing is read when they name none. Throws when the store
  /// cannot be read.
  init(
    of apps: [DesiredApp], in store: any SecretKeeping, digests: any Digesting
  ) async throws(EffectFailure) {
    var wanted: Set<SecretSubject> = []
    for app in apps { for entry in app.config { wanted.formUnion(Self.subjects(entry, app.name)) } }
    guard !wanted.isEmpty else { return }
    let standings = try await store.standings(of: wanted)
    for subject in wanted {
      switch standings[subject] ?? .absent {
      case .absent: facts[subject] = .missing(.absent)
      case .removed: facts[subject] = .missing(.removed)
      case .version(let version):
        facts[subject] = await Self.fact(subject, version, store, digests)
      }
    }
  }

  /// What a release keeps of a config var that has a secret; nil for a literal.
  func find(_ entry: ConfigEntry, of app: AppName) -> Finding? {
    guard entry.source.isSecret else { return nil }
    var kind = SecretProblem.Kind.absent
    for subject in Self.subjects(entry, app) {
      switch facts[subject] {
      case .found(let number, let hash, _):
        let version = SecretVersion(subject.app == nil ? .platform : .app, number)
        return .version(version, SecretFingerprint(subject.stored, version).text(hash: hash))
      case .missing(.damaged): return .missing(.damaged)
      case .missing(.removed): kind = .removed
      case .missing(.absent), nil: break
      }
    }
    return .missing(kind)
  }

  /// What a lookup came to.
  enum Finding: Hashable {
    /// The version, and the fingerprint's text.
    case version(SecretVersion, String)
    /// Why there is none.
    case missing(SecretProblem.Kind)
  }

  /// Bytes of a config var's value; 0 when it is not known.
  func bytes(_ entry: ConfigEntry, of app: AppName) -> Int {
    for subject in Self.subjects(entry, app) {
      if case .found(_, _, let bytes) = facts[subject] { return bytes }
    }
    return 0
  }

  /// Where a config var's secret may be, the first that is there counts: the app's own goes before
  /// the platform's.
  private static func subjects(_ entry: ConfigEntry, _ app: AppName) -> [SecretSubject] {
    switch entry.source {
    case .literal: []
    case .generated: [.generated(SecretID(app: app, key: entry.key))]
    case .secret(let name): [.stored(name, app: app), .stored(name, app: nil)]
    }
  }

  private static func fact(
    _ subject: SecretSubject, _ version: Int, _ store: any SecretKeeping, _ digests: any Digesting
  ) async -> Fact {
    do throws(EffectFailure) {
      let value = try await store.value(of: subject, version: version)
      return .found(
        version, hash: digests.fingerprint(value), bytes: value.unredacted.utf8.count)
    } catch {
      return .missing(.damaged)
    }
  }
}

extension SecretSubject {
  /// Its name in the store; nil for a generated one.
  fileprivate var stored: SecretName? {
    if case .stored(let name, _) = self { name } else { nil }
  }
}
