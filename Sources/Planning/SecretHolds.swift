// Which secrets of an app are still to be made, which are missing, and which are lost: a release or
// a running dyno had them.

import FormationModel

/// What is wrong with an app's secrets.
struct SecretHolds {
  /// Generated secrets that were never made, sorted.
  let toMake: [SecretID]
  /// Generated secrets that are gone, sorted.
  let lost: [ConfigKey]
  /// Secrets of the store that are gone, sorted, each with a config var that has it.
  let lostStored: [SecretName: ConfigKey]
  /// Secrets that the store never had or somebody took out, sorted, likewise.
  let missing: [SecretName: ConfigKey]

  /// `running` are the instances of the app.
  init(_ resolved: ResolvedApp, running: [ObservedInstance], memory: Memory) {
    let app = resolved.app
    let releases = memory.apps[app.name]?.releases ?? []
    let had = Had(app.name, releases, running)
    let generated = app.config.filter { $0.source == .generated }.map(\.key)
    // What was put back or made anew since memory was read is there as well.
    let found = Set((resolved.content?.config ?? []).filter { $0.secret != nil }.map(\.key))
    let absent = generated.filter {
      !found.contains($0) && !memory.secrets.contains(SecretID(app: app.name, key: $0))
    }
    toMake = absent.filter { !had.generated.contains($0) }.sorted().map {
      SecretID(app: app.name, key: $0)
    }
    var (lost, lostStored) = (absent.filter(had.generated.contains), [SecretName: ConfigKey]())
    var missing: [SecretName: ConfigKey] = [:]
    for problem in resolved.secretProblems {
      guard let name = problem.name else {
        lost.append(problem.key)
        continue
      }
      let isLost =
        problem.kind == .damaged || (problem.kind == .absent && had.stored.contains(name))
      if isLost { lostStored[name] = problem.key } else { missing[name] = problem.key }
    }
    // A version below one that a release has: the newest ones are gone, and nobody said so.
    for entry in resolved.content?.config ?? [] {
      guard let (subject, version) = entry.secret(of: app.name),
        let highest = had.versions[subject], highest > version
      else { continue }
      switch subject {
      case .generated(let secret): lost.append(secret.key)
      case .stored(let name, _): lostStored[name] = entry.key
      }
    }
    self.lost = lost.sorted()
    self.lostStored = lostStored
    self.missing = missing
  }

  /// What releases and running dynos say that there was.
  private struct Had {
    var generated: Set<ConfigKey> = []
    var stored: Set<SecretName> = []
    var versions: [SecretSubject: Int] = [:]

    init(_ app: AppName, _ releases: [Release], _ running: [ObservedInstance]) {
      for entry in releases.flatMap(\.content.config) {
        if entry.source == .generated { generated.insert(entry.key) }
        if case .secret(let name) = entry.source, entry.secret != nil { stored.insert(name) }
        guard let (subject, version) = entry.secret(of: app) else { continue }
        versions[subject] = max(version, versions[subject] ?? 0)
      }
      for form in running.compactMap(\.form) {
        for (key, text) in form.config {
          guard let secret = SecretFingerprint(text) else { continue }
          if let name = secret.name { stored.insert(name) } else { generated.insert(key) }
        }
      }
    }
  }
}
