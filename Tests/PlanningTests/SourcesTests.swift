// Apps of several repositories in a plan: each carries its own commit, and a source that cannot be
// taken keeps its own apps as they are.

import FormationModel
import Planning
import Testing

@Suite struct SourcesTests {
  private static let source = AppSource(repository: "https://git.example/acme/shop", ref: "main")
  private static let commit = Revision(
    id: RevisionID(rawValue: "4e8d2a7"), author: "Bea", subject: "Theirs",
    committedAt: LoopTime(milliseconds: 0))
  private static let gone = SourceFailure(
    code: "unreachable", message: "main of https://git.example/acme/shop is gone", fix: nil,
    revision: nil)

  /// The app `shop` comes from the source.
  private func scene() -> Scene {
    var scene = Scene()
    scene.edit = { $0.source = Self.source }
    return scene
  }

  /// A plan for what the platform's commit shows of the app.
  private func plan(
    _ scene: Scene, shows: Bool, _ standings: [SourceStanding],
    platform: Platform = Platform(catalog: Scene.catalog)
  ) -> Plan {
    let app = scene.desiredApp()
    let instances = scene.observed.map(scene.instance)
    var context = PlanningContext(now: scene.now, catalog: Scene.catalog)
    for instance in instances {
      var record = HealthRecord()
      record.successes = 2
      record.hasBeenHealthy = true
      context.health[instance.id] = record
    }
    let world = ObservedFormation(
      instances: instances, slugs: [ContentDigest(rawValue: "slug-a")],
      stacks: [ContentDigest(rawValue: "stack")])
    let apps = shows ? [ResolvedApp(app: app, content: scene.releaseContent("a", app))] : []
    let desired = ResolvedFormation(
      revision: Scene.revision, platform: platform, apps: apps,
      sources: standings)
    return Planner.plan(
      desired: desired, observed: .complete(world), memory: scene.memory, context: context)
  }

  private var taken: SourceStanding { SourceStanding(Self.source, revision: Self.commit) }
  private var failing: SourceStanding { SourceStanding(Self.source, failure: Self.gone) }

  private func writes(_ plan: Plan) -> [MemoryChange] {
    plan.next.flatMap { step -> [MemoryChange] in
      guard case .remember(let changes) = step.operation else { return [] }
      return changes
    }
  }

  @Test func `an app is taken over with the commit of its own source`() throws {
    let scene = scene()
    let plan = plan(scene, shows: true, [taken])
    let part = try #require(plan.apps.first)
    #expect(part.source == Self.source && part.revision == Self.commit.id)
    #expect(writes(plan).contains(.accept(scene.desiredApp(), Self.commit.id)))
    #expect(writes(plan).contains(.takeOverSources([Self.source: Self.commit.id])))
    let releases = writes(plan).compactMap { change -> RevisionID? in
      if case .record(_, let release) = change { release.revision } else { nil }
    }
    #expect(releases == [Self.commit.id])
    #expect(plan.revision == Scene.revision.id)
  }

  @Test func `a source that cannot be taken keeps its app, and repairs it`() throws {
    var scene = scene()
    scene.remember("web=2", releases: "v1a")
    scene.memory.sources = [Self.source: Self.commit.id]
    scene.observed = ["web.1@v1a#1 up"]
    let plan = plan(scene, shows: false, [failing])
    #expect(plan.stepLines.contains { $0.hasPrefix("start web.2") })
    #expect(!plan.stepLines.contains { $0.hasPrefix("stop") })
    let part = try #require(plan.apps.first)
    #expect(part.sync == SyncStatus(.unknown, .sourceProblem))
    #expect(plan.platformHolds.map(\.id.rawValue) == ["source-unreachable/shop@main"])
    #expect(plan.platformHolds.allSatisfy { !$0.canBeConfirmed })
    #expect(plan.holds(concerning: part) == plan.platformHolds)
    #expect(!writes(plan).contains { if case .takeOverSources = $0 { true } else { false } })
    #expect(!writes(plan).contains { if case .forget = $0 { true } else { false } })
  }

