// Random changes of memory, with a secret in every manifest that no error may quote.

import FormationModel
import Testing

let canary = "canary-5ecret-value"

/// Makes changes as a loop might, release numbers growing.
struct RandomChanges {
  var random: Seeded
  private var releases: [AppName: Int] = [:]

  init(seed: UInt64) { random = Seeded(seed) }

  mutating func next() throws -> MemoryChange {
    let app = try name(["shop", "blog", "queue-2", "storefront"].randomElement(using: &random))
    switch Int.random(in: 0..<19, using: &random) {
    case 0, 1: return .accept(try manifest(app), revision())
    case 2, 3: return .record(app, try release(app))
    case 4:
      let type = try #require(ProcessType(rawValue: Bool.random(using: &random) ? "web" : "clock"))
      let slot = SlotID(app, type, Int.random(in: 1...3, using: &random))
      return .attempt(slot, Int.random(in: 1...99, using: &random))
    case 5:
      let convergence = Convergence(
        release: releases[app] ?? 1, revision: revision(),
        attempts: [SlotID(app, .web, 1): 2], quantities: [.web: 1])
      return .converged(app, convergence)
    case 6:
      let source = AppSource(repository: "https://git.example/\(app)", ref: "main")
      return Bool.random(using: &random)
        ? .takeOver(revision(), try platform()) : .takeOverSources([source: revision()])
    case 7:
      return Bool.random(using: &random) ? .confirm(hold()) : .withdraw(hold())
    case 8: return .mark(subject(app), Since("Degraded/Crashing", at: now))
    case 9: return .unmark(subject(app))
    case 10: return .lost(now + .seconds(Int.random(in: 0..<9, using: &random)))
    case 11, 12: return .order(order(app))
    case 13:
      let type = Bool.random(using: &random) ? OverrideEnd.Subject.quantity(.web) : .size(.web)
      return .endOverride(app, OverrideEnd(type, .changedInGit))
    case 16:
      return .postdeploy(app, Postdeploy(release: Int.random(in: 1...4, using: &random), phase()))
    case 17: return .oneOff(app, number: Int.random(in: 1...3, using: &random), phase())
    case 15: return .phase(app, release: releases[app] ?? 1, phase(), now)
    case 14:
      let exit = InstanceExit(code: 1, at: now, requested: false)
      let cause = HeldContent.Cause.rolloutFailed(
        SlotID(app, .web, 1), .crashed(exit, count: 3))
      return .turnBack(app, to: releases[app].map { $0 - 1 } ?? 1, cause, now)
    default:
      guard Int.random(in: 0..<4, using: &random) == 0 else { return .confirm(hold()) }
      return Bool.random(using: &random)
        ? .forget(app) : .depart(app, because: revision(), now)
    }
  }

  private mutating func phase() -> ReleasePhase {
    let phases: [ReleasePhase] = [
      .pending, .begun(attempt: 2), .succeeded, .live, .failed(.unknown(attempt: 3)),
      .failed(.exited(InstanceExit(code: 1, at: now, requested: false))),
    ]
    return phases[Int.random(in: 0..<phases.count, using: &random)]
  }

  mutating func batch() throws -> [MemoryChange] {
    try (0..<Int.random(in: 1...6, using: &random)).map { _ in try next() }
  }

  private func name(_ text: String?) throws -> AppName {
    try #require(text.flatMap(AppName.init(rawValue:)))
  }

  private mutating func hold() -> HoldID {
    HoldID("removal-\(Int.random(in: 0..<5, using: &random))")
  }

