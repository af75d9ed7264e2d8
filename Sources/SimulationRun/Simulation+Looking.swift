// What Muster gets to see: the repository and the machine, with the faults of whoever tells.

import FormationModel
import Looping
import SimulatedWorld

extension Simulation {
  /// Old lists that a runtime may still tell.
  static let snapshotsKept = 6

  /// Reads the branch, as a source does.
  mutating func read(_ inForce: RevisionID?) -> LoopEvent {
    let pushes = options.scenario.pushes
    guard !isSourceDown, let head = rewoundTo ?? pushed else {
      return failed("unreachable", "the remote does not answer")
    }
    let commit = pushes[head].commit
    // Most often the newest one, or the one before: long histories are not searched from the start.
    let known =
      pushes[...head].last { $0.commit.id == inForce }
      ?? pushes[head...].first { $0.commit.id == inForce }
    if commit.number < known?.commit.number ?? 0 {
      return failed("rewound", "the branch went back", commit.id)
    }
    if commit.apps.isEmpty, inForce == nil {
      return failed("no-apps", "the commit has no app", commit.id)
    }
    return .sourceRead(commit.resolved)
  }

  private func failed(_ code: String, _ message: String, _ id: RevisionID? = nil) -> LoopEvent {
    .sourceFailed(SourceFailure(code: code, message: message, fix: nil, revision: id))
  }

  /// Looks at the machine for Muster.
  mutating func look(for life: Int) {
    looks += 1
    let observation = observation().with(routing())
    agenda.add(.tell(life: life, .observed(observation)), at: now + latency())
  }

  /// The router is asked apart: what it says is of this moment, or it says nothing.
  private mutating func routing() -> ObservedRouting {
    guard options.hasRouter else { return .none }
    return strikes(.routerSilent)
      ? .unavailable(reason: "no answer") : machine.router.observed(at: wall)
  }

  private mutating func observation() -> Observation {
    let truth = Snapshot(time: now, formation: told)
    var formation = truth.formation
    formation.routing = machine.router.observed(at: wall)
    checkPlanner(formation)
    snapshots.append(truth)
    if snapshots.count > Self.snapshotsKept { snapshots.removeFirst() }
    ledger.lookedAt = now
    ledger.isLookStale = false
    if strikes(.observationUnavailable) { return .unavailable(reason: "no answer") }
    if isToldOld || strikes(.staleObservation) { return stale() }
    if strikes(.partialObservation) {
      let known = truth.formation.instances.filter { _ in chance.happens(perMille: 600) }
      var formation = truth.formation
      formation.instances = known
      formation.strangers = []
      return .partial(formation, missing: ["some instances"])
    }
    return .complete(truth.formation)
  }

  /// What the machine tells: of an instance whose record cannot be read, its name only.
  private var told: ObservedFormation {
    var formation = machine.observed
    guard !unread.isEmpty else { return formation }
    formation.instances.removeAll { unread.contains($0.id) }
    formation.unproven = unread.filter { machine.instances[$0] != nil }.sorted().map {
      UnprovenInstance($0, "\($0): no record", fix: "remove \($0) by hand")
    }
    return formation
  }

  /// Whether this is the look that the run is told to answer with an old list.
  private var isToldOld: Bool { phase == .faults && options.staleLook == looks }

  private mutating func stale() -> Observation {
    let old = isToldOld ? snapshots.first : chance.pick(Array(snapshots.dropLast()))
    guard let old else { return .complete(told) }
    ledger.lookedAt = old.time
    ledger.isLookStale = true
    return .complete(old.formation)
  }

  /// Remembers what Muster knows now, to judge its decisions by.
  mutating func note(_ event: LoopEvent) {
    switch event {
    case .sourceRead(let formation):
      ledger.isTold(formation)
      ledger.countSlots(memory)
    case .observed(let observation):
      ledger.seenAt = ledger.lookedAt
      ledger.isViewStale = ledger.isLookStale
      ledger.isRouterSeen = observation.hasRoutes
      if case .complete(let formation) = observation {
        ledger.hasSeen(formation, isStale: ledger.isViewStale)
        ledger.endConsents()
        ledger.countSlots(memory)
      }
    case .probed(let id, .healthy):
      ledger.healthy.insert(id)
      ledger.everHealthy.insert(id)
    case .effectEnded(let number, let outcome): noteEnd(number, outcome)
    case .sourceFailed:
      // What was told and never written down is gone with the source that told it.
      if ledger.asked?.revision?.id != memory.revision { ledger.asked = nil }
    case .woken, .runtimeChanged, .timerFired, .probed, .ordered, .memoryRead, .memoryUnreadable:
      break
    }
  }
}

extension Ledger {
  fileprivate mutating func isTold(_ formation: ResolvedFormation) {
    if removed.revision != formation.revision?.id {
      removed = RemovedSlots(revision: formation.revision?.id)
    }
    asked = formation
  }

  /// Consent is for what was missing when somebody gave it: what is asked for anew needs it anew.
  /// Muster withdraws it once it has planned for that.
  fileprivate mutating func endConsents() {
    for app in asked?.apps.map(\.app) ?? [] {
      consents.remove(app.name.rawValue)
      for process in app.processes { consents.remove("\(app.name)/\(process.type)") }
    }
  }

  fileprivate mutating func countSlots(_ memory: Memory) {
    var unseen = 0
    for (name, app) in memory.apps {
      for process in app.accepted?.processes ?? [] where process.quantity > 0 {
        unseen += (1...process.quantity).count { ordinal in
          !seenSlots.contains(SlotID(name, process.type, ordinal))
        }
      }
    }
    removed.running = max(removed.running, seenSlots.count + unseen)
  }

  fileprivate mutating func hasSeen(_ formation: ObservedFormation, isStale: Bool) {
    seenSlots = Set(formation.instances.map(\.id.slot))
    guard !surprises.isEmpty, !isStale else { return }
    // Of what nobody can read it is not seen that it ended.
    let staying =
      formation.instances.filter(\.isStaying).map(\.id.slot) + formation.unproven.map(\.id.slot)
    surprises = surprises.filter { slot in staying.count { $0 == slot } > 1 }
  }
}

extension Observation {
  /// Whether it says what the router does.
  fileprivate var hasRoutes: Bool {
    switch self {
    case .complete(let formation), .partial(let formation, _): formation.routing.table != nil
    case .unavailable: false
    }
  }
}

extension ObservedInstance {
  /// Whether it runs and nobody asked it to stop.
  var isStaying: Bool {
    switch phase {
    case .running, .unsupervised: true
    case .created, .stopping, .exited: false
    }
  }
}
