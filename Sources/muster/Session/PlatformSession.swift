// A command's hold on one platform: state directory, binding, repository, runtime, memory. Reading
// opens nothing for writing; acting takes the lock first.

import ControlLoop
import Effects
import FormationModel
import GitSource
import Glibc
import Looping
import ManifestParsing
import Planning
import Review
import StateStore

/// One platform, opened for one command.
struct PlatformSession {
  private(set) var settings: Settings
  let folder: StateFolder
  let binding: Binding
  let source: GitFormationSource
  let runtime: any ContainerRuntime
  private(set) var memory: Memory
  let seams: LoopSeams
  /// The controller's short id; nil when the state directory had no identity before this command.
  let controller: String?
  let secrets: any SecretChanging
  /// Whether the state directory is bound: there was a reconcile here.
  let isBound: Bool
  private let lock: StateLock?

  /// Opens for looking; nothing is created or changed.
  static func look(_ settings: Settings) async throws -> PlatformSession {
    try await open(settings, acting: nil, rebinds: false, needsReserve: false)
  }

  /// Opens for acting: takes the lock, binds the state directory if it is new, unless `binds` says
  /// that this is not what the command is for. `needsReserve`: on a full disk the space that was
  /// set aside is given back first, because the command frees some.
  static func act(
    _ settings: Settings, command: String, rebinds: Bool = false, needsReserve: Bool = false,
    binds: Bool = true
  ) async throws -> PlatformSession {
    try await open(
      settings, acting: command, rebinds: rebinds, needsReserve: needsReserve, binds: binds)
  }

  private static func open(
    _ settings: Settings, acting command: String?, rebinds: Bool, needsReserve: Bool,
    binds: Bool = true
  ) async throws -> PlatformSession {
    if let daemon = Surroundings.current.daemon {
      return try await daemon.session(settings, rebinds: rebinds)
    }
    do {
      if command != nil, settings.runtime ?? .embedded == .embedded { try requireRoot(settings) }
      let state = try StateFolder.open(
        path: settings.state, mode: command == nil ? .readOnly : .readWrite)
      let lock = try command.map { (command) throws(EffectFailure) in
        try state.lock(command: command, at: WallClock.now())
      }
      if needsReserve, try state.space().free < Reserve.bytes { try state.reserve.release() }
      let known = try state.existingIdentity()
      let identity = command == nil ? known : try state.identity()
      let binding = try bind(settings, state, rebinds: rebinds)
      let digests: any Digesting = identity.map { KeyedDigests($0) } ?? KeylessDigests()
      // What frees space only reads: opening for writing takes space.
      let store = try state.store(holding: needsReserve ? nil : lock)
      let memory = try await remembered(by: store, acts: command != nil && !needsReserve)
      let source = try Composition.source(binding, mirrors: state.path + "/mirrors")
      if command != nil, binds { try await keep(binding, state, source, rebinds: rebinds) }
      let kind = RuntimeKind(rawValue: binding.runtime) ?? .embedded
      let (runtime, stacks) = try Composition.runtime(
        kind, state: state, identity: identity, digests: digests, platform: memory.platform)
      // Without it, gc has less to work with on a full disk; nothing else depends on it.
      if command != nil, !needsReserve, kind == .embedded { try? state.reserve.hold() }
      let secrets = state.secrets()
      var seams = LoopSeams(
        source: source, runtime: runtime, store: store, secrets: secrets,
        digests: digests, stacks: stacks, clock: WallClock.now, describe: EventText.describe,
        tell: ChangeText.tell)
      seams.router = Composition.router(runtime, state, identity, for: command)
      return PlatformSession(
        settings: settings, folder: state, binding: binding, source: source, runtime: runtime,
        memory: memory, seams: seams, controller: known?.shortID, secrets: secrets,
        isBound: try bound(state) != nil, lock: lock)
    } catch let failure as EffectFailure {
      throw CommandFailure(failure)
    } catch let problem as SourceProblem {
      throw CommandFailure(problem)
    }
  }

  /// What is remembered. That memory was lost is written down by the first who may write.
  private static func remembered(
    by store: SQLiteStore, acts: Bool
  ) async throws(EffectFailure) -> Memory {
    var memory = try await store.load()
    guard acts, store.wasLost, memory.lostAt == nil else { return memory }
    let now = WallClock.now()
    if case .failed(let failure) = await store.apply([.lost(now)], at: now, releasesKept: 1) {
      throw failure
    }
    memory.lostAt = now
    // History is for people: without it the loss is still remembered.
    _ = await store.append([EventText.lost(at: now)])
    return memory
  }

  /// Before anything is created: without root the embedded runtime could not act anyway.
  private static func requireRoot(_ settings: Settings) throws {
    let state = try StateFolder.open(path: settings.state, mode: .readOnly)
    let bound = try state.exists ? state.binding.read()?.runtime : nil
    guard settings.runtime?.rawValue ?? bound ?? "embedded" == "embedded" else { return }
    _ = try Composition.runtime(.embedded, state: state, identity: nil, digests: KeylessDigests())
  }

