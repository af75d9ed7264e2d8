// What an app's plan says of releases: recorded, gone live, left.

import FormationModel

extension AppPlanner {
  /// Goes back to the release that stood last when a dyno of a newer one does not get healthy and
  /// the manifest says so; nil when it does not, or there is nothing to go back to.
  func turnBack(from goal: Goal, _ failure: FormationPlanner.Failure?) -> Step? {
    guard let failure, goal.asked.rollout.autoRevert, goal.isRecorded, isComplete,
      let stood = memory.convergence?.release, stood < goal.number,
      let target = memory.releases.first(where: { $0.number == stood }),
      !target.content.isSameByHand(as: goal.content)
    else { return nil }
    let cause = HeldContent.Cause.rolloutFailed(failure.slot, failure.cause)
    return Step(
      app: outlook.name, .remember([.turnBack(outlook.name, to: stood, cause, context.now)]),
      .bookkeeping)
  }

  /// What memory takes over with the wish.
  func takingOver(_ wanted: Goal) -> [MemoryChange] {
    guard let revision = revision ?? memory.acceptedRevision else { return [] }
    let origin = memory.revisionToReturnTo ?? revision
    var writes: [MemoryChange] = []
    if memory.accepted != wanted.asked || memory.isRestored {
      writes.append(.accept(wanted.asked, revision))
    }
    if postdeploy.hasStoodUnseen, memory.postdeploy == nil {
      writes.append(.postdeploy(outlook.name, Postdeploy(release: wanted.number, .live)))
    }
    if !wanted.isRecorded {
      let goesLive = releaseCommands.known(wanted)?.phase == .succeeded
      writes.append(
        goesLive
          ? .phase(outlook.name, release: wanted.number, .live, context.now)
          : .record(outlook.name, release(of: wanted, from: origin)))
    }
    return writes
  }

  func release(of wanted: Goal, from revision: RevisionID) -> Release {
    Release(
      number: wanted.number, content: wanted.content, revision: revision, recordedAt: context.now,
      summary: summary(of: wanted))
  }

  var releaseCommands: ReleaseCommandPlanner {
    let timeout = (outlook.wanted ?? outlook.inForce)?.asked.releaseTimeout
    return ReleaseCommandPlanner(
      app: outlook.name, memory: memory, instances: instances, isComplete: isComplete,
      timeout: timeout ?? ReleaseCommandPlanner.usualTimeout, context: context)
  }

  private var postdeploy: PostdeployPlanner {
    PostdeployPlanner(
      app: outlook.name, memory: memory, instances: instances, isComplete: isComplete,
      confirmed: confirmed, context: context)
  }

  /// The script that runs once: what it waits for, what it is at, and what became of it.
  func fillPostdeploy(_ part: inout AppPlan) {
    guard memory.isAccepted || outlook.wanted != nil else { return }
    let planner = postdeploy
    planner.follow(&part)
    if let change = planner.announced(outlook.wanted, outlook.inForce) {
      part.changes.append(change)
    }
    guard planner.isDue, let inForce = outlook.inForce,
      !outlook.holds.contains(where: \.isForLostSecret)
    else { return }
    var needs = contentPreparations(for: inForce)
    if needs.steps.isEmpty, needs.waits.isEmpty { planner.begin(inForce, &needs) }
    part.next += needs.steps.filter { !part.next.contains($0) }
    part.waits += needs.waits.filter { !part.waits.contains($0) }
  }

  /// What people run once, beside the formation.
  var oneOffs: OneOffPlanner {
    OneOffPlanner(
      app: outlook.name, memory: memory, instances: instances, isComplete: isComplete,
      context: context, preparations: contentPreparations)
  }

  /// What makes the release, in a few words.
  func summary(of wanted: Goal) -> String {
    guard let current = memory.currentRelease else { return "first release" }
    if wanted.isReturn, memory.isTurningBack,
      let back = memory.overrides.hold(of: current.content)?.back
    {
      return "rollback to v\(back)"
    }
    return contentChanges(to: wanted).map(\.field.rawValue).joined(separator: ", ") + " changed"
  }

  /// The changes that a release is, before any dyno's: its record, and its command.
  func releaseChanges(to wanted: Goal, beginning isDue: Bool) -> [Change] {
    guard !wanted.isRecorded else { return [] }
    let command = Change(
      .start, app: outlook.name, slot: .release(of: outlook.name), to: wanted.number,
      .releaseCommand)
    return [releaseChange(to: wanted)] + (isDue ? [command] : [])
  }

  private func releaseChange(to wanted: Goal) -> Change {
    let changes = contentChanges(to: wanted)
    let change = { (reason: Reason, because: Because?) in
      Change(
        .release, app: outlook.name, from: memory.currentRelease?.number, to: wanted.number,
        reason, because: because)
    }
    guard let current = memory.currentRelease else { return change(.firstRelease, nil) }
    if wanted.isReturn, let held = memory.overrides.hold(of: current.content),
      let back = held.back
    {
      return change(.turnedBack(to: back, held.origin, isByHand: held.isByHand), nil)
    }
    return change(
      .contentChanged(changes),
      changes.first.map { Because($0, at: wanted.app.marks[$0.field]) })
  }

  func contentChanges(to wanted: Goal) -> [FieldChange] {
    memory.currentRelease?.content.changes(to: wanted.content) ?? []
  }
}
