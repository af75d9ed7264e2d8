// A small language for planner tests, so that they read as tables.
//
//   formation   "web=2 worker=1"            process types with quantities
//   content     "a", "b"                    release contents that differ in their slug
//   instance    "web.1@v1a#1 up"            slot, release number, content, attempt, then one of
//               up · booting · exit1@5 (exit code, seconds ago) · stopped (on request)
//               stopping · overdue (its grace is over) · created · unwatched · starved
//
// The clock stands at 1 000 000 s; what is up started 100 s ago, what boots 1 s ago.

import FormationModel
import Planning
import Testing

struct Scene {
  var now = LoopTime(milliseconds: 1_000_000_000)
  var formation = "web=1"
  var content = "a"
  var observed: [String] = []
  /// Instances whose records cannot be read, as `web.1@v1a#1`.
  var unproven: [String] = []
  /// Further instances, of release commands.
  var more: [ObservedInstance] = []
  var memory = Memory()
  var health: [InstanceID: HealthRecord] = [:]
  var edit: (inout DesiredApp) -> Void = { _ in }
  var context: (inout PlanningContext) -> Void = { _ in }
  var desired: (inout ResolvedFormation) -> Void = { _ in }
  var world: (inout ObservedFormation) -> Void = { _ in }
  static let app = AppName(rawValue: "shop") ?? fallback
  private static let fallback = AppName(rawValue: "aaa").unsafelyUnwrapped

  static let catalog: Catalog = {
    func size(_ name: String, _ tier: DynoType.Tier) -> DynoType {
      DynoType(
        name: CatalogName(rawValue: name).unsafelyUnwrapped, tier: tier, memoryBytes: 512 << 20,
        memoryKillBytes: 1 << 30, cpuShare: 1, dedicatedCores: nil, processLimit: 256,
        sleeps: false, monthlyCents: 2500)
    }
    let sizes = [size("standard-1x", .standard), size("standard-2x", .standard), size("eco", .eco)]
    return Catalog(dynoTypes: Dictionary(uniqueKeysWithValues: sizes.map { ($0.name, $0) }))
  }()

  func desiredApp(_ formation: String? = nil) -> DesiredApp {
    var app = DesiredApp(name: Self.app, folder: "apps/shop", stack: "busybox".catalogName)
    app.processes = (formation ?? self.formation).split(separator: " ").map { word in
      let parts = word.split(separator: "=")
      return DesiredProcess(
        type: ProcessType(rawValue: String(parts[0])).unsafelyUnwrapped,
        command: "run \(parts[0])", quantity: Int(parts[1]) ?? 0, size: "standard-1x".catalogName)
    }
    .sorted { $0.type < $1.type }
    edit(&app)
    return app
  }

  func releaseContent(_ tag: String, _ app: DesiredApp) -> ReleaseContent {
    let revision = RevisionID(rawValue: "c0ffee")
    let stack = Stack(name: "busybox".catalogName, source: .busybox, shell: "/bin/sh")
    return ReleaseContent(
      digest: ContentDigest(rawValue: "content-\(tag)"),
      slug: SlugReference(
        digest: ContentDigest(rawValue: "slug-\(tag)"), revision: revision, folder: "apps/shop"),
      stack: StackReference(stack: stack, digest: ContentDigest(rawValue: "stack")),
      commands: app.processes.map { ReleaseCommand(type: $0.type, command: $0.command) },
      config: [])
  }