  /// The binding that would be in force: the state directory's own, checked against what the
  /// command was told.
  private static func bind(
    _ settings: Settings, _ state: StateFolder, rebinds: Bool
  ) throws -> Binding {
    let bound = rebinds ? nil : try bound(state)
    let told = try settings.repository.map(absolute)
    guard
      let repository = told ?? bound?.repository
        ?? GitFormationSource.enclosingRepository(of: Composition.currentFolder)
    else {
      throw CommandFailure(
        .unknown, "there is no git repository here",
        fix: "go into the repository of manifests, or name it with --repo PATH|URL")
    }
    let binding = Binding(
      repository: repository, ref: settings.ref ?? bound?.ref,
      environment: settings.environment ?? bound?.environment,
      runtime: settings.runtime?.rawValue ?? bound?.runtime ?? RuntimeKind.embedded.rawValue)
    if let bound { try bound.check(against: binding) }
    return binding
  }

  private static func bound(_ state: StateFolder) throws -> Binding? {
    state.exists ? try state.binding.read() : nil
  }

  /// Binds a state directory for good, once its repository could be read: a mistyped address binds
  /// nothing.
  private static func keep(
    _ binding: Binding, _ state: StateFolder, _ source: GitFormationSource, rebinds: Bool
  ) async throws {
    guard try rebinds || bound(state) == nil else { return }
    if case .problem(let problem) = await source.read(inForce: nil) {
      Terminal.write(DiagnosticText(style: Terminal.style).render(problem.diagnostics))
      throw CommandFailure(problem)
    }
    if rebinds {
      try state.binding.rebind(binding)
    } else {
      try state.binding.bind(binding)
    }
  }

  /// Lets others act on the state directory while this command goes on without. A daemon keeps it.
  func release() {
    if Surroundings.current.daemon == nil { lock?.release() }
  }

  /// Throws when nothing was reconciled into the state directory: with a mistyped name, an order
  /// would begin a second formation. A daemon has bound its own.
  static func requireBound(_ settings: Settings) throws {
    guard Surroundings.current.daemon == nil else { return }
    try reporting {
      let state = try StateFolder.open(path: settings.state, mode: .readOnly)
      guard try bound(state) == nil else { return }
      throw CommandFailure(
        .unknown, "there is no platform in the state directory \(state.path) yet",
        fix: "the first `muster reconcile` makes it, or name another one with --state DIR")
    }
  }

  /// Throws when there is no state directory: an empty answer would say that nothing ever ran.
  func requireFolder() throws {
    guard !folder.exists else { return }
    throw CommandFailure(
      .unknown, "there is no state directory \(folder.path)",
      fix: "the first `muster reconcile` makes it, or name another one with --state DIR")
  }

  /// A local path made absolute, so that the binding means the same from every folder.
  private static func absolute(_ repository: String) throws -> String {
    if case .local(let path) = try GitAddress(
      repository, relativeTo: Composition.currentFolder)
    {
      return GitFormationSource.enclosingRepository(of: path) ?? path
    }
    return repository
  }

  // MARK: - In the daemon

  /// This session as somebody's command sees it, with memory as it is now. Throws when the command
  /// means another repository, ref, environment or runtime.
  func seen(by settings: Settings, memory: Memory) throws -> PlatformSession {
    do {
      let told = Binding(
        repository: try settings.repository.map(Self.absolute) ?? binding.repository,
        ref: settings.ref ?? binding.ref, environment: settings.environment ?? binding.environment,
        runtime: settings.runtime?.rawValue ?? binding.runtime)
      try binding.check(against: told)
    } catch let failure as EffectFailure {
      throw CommandFailure(failure)
    } catch let problem as SourceProblem {
      throw CommandFailure(problem)
    }
    var session = self
    session.settings = settings
    session.memory = memory
    return session
  }

  /// Lets members of the group `muster` reach the control socket, and nothing else in the state
  /// directory. Returns the group; nil when there is none.
  func admitOperators() throws -> gid_t? {
    do throws(EffectFailure) {
      return try folder.admitOperators()
    } catch {
      throw CommandFailure(error)
    }
  }

  // MARK: - Running the loop

  /// Looks once: what is asked, what is there, and the plan between both. The daemon answers with a
  /// pass of its own; it reads the repository for it when `reading` says so.
  func plan(only: Set<AppName>? = nil, reading: Bool = false) async -> RunResult {
    if let daemon = Surroundings.current.daemon {
      return await daemon.loop.look(reading: reading)
    }
    var options = LoopOptions(runsOnce: true, catalog: ShippedCatalog.catalog)
    options.acts = false
    options.only = only
    options.router = settings.router
    let driver = LoopDriver(options: options, memory: memory, seams: seams) { _ in }
    return await driver.run()
  }

  /// The newest commit behind each file that the changes cite, in the repository that it is of.
  func provenance(of plan: Plan) async -> Provenance {
    var found = Provenance()
    for part in plan.apps {
      for file in Set(part.changes.compactMap { $0.because?.mark?.file }).sorted() {
        guard found.commit(behind: file, of: part.app) == nil else { continue }
        let isElsewhere = Provenance.isElsewhere(file, part.source)
        let converged = memory.apps[part.app]?.convergence?.revision
        let isSameSource = memory.apps[part.app]?.accepted?.source == part.source
        guard let revision = isElsewhere ? part.revision : plan.revision else { continue }
        let commit = await source.newestCommit(
          touching: file, of: isElsewhere ? part.source : nil, in: revision,
          since: isElsewhere == (part.source != nil) && isSameSource ? converged : nil)
        if let commit { found.note(commit, behind: file, of: part.app, part.source) }
      }
    }
    return found
  }
}
