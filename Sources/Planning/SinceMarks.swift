// What memory has to note of since when things are as they are. Only what changed is written, so a
// pass that finds everything as it was writes nothing.

import FormationModel

/// The since-times after a plan, against those that memory has.
struct SinceMarks {
  let plan: Plan
  /// Whether the repository could be taken: without it holds of apps are not known.
  let knowsSource: Bool
  let memory: Memory
  let context: PlanningContext
  private var marks: [SinceSubject: Since]
  /// The slots that memory has as crashing, by app: most plans have thousands of apps and none.
  private let crashing: [AppName?: [SlotID]]

  init(_ plan: Plan, knowsSource: Bool, memory: Memory, context: PlanningContext) {
    self.plan = plan
    self.knowsSource = knowsSource
    self.memory = memory
    self.context = context
    marks = memory.since
    crashing = Dictionary(grouping: memory.since.keys.compactMap(\.crashingSlot), by: \.app)
  }

  /// What has to be written, in a fixed order.
  mutating func changes() -> [MemoryChange] {
    for part in plan.apps where isActedOn(part.app) {
      mark(.sync(part.app), part.sync.state)
      if let health = health(of: part) { mark(.health(part.app), health) }
      // Of a suspended app nothing is judged: who was crashing is noted as it was.
      if part.health.value != .suspended { markCrashes(part) }
    }
    if knowsSource { forgetApps() }
    markHolds()
    guard marks != memory.since else { return [] }
    let subjects = Set(marks.keys).union(memory.since.keys)
    return subjects.filter { marks[$0] != memory.since[$0] }.sorted().map { subject in
      marks[subject].map { .mark(subject, $0) } ?? .unmark(subject)
    }
  }

  private func isActedOn(_ app: AppName) -> Bool { context.only?.contains(app) ?? true }

  private mutating func mark(_ subject: SinceSubject, _ state: String, at: LoopTime? = nil) {
    guard marks[subject]?.state != state else { return }
    marks[subject] = Since(state, at: at ?? context.now)
  }

  /// The state to note; nil keeps what is noted. A dyno that starts once more between two crashes
  /// is not well again, and after a restart of Muster healths are unknown, not worse.
  private func health(of part: AppPlan) -> String? {
    guard part.health.value == .progressing else { return part.health.state }
    if marks[.health(part.app)]?.state.hasPrefix("Degraded/") == true { return nil }
    let onlyAsks = part.waits.allSatisfy { wait in
      if case .boot = wait.cause { wait.until == nil } else { false }
    }
    return onlyAsks && part.changes.isEmpty ? nil : part.health.state
  }

  private mutating func markCrashes(_ part: AppPlan) {
    for dyno in part.dynos where dyno.state == .crashed {
      let subject = SinceSubject.crashes(dyno.slot)
      // Nobody may have looked while the life before was long enough to begin anew.
      if dyno.crashes == 1, let exit = dyno.exit, marks[subject]?.at != exit.at {
        marks[subject] = nil
      }
      mark(subject, "crashing", at: dyno.exit?.at)
    }
    guard let crashing = crashing[part.app] else { return }
    let standings = Dictionary(
      part.dynos.map { ($0.slot, $0) }, uniquingKeysWith: { first, _ in first })
    for slot in crashing {
      guard let dyno = standings[slot], mayCrashAgain(dyno) else {
        marks[.crashes(slot)] = nil
        continue
      }
    }
  }

  /// Whether the next death of the dyno would count on from those before.
  private func mayCrashAgain(_ dyno: DynoStanding) -> Bool {
    switch dyno.state {
    case .crashed: true
    case .starting: dyno.crashes > 0
    case .up:
      dyno.crashes > 0 && dyno.slot.process != .web
        && dyno.since.map { (.zero..<Backoff.firstDelay).contains(context.now - $0) } ?? false
    case .down: false
    }
  }

  /// What nobody plans any more has no state.
  private mutating func forgetApps() {
    let planned = Set(plan.apps.map(\.app))
    let forgotten = memory.since.keys.filter { subject in
      guard let app = subject.app, isActedOn(app) else { return false }
      return !planned.contains(app)
    }
    for subject in forgotten.sorted() { marks[subject] = nil }
  }

  private mutating func markHolds() {
    let held = Set(plan.holds.map(\.id))
    for hold in held.sorted() { mark(.hold(hold), "held") }
    guard knowsSource, context.only == nil else { return }
    let freed = memory.since.keys.filter { subject in
      if case .hold(let hold) = subject { !held.contains(hold) } else { false }
    }
    for subject in freed.sorted() { marks[subject] = nil }
  }
}

extension SinceSubject {
  /// The app whose state it is; nil for a hold, which goes by its own name.
  fileprivate var app: AppName? {
    switch self {
    case .sync(let app), .health(let app): app
    case .crashes(let slot): slot.app
    case .hold: nil
    }
  }

  /// The slot that is crashing; nil for any other state.
  fileprivate var crashingSlot: SlotID? {
    if case .crashes(let slot) = self { slot } else { nil }
  }
}

extension SyncStatus {
  /// As memory names it: `OutOfSync/Held`.
  package var state: String { "\(value.rawValue)/\(reason.rawValue)" }
}

extension HealthStatus {
  /// As memory names it: `Degraded/Crashing`.
  package var state: String { "\(value.rawValue)/\(reason.rawValue)" }
}
