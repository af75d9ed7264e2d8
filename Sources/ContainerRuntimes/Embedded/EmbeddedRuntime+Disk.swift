// What this runtime keeps on the disk, and removing pieces of it. What may go is decided elsewhere;
// here only what a record names is protected, whatever was decided.

import ChildProcesses
package import FormationModel
import Glibc

extension EmbeddedRuntime {
  /// Root file systems, slugs, writable files, output, and what was left half done.
  package func inventory() async throws(EffectFailure) -> [StoredItem] {
    let result = await reads.run {
      Result { () throws(EffectFailure) in try self.listed() }
    }
    return try result.get()
  }

  private func listed() throws(EffectFailure) -> [StoredItem] {
    var items: [StoredItem] = []
    for (kind, store) in [(StoredKind.stack, stacks.content), (StoredKind.slug, slugs.content)] {
      for digest in try store.digests().sorted() {
        items.append(StoredItem(kind, digest.rawValue, bytes: Files.used(by: store.folder(digest))))
      }
    }
    for name in try Files.names(in: places.instances) ?? [] where !name.hasPrefix(".") {
      let folder = InstanceFolder(name: name, in: places)
      var instance: InstanceID?
      if case .found(let record) = folder.read() { instance = record.id }
      items.append(
        StoredItem(.writable, name, instance: instance, bytes: Files.used(by: folder.path)))
    }
    items += try logs.inventory()
    for folder in [places.stacks, places.slugs, places.instances] {
      for name in try Files.names(in: folder) ?? [] where Leftovers.isLeftover(name) {
        let path = "\(folder)/\(name)"
        let short = String(path.dropFirst(places.state.count + 1))
        items.append(StoredItem(.leftover, short, bytes: Files.used(by: path)))
      }
    }
    return items.sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
  }

  /// Removes one piece.
  package func discard(_ item: StoredItem) async -> Outcome {
    if item.kind == .writable, let id = item.instance { return await remove(id) }
    return await effects.run {
      Outcome { () throws(EffectFailure) in
        switch item.kind {
        case .stack, .slug: try self.discardContent(item)
        case .log: try self.discardLog(item)
        case .leftover: try self.discardLeftover(item)
        case .writable, .mirror, .database, .secret, .reserve, .other: throw item.notRemovable
        }
      }
    }
  }

  private func discardContent(_ item: StoredItem) throws(EffectFailure) {
    let digest = ContentDigest(rawValue: item.name)
    let (records, unreadable) = try scan()
    let isNamed = records.contains { $0.form.slug == digest || $0.form.stackDigest == digest }
    // A record that cannot be read may name it.
    guard !isNamed, unreadable.isEmpty else { throw item.inUse }
    try (item.kind == .stack ? stacks.content : slugs.content).discard(digest)
  }

  private func discardLog(_ item: StoredItem) throws(EffectFailure) {
    guard let id = item.instance else { throw item.notRemovable }
    guard !Files.exists(InstanceFolder(id, in: places).path) else { throw item.inUse }
    try logs.remove(id)
  }

  private func discardLeftover(_ item: StoredItem) throws(EffectFailure) {
    let parts = item.name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, ["stacks", "slugs", "instances"].contains(parts[0]),
      Leftovers.isLeftover(String(parts[1]))
    else { throw item.notRemovable }
    try Files.removeTree("\(places.state)/\(item.name)")
  }
}

extension StoredItem {
  /// Something needs it.
  var inUse: EffectFailure {
    EffectFailure("in-use", "\(kind.rawValue) \(name) is in use", retry: .afterObserving)
  }

  /// It is never removed.
  var notRemovable: EffectFailure {
    EffectFailure(
      "not-removable", "\(kind.rawValue) \(name) is not removed", retry: .withNewContent)
  }
}
