// What a runtime says about the world. An answer that is missing is never an empty list.

/// What a runtime could tell.
package enum Observation: Hashable, Codable, Sendable {
  /// Everything that is there. What is there and cannot be taken for an instance is in `unproven`.
  case complete(ObservedFormation)
  /// Something; what is missing may hold instances of any slot. Nothing is stopped or removed.
  case partial(ObservedFormation, missing: [String])
  /// Nothing, and why.
  case unavailable(reason: String)

  /// The same, with what the router says of itself.
  package func with(_ routing: ObservedRouting) -> Observation {
    switch self {
    case .complete(var formation):
      formation.routing = routing
      return .complete(formation)
    case .partial(var formation, let missing):
      formation.routing = routing
      return .partial(formation, missing: missing)
    case .unavailable: return self
    }
  }
}

/// What runs, as one runtime tells it.
package struct ObservedFormation: Hashable, Codable, Sendable {
  /// Every instance of this controller, sorted by id; exited ones are tombstones.
  package var instances: [ObservedInstance]
  /// Digests of slugs that lie ready.
  package var slugs: Set<ContentDigest>
  /// Digests of stacks that lie ready.
  package var stacks: Set<ContentDigest>
  /// What says that it fills a slot and cannot prove it, sorted by id; reported, never touched, and
  /// nothing is started in that slot.
  package var unproven: [UnprovenInstance]
  /// What says nothing of a slot of ours; reported, never touched.
  package var strangers: [String]
  /// What the router says of itself.
  package var routing = ObservedRouting.none
  /// How little is free on the disk; nil: enough.
  package var shortage: DiskShortage?
  /// The memory of the machine, in bytes; nil when nobody tells.
  package var memoryBytes: Int64?

  /// Makes an observation's content.
  package init(
    instances: [ObservedInstance] = [], slugs: Set<ContentDigest> = [],
    stacks: Set<ContentDigest> = [], unproven: [UnprovenInstance] = [], strangers: [String] = []
  ) {
    // Places are sorted, not instances: those are large, and sorting copies them again and again.
    let order = instances.indices.sorted { instances[$0].id < instances[$1].id }
    self.instances = order.map { instances[$0] }
    self.slugs = slugs
    self.stacks = stacks
    self.unproven = unproven.sorted { $0.id < $1.id }
    self.strangers = strangers
  }
}

/// Something that says it is an instance of this controller and cannot prove it: a record that
/// cannot be read, a container whose record is gone. It may run, so its slot is not started beside
/// it; it may be somebody else's, so it is not touched.
package struct UnprovenInstance: Hashable, Codable, Sendable {
  /// Who it says it is.
  package let id: InstanceID
  /// Where it lies and what is wrong with it, for people, in one line.
  package let story: String
  /// How somebody sees to it, for people.
  package let fix: String

  /// Makes an entry.
  package init(_ id: InstanceID, _ story: String, fix: String) {
    self.id = id
    self.story = story
    self.fix = fix
  }
}

/// One instance as a runtime tells it.
package struct ObservedInstance: Hashable, Codable, Sendable {
  /// Who it is.
  package var id: InstanceID
  /// Where it stands; only ever moves forward.
  package var phase: InstancePhase
  /// What it was started with; nil when its record holds a form this version cannot read.
  @Boxed package var form: InstanceForm?
  /// How many attempts in a row before it died early.
  package var crashes: Int
  /// When its process started; nil when it never did.
  package var startedAt: LoopTime?
  /// Where its ports can be reached; nil without a network.
  package var endpoint: Endpoint?
  /// The machine it runs on; nil on a single machine.
  package var node: String?
  /// Whether it runs and the kernel has ended a part of it for its memory.
  package var hasRunOutOfMemory: Bool
  /// Whether whoever it is connected to still holds the other end; nil for one without a session.
  package var isAttended: Bool?

  /// Makes an observed instance.
  package init(
    id: InstanceID, phase: InstancePhase, form: InstanceForm?, crashes: Int = 0,
    startedAt: LoopTime? = nil, endpoint: Endpoint? = nil, node: String? = nil,
    hasRunOutOfMemory: Bool = false, isAttended: Bool? = nil
  ) {
    self.id = id
    self.phase = phase
    self.form = form
    self.crashes = crashes
    self.startedAt = startedAt
    self.endpoint = endpoint
    self.node = node
    self.hasRunOutOfMemory = hasRunOutOfMemory
    self.isAttended = isAttended
  }
}

/// An address on which a dyno can be reached from this machine.
package struct Endpoint: Hashable, Codable, Sendable {
  /// An IP address.
  package let address: String
  /// The port that `$PORT` names.
  package let port: Int

  /// Makes an endpoint.
  package init(address: String, port: Int) {
    self.address = address
    self.port = port
  }
}

/// Where an instance stands. Phases only move forward, in this order.
package enum InstancePhase: Hashable, Codable, Sendable {
  /// Its record exists, its container was never started: to be removed, never to be started.
  case created
  /// Its process runs.
  case running
  /// SIGTERM was sent; SIGKILL is due at the given time.
  case stopping(killAt: LoopTime)
  /// Its process is gone; `voluntary` when Muster stopped it.
  case exited(InstanceExit)
  /// Runs, but nobody watches it: its monitor died. It is replaced; its exit code will be unknown.
  case unsupervised
}

/// How an instance ended.
package struct InstanceExit: Hashable, Codable, Sendable {
  /// The exit code, 128 + n for signal n; nil when nobody saw it.
  package let code: Int?
  /// When; the best knowledge there is.
  package let at: LoopTime
  /// Whether Muster had asked it to stop.
  package let requested: Bool
  /// Whether the kernel killed it for its memory.
  package let outOfMemory: Bool

  /// Makes an exit.
  package init(code: Int?, at: LoopTime, requested: Bool, outOfMemory: Bool = false) {
    self.code = code
    self.at = at
    self.requested = requested
    self.outOfMemory = outOfMemory
  }
}
