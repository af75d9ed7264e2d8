// What simulated dynos use, by their behaviour, and what a simulated machine keeps. Nothing of it
// takes space.

package import FormationModel

extension SimulatedMachine {
  private static let cores = 4
  static let memoryBytes: Int64 = 16 << 30

  /// What every running instance uses at that time.
  package func sample(at now: LoopTime) -> MachineSample {
    var samples: [InstanceID: InstanceSample] = [:]
    for instance in instances.values {
      if let sample = instance.sample(at: now) { samples[instance.id] = sample }
    }
    let used = samples.values.reduce(0) { $0 + $1.memory.total }
    return MachineSample(
      instant: .milliseconds(now.milliseconds),
      machine: MachineCapacity(
        cores: Self.cores, memoryBytes: Self.memoryBytes,
        availableBytes: max(0, Self.memoryBytes - used)),
      instances: samples)
  }

  /// Everything that it keeps, sorted by kind and name.
  package var inventory: [StoredItem] {
    let here = instances.values.map(\.id)
    let items =
      stacks.map { StoredItem(.stack, $0.rawValue, bytes: 0) }
      + slugs.map { StoredItem(.slug, $0.rawValue, bytes: 0) }
      + here.map { StoredItem(.writable, "\($0)", instance: $0, bytes: 0) }
      + (here + departed.map(\.id)).map { StoredItem(.log, "\($0)", instance: $0, bytes: 0) }
    return items.sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
  }

  /// Removes one piece; refuses what an instance was started with, and what runs.
  package mutating func discard(_ item: StoredItem) -> Outcome {
    let digest = ContentDigest(rawValue: item.name)
    let isNamed = instances.values.contains {
      $0.form.slug == digest || $0.form.stackDigest == digest
    }
    switch item.kind {
    case .stack, .slug:
      if isNamed { return .failed(Self.inUse(item)) }
      if item.kind == .stack { stacks.remove(digest) } else { slugs.remove(digest) }
    case .writable: return item.instance.map { remove($0) } ?? .failed(Self.notRemovable(item))
    case .log:
      guard let id = item.instance else { return .failed(Self.notRemovable(item)) }
      if instances[id] != nil { return .failed(Self.inUse(item)) }
      departed.removeAll { $0.id == id }
    case .mirror, .database, .secret, .reserve, .leftover, .other:
      return .failed(Self.notRemovable(item))
    }
    return .done
  }

  private static func inUse(_ item: StoredItem) -> EffectFailure {
    EffectFailure(
      "in-use", "\(item.kind.rawValue) \(item.name) is in use", retry: .afterObserving)
  }

  private static func notRemovable(_ item: StoredItem) -> EffectFailure {
    EffectFailure(
      "not-removable", "\(item.kind.rawValue) \(item.name) is not removed", retry: .withNewContent)
  }
}

extension SimulatedInstance {
  fileprivate func sample(at now: LoopTime) -> InstanceSample? {
    guard isAlive, let startedAt else { return nil }
    let life = max(0, (now - startedAt).inMilliseconds)
    return InstanceSample(
      memory: MemoryUse(rss: min(behaviour.memoryBytes ?? 32 << 20, form.memoryBytes)),
      cpuTime: .milliseconds(life * (behaviour.cpuPercent ?? 1) / 100), throttledTime: .zero,
      processes: 1, tasks: 1, taskLimit: nil, pressure: nil,
      hasRunOutOfMemory: isStarved == true)
  }
}