  @Test func `a removal that is held is a hold of the apps that it is about`() throws {
    var scene = Scene(formation: "web=1 worker=1", observed: ["web.1@v1a#1 up"])
    scene.remember("web=1 worker=1", releases: "v1a")
    #expect(scene.plan().apps[0].platformHolds.isEmpty)
    scene.formation = "web=1"
    let plan = scene.plan()
    let part = try #require(plan.apps.first)
    #expect(part.sync == SyncStatus(.outOfSync, .held))
    #expect(plan.holds(concerning: part).map(\.code) == ["DeletionBudget"])
  }

  @Test func `a commit cannot raise the budget for itself, not even one pass later`() {
    var scene = scene()
    scene.remember("web=1 worker=1", releases: "v1a")
    scene.observed = ["web.1@v1a#1 up", "worker.1@v1a#1 up"]
    scene.memory.platform = Platform(catalog: Scene.catalog)
    scene.formation = "web=1"
    var generous = Platform(catalog: Scene.catalog)
    generous.deletionBudget.dynoPercent = 100
    for _ in 1...3 {
      let plan = plan(scene, shows: true, [taken], platform: generous)
      #expect(plan.platformHolds.map(\.code) == ["DeletionBudget"])
      scene.write(plan)
    }
    scene.memory.confirmed = Set(
      plan(scene, shows: true, [taken], platform: generous).platformHolds.map(\.id))
    scene.write(plan(scene, shows: true, [taken], platform: generous))
    #expect(scene.memory.platform == generous, "taken over with the removal")
  }

  @Test func `a lost store and a lost source together remove nothing`() {
    var scene = scene()
    scene.observed = ["web.1@v1a#1 up"]
    #expect(plan(scene, shows: false, [failing]).stepLines == [])
  }

  @Test func `an entry that left platform.yaml is an app that left, under the budget`() {
    var scene = scene()
    scene.remember("web=2", releases: "v1a")
    scene.observed = ["web.1@v1a#1 up", "web.2@v1a#1 up"]
    let plan = plan(scene, shows: false, [])
    #expect(plan.stepLines == [])
    #expect(plan.platformHolds.map(\.code) == ["DeletionBudget"])
  }

  @Test func `a source that went back is freed by its own name`() throws {
    let failure = SourceFailure(
      code: "rewound", message: "went back", fix: nil, revision: RevisionID(rawValue: "1234567890"))
    let hold = failure.hold(of: Self.source)
    #expect(hold.canBeConfirmed)
    #expect(hold.release == "muster confirm source-rewound/shop@main-1234567")
  }

  @Test func `an app keeps its formation when only its slug cannot be had`() throws {
    var scene = scene()
    scene.remember("web=1", releases: "v1a")
    scene.observed = ["web.1@v1a#1 up"]
    var standing = failing
    standing.apps = [Scene.app]
    let plan = plan(scene, shows: true, [standing])
    #expect(plan.stepLines == [])
    #expect(plan.apps.first?.sync.reason == .sourceProblem)
  }

  @Test func `mirrors stay of every repository that something kept comes from`() {
    var scene = scene()
    let desired = ResolvedFormation(
      revision: nil, platform: Platform(catalog: Catalog()), apps: [],
      sources: [SourceStanding(AppSource(repository: "https://git.example/new", ref: nil))])
    #expect(DiskCollection.repositories(in: scene.memory, nil) == [])
    #expect(
      DiskCollection.repositories(in: scene.memory, desired) == ["https://git.example/new"])
    scene.remember("web=1", releases: "v1a")
    #expect(
      DiskCollection.repositories(in: scene.memory, nil) == ["https://git.example/acme/shop"])
    scene.memory.sources = [AppSource(repository: nil, ref: "next"): Self.commit.id]
    #expect(DiskCollection.revisions(in: scene.memory).contains(Self.commit.id))
  }

  @Test func `what is in force by hand outlasts a source that cannot be taken`() {
    var scene = scene()
    let order = Order(by: "ada", at: scene.now, .maintenance(Scene.app, true))
    scene.memory.apply(.order(order), releasesKept: 1)
    #expect(!writes(plan(scene, shows: false, [failing])).contains(.forget(Scene.app)))
    #expect(writes(plan(scene, shows: false, [taken])).contains(.forget(Scene.app)))
  }
}
