// What holds an app's wish, each with what frees it.

import FormationModel

/// The holds of one app's wish.
struct AppHolds {
  /// The holds, in a fixed order.
  private(set) var all: [Hold] = []
  /// Generated secrets that were never made.
  private(set) var secretsToMake: [SecretID] = []

  private let app: DesiredApp

  /// `wish` is the content that the app is to have: what stands in for it, where it is held.
  init(
    _ resolved: ResolvedApp, wish: ReleaseContent?, running: [ObservedInstance], memory: Memory,
    shortage: DiskShortage?, context: PlanningContext
  ) {
    app = resolved.app
    let renames = app.formerNames.contains { memory.apps[$0]?.isAccepted == true }
    let unsupported =
      app.unsupported
      + (renames ? [UnsupportedField(field: "was", feature: "renaming an app that runs")] : [])
    if let first = unsupported.first {
      add(
        "not-supported-yet", .notSupportedYet(unsupported), at: app.marks[first.field],
        release: "leave the field out of the manifest, or wait for a version that can do it")
    }
    if let first = app.missingConfig.first {
      add(
        "config-missing", .configMissing(app.missingConfig),
        at: app.marks[FieldPath("env.\(first)")],
        release: "give env.\(first) a value in \(manifestFile)")
    }
    if app.suspension != .none {
      add(
        "suspended", .suspended(app.suspension), at: app.marks["suspend"],
        release: "take `suspend` out of \(manifestFile)")
    }
    checkSecrets(resolved, running: running, memory: memory)
    checkDisk(wish, running, shortage, memory)
    checkContent(resolved, context: context)
  }

  private var manifestFile: String {
    let file = app.folder.isEmpty ? "app.yaml" : "\(app.folder)/app.yaml"
    return app.source.map { "\(file) (\($0))" } ?? file
  }

  private mutating func add(
    _ kind: String, _ cause: Hold.Cause, at mark: SourceMark? = nil, release: String
  ) {
    all.append(
      Hold(HoldID("\(kind)/\(app.name)"), app: app.name, cause, at: mark, release: release))
  }

  /// Secrets that are lost or missing; one that nobody ever had is yet to be made.
  private mutating func checkSecrets(
    _ resolved: ResolvedApp, running: [ObservedInstance], memory: Memory
  ) {
    let secrets = SecretHolds(resolved, running: running, memory: memory)
    secretsToMake = secrets.toMake
    let lostStored = secrets.lostStored.keys.sorted()
    if let first = secrets.lost.first {
      add(
        "secret-lost", .secretLost(secrets.lost, stored: lostStored),
        at: app.marks[FieldPath("env.\(first)")],
        release: "restore the state directory's secrets/\(app.name)/\(first) from a backup, or "
          + "`muster secrets rotate \(app.name) \(first)` to have another one made")
    } else if let first = lostStored.first {
      add(
        "secret-lost", .secretLost([], stored: lostStored), at: mark(of: secrets.lostStored[first]),
        release: "restore the state directory's secrets folder from a backup, or "
          + "`muster secrets set \(app.name) \(first)`")
    }
    let missing = secrets.missing.keys.sorted()
    guard let first = missing.first else { return }
    add(
      "secret-missing", .secretMissing(missing), at: mark(of: secrets.missing[first]),
      release: missing.map { "muster secrets set \(app.name) \($0)" }.joined(separator: "; "))
  }

  private func mark(of key: ConfigKey?) -> SourceMark? {
    key.flatMap { app.marks[FieldPath("env.\($0)")] }
  }

  /// On a disk that is nearly full nothing new is begun; repair, and what has begun, go on.
  private mutating func checkDisk(
    _ wish: ReleaseContent?, _ running: [ObservedInstance], _ shortage: DiskShortage?,
    _ memory: Memory
  ) {
    guard let shortage, let wish else { return }
    let known = memory.apps[app.name]
    let newest = known?.releases.last
    let isBegun = newest?.content == wish && newest?.isUnderWay == true
    // Of what runs already only the memory got lost.
    let isKept =
      known?.currentRelease == nil && running.contains { $0.form?.release == wish.digest }
    guard known?.currentRelease?.content != wish, !isBegun, !isKept else { return }
    add(
      "disk-low", .diskLow(shortage),
      release: "make room (`muster usage` says what takes it); then it goes ahead by itself")
  }

  private mutating func checkContent(_ resolved: ResolvedApp, context: PlanningContext) {
    if let problem = resolved.problem {
      add(
        "content", .content(code: "unresolved", message: problem, fix: nil),
        release: "mend the manifest and commit")
      return
    }
    guard let content = resolved.content else { return }
    for digest in [content.stack.digest, content.slug.digest] {
      guard let setback = context.setbacks[.content(digest)], setback.until == nil else { continue }
      let failure = setback.failure
      add(
        "content",
        .content(code: failure.code, message: failure.message, fix: failure.fix),
        release: failure.fix ?? "mend the manifest and commit")
    }
  }
}