  private mutating func subject(_ app: AppName) -> SinceSubject {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: .sync(app)
    case 1: .health(app)
    case 2: .hold(hold())
    default: .crashes(SlotID(app, .web, Int.random(in: 1...3, using: &random)))
    }
  }

  private mutating func order(_ app: AppName) -> Order {
    let target = DynoSelector(
      app, Bool.random(using: &random) ? .web : nil)
    let isAll = Int.random(in: 0..<3, using: &random) == 0
    let apps = isAll ? AppSelection.all : .apps([app])
    let wish: Wish =
      switch Int.random(in: 0..<12, using: &random) {
      case 0: .scale(app, [scale()], until: now + .seconds(60))
      case 1: .stop(target)
      case 2: .start(target)
      case 3, 4: .restart(target)
      case 5: .suspend(apps, Bool.random(using: &random) ? .deploys : .everything)
      case 6: .resume(apps)
      case 7: .maintenance(app, Bool.random(using: &random))
      case 9: .stop(DynoSelector(app, .run, Int.random(in: 1...3, using: &random)))
      case 10, 11: .run(app, request())
      case 8: .rollback(app, to: max(1, (releases[app] ?? 1) - 1))
      default: [.retry(app), .confirm(hold()), .undo].randomElement(using: &random) ?? .undo
      }
    return Order(by: "ada", at: now, reason: Bool.random(using: &random) ? "why \"ü\"" : nil, wish)
  }

  private mutating func request() -> OneOffRequest {
    var request = OneOffRequest(token: "\(random.next())", command: "echo \"ü\"", release: 1)
    request.environment = ConfigKey(rawValue: "A").map { [$0: ConfigValue(canary)] } ?? [:]
    return request
  }

  private mutating func scale() -> ScaleWish {
    let size = CatalogName.standardSize
    return ScaleWish(
      .web, quantity: Bool.random(using: &random) ? 3 : nil,
      size: Bool.random(using: &random) ? size : nil, git: ProcessScale(quantity: 1, size: size))
  }

  private mutating func revision() -> RevisionID {
    RevisionID(rawValue: String(random.next(), radix: 16))
  }

  private mutating func manifest(_ name: AppName) throws -> DesiredApp {
    let stack = try #require(CatalogName(rawValue: "debian-12"))
    let size = try #require(CatalogName(rawValue: "standard-1x"))
    let key = try #require(ConfigKey(rawValue: "TOKEN"))
    let secret = try #require(SecretName(rawValue: "x"))
    var app = DesiredApp(name: name, folder: "apps/\(name)", stack: stack)
    let count = Int.random(in: 0...100, using: &random)
    app.processes = [
      DesiredProcess(type: .web, command: "serve \"ü\" \u{1}\(count)", quantity: count, size: size)
    ]
    app.config = [
      ConfigEntry(key: key, source: .literal(ConfigValue("\(canary)-\(random.next())"))),
      ConfigEntry(key: key, source: .generated),
      ConfigEntry(key: key, source: .secret(name: secret)),
    ]
    app.rollout.strategy = RolloutPolicy.Strategy.allCases.randomElement(using: &random)
    app.suspension = Suspension.allCases.randomElement(using: &random) ?? .none
    app.marks = FieldMarks(
      [
        "formation.web": SourceMark(file: "app.yaml", line: count, column: 1)
      ].reduce(into: [:]) { $0[FieldPath($1.key)] = $1.value })
    return app
  }

  private mutating func release(_ app: AppName) throws -> Release {
    let stack = try #require(CatalogName(rawValue: "debian-12"))
    let number = (releases[app] ?? 0) + 1
    releases[app] = number
    let digest = ContentDigest(rawValue: String(random.next(), radix: 16))
    let content = ReleaseContent(
      digest: digest,
      slug: SlugReference(digest: digest, revision: revision(), folder: "apps/\(app)"),
      stack: StackReference(
        stack: Stack(
          name: stack, source: .debian(suite: "bookworm", packages: ["python3"]),
          shell: "/bin/sh"), digest: digest),
      commands: [ReleaseCommand(type: .web, command: "serve")], config: [])
    return Release(
      number: number, content: content, revision: revision(), recordedAt: now, summary: "slug")
  }

  private mutating func platform() throws -> Platform {
    let size = try #require(CatalogName(rawValue: "standard-1x"))
    var platform = Platform(catalog: Catalog())
    platform.catalog.dynoTypes[size] = DynoType(
      name: size, tier: .standard, memoryBytes: 512 << 20, memoryKillBytes: 1 << 30, cpuShare: 1,
      dedicatedCores: nil, processLimit: 256, sleeps: false, monthlyCents: 2500)
    platform.deletionBudget.apps = Int.random(in: 0...5, using: &random)
    platform.runtime = Bool.random(using: &random) ? nil : "embedded"
    return platform
  }
}
