// What `gc` may take: nothing that a kept release, a dyno or a commit needs, whatever lies there.

import FormationModel
import Planning
import Testing

@Suite struct DiskCollectionTests {
  private static let tags = ["a", "b", "c", "d", "e"]

  /// A world at random: releases, dynos and a commit that name some of the tags, and everything on
  /// the disk that can be named.
  private struct World {
    var memory = Memory(revision: RevisionID(rawValue: "c0ffee"))
    var observed: Observation
    var desired: ResolvedFormation?
    var reachable: Set<ContentDigest> = []
    var inventory: [StoredItem] = []

    init(seed: UInt64) {
      var chance = Numbers(state: seed)
      observed = .unavailable(reason: "not now")
      rememberReleases(&chance)
      let world = ObservedFormation(instances: someInstances(&chance))
      switch chance.below(6) {
      case 0: observed = .partial(world, missing: ["some"])
      case 1: break
      default: observed = .complete(world)
      }
      wantSomething(&chance)
      fillDisk(world.instances)
    }

    private static var scene: Scene { Scene() }
    private static var app: DesiredApp { scene.desiredApp() }

    private static func content(_ tag: String) -> ReleaseContent {
      scene.releaseContent(tag, app)
    }

    private mutating func reach(_ content: ReleaseContent) {
      reachable.formUnion([content.slug.digest, content.stack.digest])
    }

    private mutating func rememberReleases(_ chance: inout Numbers) {
      var kept = AppMemory(accepted: Self.app)
      for (index, tag) in DiskCollectionTests.tags.enumerated() where chance.below(3) == 0 {
        kept.releases.append(
          Release(
            number: index + 1, content: Self.content(tag),
            revision: RevisionID(rawValue: "c0ffee"), recordedAt: Self.scene.now, summary: ""))
        reach(Self.content(tag))
      }
      memory.apps[Scene.app] = kept
    }

    private mutating func someInstances(_ chance: inout Numbers) -> [ObservedInstance] {
      let states = ["up", "booting", "exit1@5", "stopped", "stopping", "created", "unwatched"]
      var instances: [ObservedInstance] = []
      for attempt in 1...6 where chance.below(2) == 0 {
        let tag = DiskCollectionTests.tags[chance.below(5)]
        let state = states[chance.below(states.count)]
        let ordinal = 1 + chance.below(2)
        instances.append(
          Self.scene.instance("web.\(ordinal)@v\(attempt)\(tag)#\(attempt) \(state)"))
        reach(Self.content(tag))
      }
      return instances
    }

    private mutating func wantSomething(_ chance: inout Numbers) {
      guard chance.below(3) > 0 else { return }
      let content = Self.content(DiskCollectionTests.tags[chance.below(5)])
      reach(content)
      desired = ResolvedFormation(
        revision: nil, platform: Platform(catalog: Catalog()),
        apps: [ResolvedApp(app: Self.app, content: content)])
    }

    /// Everything that can be named, and more.
    private mutating func fillDisk(_ instances: [ObservedInstance]) {
      inventory = DiskCollectionTests.tags.map { tag in
        StoredItem(.slug, Self.content(tag).slug.digest.rawValue, bytes: 1)
      }
      inventory.append(StoredItem(.stack, "stack", bytes: 1))
      for instance in instances {
        inventory.append(StoredItem(.writable, "\(instance.id)", instance: instance.id, bytes: 1))
      }
      let older = (1...6).map { attempt in
        InstanceID(slot: SlotID(Scene.app, .web, 1), release: 1, attempt: attempt)
      }
      for id in Set(older + instances.map(\.id)).sorted() {
        inventory.append(StoredItem(.log, "\(id)", instance: id, bytes: 1))
      }
      for kind in [StoredKind.database, .secret, .reserve, .other] {
        inventory.append(StoredItem(kind, kind.rawValue, bytes: 1))
      }
      inventory.append(StoredItem(.mirror, "used", bytes: 1))
      inventory.append(StoredItem(.mirror, "unused", bytes: 1))
    }

    var instances: [ObservedInstance] {
      switch observed {
      case .complete(let world), .partial(let world, _): world.instances
      case .unavailable: []
      }
    }

    var collected: [CollectedItem] {
      DiskCollection(
        memory: memory, observed: observed, desired: desired, mirrors: ["used"],
        now: LoopTime(milliseconds: 0)
      )
      .decide(inventory)
    }
  }

  /// Numbers that look random, the same for the same seed.
  private struct Numbers {
    var state: UInt64
    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
  }

