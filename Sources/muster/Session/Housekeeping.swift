// Frees what nothing kept needs. What goes is decided by Planning/DiskCollection.swift; here it is
// only looked up, removed and counted. Whoever calls holds the lock.

import ControlLoop
import Effects
import FormationModel
import GitSource
import Planning
import Review
import StateStore

/// Frees space of one platform.
struct Housekeeping {
  let seams: LoopSeams
  let memory: Memory
  let keepers: [any DiskKeeping]
  let mirrors: GitMirrors
  /// The repository of the platform, as it is bound.
  let repository: String
  let state: StateFolder
  /// Whether no loop is at work meanwhile. If one is, what looks half done may be what it is doing,
  /// and a mirror may be fetched into.
  let isAlone: Bool
  /// Whether space is set aside for a full disk again afterwards.
  let holdsReserve: Bool

  /// Removes what may go, or only says what would.
  func collect(isDry: Bool) async throws -> CollectionReport {
    if !isDry, try state.space().free < Reserve.bytes { try state.reserve.release() }
    // What lies there before what it is for: what comes meanwhile is not in the list.
    var inventories: [(keeper: any DiskKeeping, items: [StoredItem])] = []
    for keeper in keepers { inventories.append((keeper, try await keeper.inventory())) }
    let desired = await desired()
    let mirrorsInUse = mirrorsInUse(desired)
    let collection = DiskCollection(
      memory: memory, observed: await seams.runtime.observe(), desired: desired,
      mirrors: mirrorsInUse, now: WallClock.now())
    var entries: [CollectionReport.Entry] = []
    for collected in collection.decide(inventories.flatMap(\.items))
    where isAlone || collected.reason != .unfinished {
      let keeper = inventories.first { $0.items.contains(collected.item) }?.keeper
      let outcome = isDry ? nil : await keeper?.discard(collected.item)
      entries.append(CollectionReport.Entry(collected, outcome))
    }
    // A full disk that stays full has none to set aside, and says so in `usage`.
    if holdsReserve, !isDry { try? state.reserve.hold() }
    let packings = try await pack(mirrorsInUse, isDry: isDry)
    return CollectionReport(
      isDry: isDry, entries: entries, packings: packings, space: try state.space())
  }

  /// What the commit asks for; nil when it cannot be told now. On a full disk it is not asked: a
  /// fetch would take the space that was just given back.
  private func desired() async -> ResolvedFormation? {
    guard let space = try? state.space(), space.free > Reserve.bytes,
      case .formation(let sourced) = await seams.source.read(
        inForce: RevisionsInForce(
          platform: memory.revision, sources: memory.sources, confirmed: memory.confirmed))
    else { return nil }
    var resolver = FormationResolver(digests: seams.digests, stacks: seams.stacks)
    return await resolver.resolve(sourced)
  }

  private func mirrorsInUse(_ desired: ResolvedFormation?) -> Set<String> {
    let others = DiskCollection.repositories(in: memory, desired)
    return Composition.mirrors(of: others.union([repository]))
  }

  private func pack(
    _ mirrorsInUse: Set<String>, isDry: Bool
  ) async throws -> [CollectionReport.Packing] {
    var packings: [CollectionReport.Packing] = []
    let revisions = DiskCollection.revisions(in: memory)
    for name in mirrorsInUse.sorted() where isAlone {
      if isDry {
        guard mirrors.isLoose(name) else { continue }
        packings.append(CollectionReport.Packing(mirror: name, freed: nil, skipped: nil))
        continue
      }
      let free = try state.space().free
      switch await mirrors.pack(name, keeping: revisions, free: free) {
      case .nothingToDo: continue
      case .freed(let bytes):
        packings.append(CollectionReport.Packing(mirror: name, freed: bytes, skipped: nil))
      case .skipped(let why):
        packings.append(CollectionReport.Packing(mirror: name, freed: nil, skipped: why))
      }
    }
    return packings
  }
}
