// The command of a release: begun once, whatever crashes, and never again by itself. Nothing of the
// release starts before the command has ended with 0.

import FormationModel

/// Plans the release commands of one app.
struct ReleaseCommandPlanner {
  /// Heroku's limit.
  static let usualTimeout = Duration.seconds(3_600)

  let app: AppName
  let memory: AppMemory
  /// Everything of the app that was seen.
  let instances: [ObservedInstance]
  let isComplete: Bool
  let timeout: Duration
  let context: PlanningContext

  private var slot: SlotID { .release(of: app) }

  private var ownInstances: [ObservedInstance] {
    instances.filter { $0.id.kind == .release }.sorted { $0.id < $1.id }
  }

  /// Whether the goal's release has a command that has to run first. Content that a team did not
  /// change (another version of a secret), and content that was gone back to, does without.
  func isDue(_ goal: Goal) -> Bool {
    guard goal.content.releaseCommand != nil, !goal.isRecorded, !goal.isReturn,
      known(goal)?.phase != .succeeded
    else { return false }
    guard let current = memory.currentRelease else { return !isServed(goal.content) }
    return !current.content.isSameByHand(as: goal.content)
  }

  /// The goal's release, when it is recorded and not live.
  func known(_ goal: Goal) -> Release? {
    memory.releases.first { $0.number == goal.number && $0.content == goal.content }
  }

  /// Whether dynos run the content: after a loss of memory they prove that its command succeeded.
  private func isServed(_ content: ReleaseContent) -> Bool {
    instances.contains { $0.id.kind == .dyno && $0.form?.release == content.digest }
  }

  // MARK: - What has begun

  /// Follows the commands that have begun, of whatever release, to their ends, and removes what is
  /// left of them.
  func follow(_ part: inout AppPlan) {
    var kept: Set<InstanceID> = []
    for release in memory.releases {
      guard let attempt = release.phase?.openAttempt else { continue }
      let id = InstanceID.release(release.number, of: app, attempt: attempt)
      kept.insert(id)
      follow(id, release, &part)
    }
    for instance in ownInstances where !kept.contains(instance.id) {
      OnceCommand.sweep(instance, of: app, context, &part)
    }
  }

  private func follow(_ id: InstanceID, _ release: Release, _ part: inout AppPlan) {
    guard let phase = release.phase else { return }
    OnceCommand(
      app: app, id: id, content: release.content, phase: phase, timeout: timeout,
      instances: ownInstances, isComplete: isComplete, context: context
    ) { .phase(app, release: release.number, $0, context.now) }.follow(&part)
  }

  // MARK: - What is to begin

  /// Adds what has to happen until the goal's release may go live.
  func prepare(_ goal: Goal, recording release: () -> Release, _ needs: inout Preparations) {
    // One at a time, and what is left of the one before goes first.
    guard ownInstances.isEmpty, !hasBegun else { return }
    guard let known = known(goal) else {
      needs.steps.append(
        Step(app: app, .remember([.record(app, release())]), .releaseCommand))
      return
    }
    guard known.phase == .pending, isComplete else { return }
    begin(goal, &needs)
  }

  /// Whether the command of any release has begun, and its end is not written down.
  private var hasBegun: Bool {
    memory.releases.contains { if case .begun = $0.phase { true } else { false } }
  }

  private func begin(_ goal: Goal, _ needs: inout Preparations) {
    guard let command = goal.content.releaseCommand,
      let process = goal.asked.process(.release),
      let size = context.catalog.dynoTypes[process.size]
    else { return }
    let seen = ownInstances.map(\.id.attempt).max() ?? 0
    let attempt = 1 + max(seen, memory.attempts[slot] ?? 0)
    let id = InstanceID.release(goal.number, of: app, attempt: attempt)
    let spec = InstanceSpec(
      id: id, content: goal.content, command: command, size: size, stopTimeout: OnceCommand.grace,
      tcpPort: nil, crashes: 0,
      form: InstanceForm(content: goal.content, process: process, size: size))
    let phase = ReleasePhase.begun(attempt: attempt)
    needs.begin(
      spec, noting: .phase(app, release: goal.number, phase, context.now), .releaseCommand)
  }
}
