// The world as it would be if a commit had converged: what `diff` compares the next commit with, so
// that a review takes the same path through the planner as the machine will.

import FormationModel
import Planning

/// Memory, observation and health of a formation that runs and is well.
struct ConvergedWorld {
  private(set) var memory = Memory()
  private(set) var observed = ObservedFormation()
  private(set) var context: PlanningContext

  /// The world of that formation; apps that could not run (not valid, held, unresolved) do not.
  init(_ formation: ResolvedFormation) {
    context = PlanningContext(
      now: LoopTime(milliseconds: 0), catalog: formation.platform.catalog)
    let revision = formation.revision?.id ?? RevisionID(rawValue: "")
    memory.revision = revision
    memory.platform = formation.platform
    for resolved in formation.apps where resolved.app.canRun {
      guard let content = resolved.content else { continue }
      add(
        resolved.app, content, formation.revision(of: resolved.app.source) ?? revision,
        formation.platform.catalog)
    }
  }

  /// Both sides' content counts as ready: a review is about what changes, not about preparation.
  mutating func prepare(_ formation: ResolvedFormation) {
    context.catalog = formation.platform.catalog
    for content in formation.apps.compactMap(\.content) {
      observed.slugs.insert(content.slug.digest)
      observed.stacks.insert(content.stack.digest)
    }
  }

  private mutating func add(
    _ app: DesiredApp, _ content: ReleaseContent, _ revision: RevisionID, _ catalog: Catalog
  ) {
    let release = Release(
      number: 1, content: content, revision: revision, recordedAt: context.now, summary: "")
    var attempts: [SlotID: Int] = [:]
    var quantities: [ProcessType: Int] = [:]
    for process in app.processes where process.type != .release {
      quantities[process.type] = process.quantity
      guard let size = catalog.dynoTypes[process.size] else { continue }
      for ordinal in 1...max(1, process.quantity) where ordinal <= process.quantity {
        let slot = SlotID(app.name, process.type, ordinal)
        attempts[slot] = 1
        run(slot, InstanceForm(content: content, process: process, size: size))
      }
    }
    for entry in app.config where entry.source == .generated {
      memory.secrets.insert(SecretID(app: app.name, key: entry.key))
    }
    memory.apps[app.name] = AppMemory(
      accepted: app, acceptedRevision: revision, releases: [release], attempts: attempts,
      convergence: Convergence(
        release: 1, revision: revision, attempts: attempts, quantities: quantities))
  }

  private mutating func run(_ slot: SlotID, _ form: InstanceForm) {
    let id = InstanceID(slot: slot, release: 1, attempt: 1)
    let started = LoopTime(milliseconds: context.now.milliseconds - 3_600_000)
    observed.instances.append(
      ObservedInstance(id: id, phase: .running, form: form, startedAt: started))
    observed.instances.sort { $0.id < $1.id }
    var health = HealthRecord()
    health.successes = 2
    health.last = .healthy
    health.checkedAt = context.now
    health.hasBeenHealthy = true
    context.health[id] = health
  }
}

extension DesiredApp {
  /// Whether this version would run it at all.
  var canRun: Bool {
    unsupported.isEmpty && missingConfig.isEmpty && suspension != .everything
  }
}