  func instance(_ text: String) -> ObservedInstance {
    let words = text.split(separator: " ").map(String.init)
    let parts = words[0].split(whereSeparator: { "@#.".contains($0) }).map(String.init)
    let type = ProcessType(rawValue: parts[0]).unsafelyUnwrapped
    let tag = String(parts[2].last ?? "a")
    let id = InstanceID(
      slot: SlotID(Self.app, type, Int(parts[1]) ?? 0),
      release: Int(parts[2].dropFirst().dropLast()) ?? 0, attempt: Int(parts[3]) ?? 0)
    let app = desiredApp()
    var process =
      app.process(type)
      ?? DesiredProcess(
        type: type, command: "run \(type)", quantity: 1, size: "standard-1x".catalogName)
    process.size = "standard-1x".catalogName
    let size = Self.catalog.dynoTypes[process.size].unsafelyUnwrapped
    let form = InstanceForm(content: releaseContent(tag, app), process: process, size: size)
    return ObservedInstance(
      id: id, phase: phase(words[1]), form: form,
      crashes: words.count > 2 ? Int(words[2].dropFirst("crashes=".count)) ?? 0 : 0,
      startedAt: words[1] == "created"
        ? nil : now + (words[1] == "booting" ? .seconds(-1) : .seconds(-100)),
      endpoint: Endpoint(address: "10.64.0.1", port: 8080), hasRunOutOfMemory: words[1] == "starved"
    )
  }

  private func phase(_ word: String) -> InstancePhase {
    switch word {
    case "up", "booting", "starved": return .running
    case "stopping": return .stopping(killAt: now + .seconds(20))
    case "overdue": return .stopping(killAt: now + .seconds(-1))
    case "created": return .created
    case "unwatched": return .unsupervised
    case "stopped":
      return .exited(InstanceExit(code: 143, at: now + .seconds(-1), requested: true))
    default:
      let parts = word.dropFirst("exit".count).split(separator: "@")
      let ago = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      return .exited(
        InstanceExit(code: Int(parts[0]), at: now + .seconds(-ago), requested: false))
    }
  }

  /// The scene once the plan's writes to memory are done.
  var written: Scene {
    var scene = self
    for case .remember(let changes) in plan().next.map(\.operation) {
      for change in changes { scene.memory.apply(change, releasesKept: 10) }
    }
    return scene
  }

  /// The plan; with `isComplete` false the runtime says that something is missing.
  func plan(isComplete: Bool = true) -> Plan {
    let app = desiredApp()
    let instances = observed.map(instance) + more
    var context = PlanningContext(now: now, catalog: Self.catalog)
    context.health = health
    for (text, instance) in zip(observed, instances) where text.contains(" up") {
      var record = HealthRecord()
      record.successes = 2
      record.hasBeenHealthy = true
      context.health[instance.id] = record
    }
    self.context(&context)
    var world = ObservedFormation(
      instances: instances,
      slugs: ["a", "b", "c"].reduce(into: []) { $0.insert(ContentDigest(rawValue: "slug-\($1)")) },
      stacks: [ContentDigest(rawValue: "stack")],
      unproven: unproven.map { text in
        UnprovenInstance(instance("\(text) up").id, "\(text): no record", fix: "look at \(text)")
      })
    self.world(&world)
    var desired = ResolvedFormation(
      revision: Self.revision, platform: Platform(catalog: Self.catalog),
      apps: [ResolvedApp(app: app, content: releaseContent(content, app))])
    self.desired(&desired)
    return Planner.plan(
      desired: desired,
      observed: isComplete ? .complete(world) : .partial(world, missing: ["something"]),
      memory: memory, context: context)
  }

  static let revision = Revision(
    id: RevisionID(rawValue: "c0ffee"), author: "Ada", subject: "Test",
    committedAt: LoopTime(milliseconds: 0))

  /// Memory of an app that took this formation over, with releases `v1a v2b …`, converged on the
  /// first of them with one attempt per slot.
  mutating func remember(_ formation: String, releases: String) {
    let app = desiredApp(formation)
    var part = AppMemory(accepted: app, acceptedRevision: Self.revision.id)
    part.releases = releases.split(separator: " ").map { word in
      Release(
        number: Int(word.dropFirst().dropLast()) ?? 0,
        content: releaseContent(String(word.last ?? "a"), app), revision: Self.revision.id,
        recordedAt: LoopTime(milliseconds: 0), summary: "test")
    }
    let slots = app.processes.flatMap { process in
      (0..<process.quantity).map { SlotID(Self.app, process.type, $0 + 1) }
    }
    part.convergence = Convergence(
      release: part.releases.first?.number ?? 1, revision: Self.revision.id,
      attempts: Dictionary(uniqueKeysWithValues: slots.map { ($0, 1) }),
      quantities: Dictionary(
        uniqueKeysWithValues: app.processes.map { ($0.type, $0.quantity) }))
    part.convergence?.processes = app.processes
    for slot in slots { part.attempts[slot] = 1 }
    memory = Memory(
      apps: [Self.app: part], revision: Self.revision.id,
      platform: Platform(catalog: Self.catalog))
    let start = LoopTime(milliseconds: 0)
    memory.since[.sync(Self.app)] = Since("Synced/Matches", at: start)
    memory.since[.health(Self.app)] = Since("Healthy/AllUp", at: start)
  }
}