  @Test func `nothing reachable ever goes`() {
    for seed in UInt64(0)..<2_000 {
      let world = World(seed: seed)
      for entry in world.collected {
        switch entry.item.kind {
        case .slug, .stack:
          let digest = ContentDigest(rawValue: entry.item.name)
          #expect(!world.reachable.contains(digest), "seed \(seed): \(entry)")
        case .writable, .log:
          let own = world.instances.first { $0.id == entry.item.instance }
          #expect(own?.isLive != true, "seed \(seed): \(entry)")
          if entry.item.kind == .log { #expect(own == nil, "seed \(seed): \(entry)") }
        case .mirror: #expect(entry.item.name == "unused", "seed \(seed): \(entry)")
        case .leftover: break
        case .database, .secret, .reserve, .other:
          Issue.record("seed \(seed): \(entry.item.kind) is never removed")
        }
      }
    }
  }

  @Test func `what nothing names goes, once everything could be seen`() {
    var slugs = 0
    for seed in UInt64(0)..<500 {
      let world = World(seed: seed)
      let gone = Set(world.collected.filter { $0.item.kind == .slug }.map(\.item.name))
      guard case .complete = world.observed else {
        #expect(gone.isEmpty, "seed \(seed)")
        continue
      }
      let named = Set(world.reachable.map(\.rawValue))
      let there = Set(world.inventory.filter { $0.kind == .slug }.map(\.name))
      #expect(gone == there.subtracting(named), "seed \(seed)")
      slugs += gone.count
    }
    #expect(slugs > 100)
  }

  @Test func `a lost memory frees nothing but leftovers`() {
    for seed in UInt64(0)..<200 {
      var world = World(seed: seed)
      world.memory = Memory()
      world.inventory.append(StoredItem(.leftover, "slugs/.new-1", bytes: 1))
      #expect(world.collected.map(\.item.kind) == [.leftover], "seed \(seed)")
    }
  }

  @Test func `an ended dyno goes once a newer one runs in its place`() {
    let scene = Scene()
    func collected(_ texts: [String]) -> [String] {
      let instances = texts.map(scene.instance)
      let items = instances.map { StoredItem(.writable, "\($0.id)", instance: $0.id, bytes: 1) }
      let memory = Memory(revision: RevisionID(rawValue: "c0ffee"))
      return DiskCollection(
        memory: memory, observed: .complete(ObservedFormation(instances: instances)),
        desired: nil, mirrors: [], now: LoopTime(milliseconds: 0)
      ).decide(items).map(\.item.name)
    }
    #expect(collected(["web.1@v1a#1 exit1@5", "web.1@v1a#2 up"]) == ["shop.web.1.v1.1"])
    #expect(collected(["web.1@v1a#1 exit1@5"]).isEmpty)
    #expect(collected(["web.1@v1a#1 exit1@5", "web.1@v1a#2 exit1@5"]).isEmpty)
    #expect(collected(["web.1@v1a#1 stopping", "web.1@v1a#2 up"]).isEmpty)
    #expect(collected(["web.1@v1a#1 exit1@5", "web.2@v1a#2 up"]).isEmpty)
  }

  @Test func `output goes with its slot, and beyond what is kept of a slot`() {
    let scene = Scene()
    let app = scene.desiredApp("web=1")
    func log(_ type: ProcessType, _ ordinal: Int, _ attempt: Int) -> StoredItem {
      let id = InstanceID(
        slot: SlotID(Scene.app, type, ordinal), release: 1, attempt: attempt)
      return StoredItem(.log, "\(id)", instance: id, bytes: 1)
    }
    let memory = Memory(
      apps: [Scene.app: AppMemory(accepted: app)], revision: RevisionID(rawValue: "c0ffee"))
    let desired = ResolvedFormation(
      revision: nil, platform: Platform(catalog: Catalog()),
      apps: [ResolvedApp(app: app, content: nil)])
    let items = (1...4).map { log(.web, 1, $0) } + [log(.web, 2, 9)]
    let all = DiskCollection(
      memory: memory, observed: .complete(ObservedFormation()), desired: desired, mirrors: [],
      now: LoopTime(milliseconds: 0))
    #expect(
      all.decide(items).map(\.reason) == [.outlived, .outlived, .slotGone])
    let unknown = DiskCollection(
      memory: memory, observed: .complete(ObservedFormation()), desired: nil, mirrors: [],
      now: LoopTime(milliseconds: 0))
    #expect(unknown.decide(items).map(\.reason) == [.outlived, .outlived])
  }

  @Test func `an app that left with consent keeps its numbers, not its files`() {
    let scene = Scene()
    let app = scene.desiredApp()
    let release = Release(
      number: 1, content: scene.releaseContent("a", app),
      revision: RevisionID(rawValue: "c0ffee"), recordedAt: scene.now, summary: "")
    var memory = Memory(
      apps: [Scene.app: AppMemory(accepted: app, releases: [release])],
      revision: RevisionID(rawValue: "c0ffee"))
    let slug = StoredItem(.slug, release.content.slug.digest.rawValue, bytes: 1)
    func isCollected(_ desired: ResolvedFormation?) -> Bool {
      !DiskCollection(
        memory: memory, observed: .complete(ObservedFormation()), desired: desired, mirrors: [],
        now: LoopTime(milliseconds: 0)
      ).decide([slug]).isEmpty
    }
    let empty = ResolvedFormation(revision: nil, platform: Platform(catalog: Catalog()), apps: [])
    // Still in force: a hold may keep it running.
    #expect(!isCollected(empty))
    memory.apply(.forget(Scene.app), releasesKept: 10)
    #expect(isCollected(empty))
    #expect(!isCollected(nil))
  }
}
