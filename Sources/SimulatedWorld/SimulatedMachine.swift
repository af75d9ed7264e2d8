// A machine with containers, as a value: the truth that `--runtime simulated` and the simulator act
// on. Time comes in as values; it decides nothing and knows no faults of Muster's.

package import FormationModel

/// A simulated machine: instances, slugs and stacks.
package struct SimulatedMachine: Hashable, Sendable {
  /// Every instance of this controller, exited ones too.
  package internal(set) var instances: [InstanceID: SimulatedInstance] = [:]
  /// Instances that were removed, newest last: their output is kept for a while.
  package internal(set) var departed: [SimulatedInstance] = []
  /// Slugs that lie ready.
  package internal(set) var slugs: Set<ContentDigest> = []
  /// Stacks that lie ready.
  package internal(set) var stacks: Set<ContentDigest> = []
  /// Containers of somebody else, by name: look-alikes of ours, or not.
  package var strangers: Set<String> = []
  /// Its router.
  package var router = SimulatedRouter()
  /// The number that the next instance gets.
  var nextNumber = 0

  /// Removed instances whose output is kept.
  static let departedKept = 200

  /// Makes an empty machine.
  package init() {}

  /// What the machine would tell of everything that it holds for this controller.
  package var observed: ObservedFormation {
    var formation = ObservedFormation(
      instances: instances.values.map(\.observed), slugs: slugs, stacks: stacks)
    formation.memoryBytes = Self.memoryBytes
    return formation
  }

  /// Lets time go by: whoever's end has come ends. Returns who ended, sorted.
  package mutating func advance(to now: LoopTime) -> [InstanceID] {
    let ended = instances.values.filter { $0.end.map { $0 <= now } ?? false }.map(\.id).sorted()
    for id in ended { _ = instances[id]?.advance(to: now) }
    return ended
  }

  /// Whether numbers and times are within reach: what a file says may be anything.
  var isPlausible: Bool {
    (0..<(1 << 50)).contains(nextNumber)
      && (departed + instances.values).allSatisfy(\.isPlausible)
  }

  /// When the next instance ends by itself; nil when none will.
  package var nextEnd: LoopTime? { instances.values.compactMap(\.end).min() }
}

extension SimulatedMachine: Codable {
  private enum CodingKeys: String, CodingKey {
    case instances, departed, slugs, stacks, strangers, nextNumber, router
  }

  /// Reads what `encode(to:)` wrote.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let listed = try container.decode([SimulatedInstance].self, forKey: .instances)
    instances = Dictionary(listed.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    departed = try container.decode([SimulatedInstance].self, forKey: .departed)
    slugs = Set(try container.decode([ContentDigest].self, forKey: .slugs))
    stacks = Set(try container.decode([ContentDigest].self, forKey: .stacks))
    strangers = Set(try container.decode([String].self, forKey: .strangers))
    nextNumber = try container.decode(Int.self, forKey: .nextNumber)
    // A world of a version without a router has one that does not run.
    router = try container.decodeIfPresent(SimulatedRouter.self, forKey: .router) ?? router
  }

  /// Writes everything as sorted lists: equal machines give equal bytes.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(instances.values.sorted { $0.id < $1.id }, forKey: .instances)
    try container.encode(departed, forKey: .departed)
    try container.encode(slugs.sorted(), forKey: .slugs)
    try container.encode(stacks.sorted(), forKey: .stacks)
    try container.encode(strangers.sorted(), forKey: .strangers)
    try container.encode(nextNumber, forKey: .nextNumber)
    try container.encode(router, forKey: .router)
  }
}