extension String {
  var catalogName: CatalogName { CatalogName(rawValue: self).unsafelyUnwrapped }
}

extension AppRoutes {
  /// `web.1@v1#1, web.2@v1#1 drains`, or `booting` and the like where nobody takes requests.
  var line: String {
    let servers = servers.map { "\($0.id.line)\($0.isDraining ? " drains" : "")" }
    return servers.isEmpty ? absence.rawValue : servers.joined(separator: ", ")
  }
}

extension Plan {
  /// `+ web.1`, `± web.1 v1>v2`, `- web.2`, `* v2`.
  var changeLines: [String] {
    changes.map { change in
      let slot = change.slot?.dynoName ?? ""
      switch change.action {
      case .start: return "+ \(slot)"
      case .stop: return "- \(slot)"
      case .replace: return "± \(slot) v\(change.from ?? 0)>v\(change.to ?? 0)"
      case .release: return "* v\(change.to ?? 0)"
      case .route: return "→ \(change.reason.code)"
      }
    }
  }

  /// Steps that touch the world: `start web.1@v2#3`, `stop web.1@v1#1`, ….
  var stepLines: [String] {
    next.compactMap { step in
      switch step.operation {
      case .start(let spec): "start \(spec.id.line)"
      case .stop(let id, _): "stop \(id.line)"
      case .kill(let id): "kill \(id.line)"
      case .remove(let id): "remove \(id.line)"
      case .prepareSlug: "prepare slug"
      case .prepareStack: "prepare stack"
      case .generateSecrets: "generate secrets"
      case .openRouter: "open router"
      case .route(_, let routes): "route \(routes?.line ?? "nowhere")"
      case .remember: nil
      }
    }
  }

  /// Every memory change, by the name of its case.
  var memoryLines: [String] {
    next.flatMap { step -> [String] in
      guard case .remember(let changes) = step.operation else { return [] }
      return changes.compactMap { change in
        switch change {
        case .accept: "accept"
        case .record(_, let release): "record v\(release.number)"
        case .attempt(let slot, let attempt): "attempt \(slot.dynoName)#\(attempt)"
        case .converged: "converged"
        case .takeOver: "take over"
        case .takeOverSources: "take over sources"
        case .forget: "forget"
        case .depart: "depart"
        case .confirm: "confirm"
        case .withdraw: "withdraw"
        // Since when things are as they are: Tests/PlanningTests/SinceTests.swift.
        case .mark, .unmark, .lost: nil
        case .order: "order"
        case .endOverride(_, let end): "end \(end.cause.rawValue)"
        case .turnBack(_, let release, _, _): "turn back to v\(release)"
        case .oneOff(_, let number, let phase): "run.\(number) \(Self.word(phase))"
        case .postdeploy(_, let state): "postdeploy \(Self.word(state.phase))"
        case .phase(_, let release, let phase, _): "v\(release) \(Self.word(phase))"
        }
      }
    }
  }
}

extension Plan {
  private static func word(_ phase: ReleasePhase) -> String {
    switch phase {
    case .pending: "pending"
    case .begun(let attempt): "begun #\(attempt)"
    case .succeeded: "succeeded"
    case .live: "live"
    case .failed(.unknown): "unknown"
    case .failed(.timedOut): "timed out"
    case .failed(.notStarted): "not started"
    case .failed(.exited): "failed"
    }
  }
}

extension InstanceID {
  var line: String { "\(slot.dynoName)@v\(release)#\(attempt)" }
}
