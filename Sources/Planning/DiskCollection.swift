// What may be removed from the disk because nothing that is kept needs it. A piece goes only for
// one of the reasons below; whatever is not known stays.

package import FormationModel

/// Why a piece may go.
package enum CollectionReason: Hashable, Sendable {
  /// No release that is kept, no dyno and no commit in force names it.
  case unreferenced
  /// A newer instance of its slot runs.
  case superseded(by: InstanceID)
  /// Its slot is gone, and so is its instance.
  case slotGone
  /// Newer instances of its slot were removed since.
  case outlived
  /// An interrupted preparation or removal left it.
  case unfinished
  /// No repository in use has it as its mirror.
  case repositoryUnused
}

/// A piece that may go.
package struct CollectedItem: Hashable, Sendable {
  /// The piece.
  package let item: StoredItem
  /// Why.
  package let reason: CollectionReason

  /// Makes an entry.
  package init(_ item: StoredItem, _ reason: CollectionReason) {
    self.item = item
    self.reason = reason
  }
}

/// Decides what goes.
package struct DiskCollection: Sendable {
  private let memory: Memory
  private let desired: ResolvedFormation?
  /// Instances by slot; nil when not everything could be seen.
  private let instances: [SlotID: [ObservedInstance]]?
  private let digests: Set<ContentDigest>
  private let mirrors: Set<String>
  private let limits: Limits

  /// Gathers what things are needed for. `desired` is nil when the repository could not be taken;
  /// `mirrors` are the names of those in use.
  package init(
    memory: Memory, observed: Observation, desired: ResolvedFormation?, mirrors: Set<String>,
    now: LoopTime, limits: Limits = Limits()
  ) {
    self.memory = memory
    self.desired = desired
    self.mirrors = mirrors
    self.limits = limits
    var needed: Set<ContentDigest> = []
    func need(_ content: ReleaseContent?) {
      guard let content else { return }
      needed.formUnion([content.slug.digest, content.stack.digest])
    }
    var seen: [ObservedInstance]?
    if case .complete(let world) = observed, world.unproven.isEmpty, world.strangers.isEmpty,
      world.instances.allSatisfy({ $0.form != nil })
    {
      seen = world.instances
    }
    instances = seen.map { Dictionary(grouping: $0, by: \.id.slot) }
    for form in (seen ?? []).compactMap(\.form) {
      needed.formUnion([form.slug, form.stackDigest])
    }
    let running = Set((seen ?? []).compactMap(\.id.slot.app))
    let span = memory.platform?.quarantine ?? Quarantine.usualSpan
    for (name, app) in memory.apps {
      // What `undo` brings back has to be there.
      if app.departure(now, span: span) != nil { need(app.currentRelease?.content) }
      let isWanted =
        desired.map { desired in
          desired.apps.contains { $0.name == name }
            || desired.rejected.contains { $0.name == name }
        } ?? true
      // An app that left git with consent keeps its numbers, not its files.
      guard app.isAccepted || isWanted || running.contains(name) else { continue }
      for release in app.releases { need(release.content) }
    }
    for app in desired?.apps ?? [] { need(app.content) }
    digests = needed
  }

  /// The pieces that may go, in the order given.
  package func decide(_ inventory: [StoredItem]) -> [CollectedItem] {
    let logs = Dictionary(grouping: inventory.filter { $0.kind == .log }, by: \.instance?.slot)
    return inventory.compactMap { item in
      reason(item, logs).map { CollectedItem(item, $0) }
    }
  }

  /// Commits that a mirror must not lose: those that kept releases and formations come from.
  package static func revisions(in memory: Memory) -> Set<RevisionID> {
    var revisions = Set([memory.revision].compactMap { $0 }).union(memory.sources.values)
    for (_, app) in memory.apps {
      revisions.formUnion([app.acceptedRevision, app.convergence?.revision].compactMap { $0 })
      revisions.formUnion(app.releases.flatMap { [$0.revision, $0.content.slug.revision] })
    }
    return revisions
  }

  /// Other repositories whose mirrors are needed: those that apps in force, kept releases, and the
  /// formation asked for come from.
  package static func repositories(
    in memory: Memory, _ desired: ResolvedFormation?
  ) -> Set<String> {
    var repositories = Set(memory.sources.keys.compactMap(\.repository))
    for (_, app) in memory.apps {
      repositories.formUnion([app.accepted?.source?.repository].compactMap { $0 })
      repositories.formUnion(app.releases.compactMap(\.content.slug.repository))
    }
    return repositories.union((desired?.sources ?? []).compactMap(\.source.repository))
  }

  /// Why a piece may go; nil when it stays.
  private func reason(
    _ item: StoredItem, _ logs: [SlotID?: [StoredItem]]
  ) -> CollectionReason? {
    if item.kind == .leftover { return .unfinished }
    // Without a revision nothing was ever taken over, or the memory of it is lost: what lies there
    // may be all that is left.
    guard memory.revision != nil else { return nil }
    switch item.kind {
    case .mirror: return mirrors.contains(item.name) ? nil : .repositoryUnused
    case .stack, .slug:
      let isNeeded = digests.contains(ContentDigest(rawValue: item.name))
      return instances == nil || isNeeded ? nil : .unreferenced
    case .writable: return item.instance.flatMap(successor).map { .superseded(by: $0) }
    case .log: return item.instance.flatMap { reason(forLogOf: $0, logs) }
    case .database, .secret, .reserve, .leftover, .other: return nil
    }
  }

  /// The newer instance of the slot that runs, when the given one has ended.
  private func successor(of id: InstanceID) -> InstanceID? {
    let inSlot = instances?[id.slot] ?? []
    guard id.kind == .dyno, let own = inSlot.first(where: { $0.id == id }), !own.isLive else {
      return nil
    }
    return inSlot.first { $0.id.attempt > id.attempt && $0.phase == .running }?.id
  }

  private func reason(
    forLogOf id: InstanceID, _ logs: [SlotID?: [StoredItem]]
  ) -> CollectionReason? {
    guard let instances else { return nil }
    let inSlot = instances[id.slot] ?? []
    if inSlot.contains(where: { $0.id == id }) { return nil }
    guard !inSlot.isEmpty || isWanted(id.slot) else { return .slotGone }
    let newer = (logs[id.slot] ?? []).compactMap(\.instance).filter { other in
      other.kind == id.kind && id < other && !inSlot.contains { $0.id == other }
    }
    let kept = id.kind == .release ? limits.releaseLogs : limits.previousLogs
    return newer.count >= kept ? .outlived : nil
  }

  /// Whether a formation in force, or the commit, has the slot. What cannot be known counts as
  /// wanted.
  private func isWanted(_ slot: SlotID) -> Bool {
    guard case .app(let name) = slot.owner, let desired else { return true }
    // Of what ran once nothing comes after it.
    if slot == .postdeploy(of: name), memory.apps[name]?.isAccepted == true { return true }
    if slot.process == .run, let app = memory.apps[name], app.isAccepted {
      return slot.ordinal > app.oneOffs.last - OneOffs.endedKept
    }
    let apps = [memory.apps[name]?.accepted, desired.apps.first { $0.name == name }?.app]
    return desired.rejected.contains { $0.name == name }
      || apps.contains { app in
        guard let process = app?.process(slot.process) else { return false }
        return process.type == .release || process.quantity >= slot.ordinal
      }
  }
}
