// One-off dynos: each is begun once, whatever crashes, runs beside the formation for as long as it
// may, and keeps nobody waiting. What could not be started is not tried again: a person sees it and
// asks anew.

import FormationModel

/// Plans the one-off dynos of one app.
struct OneOffPlanner {
  let app: AppName
  let memory: AppMemory
  /// Everything of the app that was seen.
  let instances: [ObservedInstance]
  let isComplete: Bool
  let context: PlanningContext
  /// What has to be ready before something of a content can start.
  let preparations: (ReleaseContent) -> Preparations

  private var ownInstances: [ObservedInstance] {
    instances.filter { $0.id.slot.process == .run && $0.id.kind == .oneOff }
  }

  /// Begins what was asked for, unless nothing `begins` now, follows what has begun, removes what
  /// has ended.
  func fill(_ part: inout AppPlan, begins: Bool = true) {
    var kept: Set<InstanceID> = []
    for oneOff in memory.oneOffs.all {
      let id = id(of: oneOff)
      if oneOff.phase.openAttempt != nil {
        kept.insert(id)
        follow(oneOff, &part)
      } else if oneOff.phase == .pending, begins {
        begin(oneOff, &part)
      }
      if let standing = standing(oneOff) { part.oneOffs.append(standing) }
    }
    for instance in ownInstances.sorted(by: { $0.id < $1.id }) where !kept.contains(instance.id) {
      sweep(instance, &part)
    }
  }

  /// What nobody remembers (the store was lost) goes on for as long as any may, or as somebody
  /// holds it; nobody waits for it.
  private func sweep(_ instance: ObservedInstance, _ part: inout AppPlan) {
    guard case .running = instance.phase else {
      return OnceCommand.sweep(instance, of: app, context, &part)
    }
    let until = (instance.startedAt ?? context.now) + OneOffRequest.longestLife
    part.nextCycle = [part.nextCycle, until].compactMap { $0 }.min()
    let reason: Reason? =
      instance.isAttended == false
      ? .sessionGone : context.now >= until ? .releaseTimeout(OneOffRequest.longestLife) : nil
    guard let reason else { return }
    var needs = Preparations(app: app, context: context)
    needs.add(.stop(instance.id, grace: OnceCommand.grace), waitingFor: "its end", reason)
    part.next += needs.steps
    part.waits += needs.waits
  }

  private func id(of oneOff: OneOff) -> InstanceID {
    .oneOff(oneOff.number, of: app, release: oneOff.request.release ?? 0)
  }

  private func follow(_ oneOff: OneOff, _ part: inout AppPlan) {
    guard let content = content(of: oneOff) else {
      return note(.failed(.notStarted), oneOff, &part)
    }
    OnceCommand(
      app: app, id: id(of: oneOff), content: content, phase: oneOff.phase,
      timeout: oneOff.request.timeToLive, instances: ownInstances, isComplete: isComplete,
      context: context, beside: OnceCommand.Beside(stopped: oneOff.stopped?.by)
    ) { .oneOff(app, number: oneOff.number, $0) }.follow(&part)
  }

  /// The release's content; one that runs needs none that is still kept.
  private func content(of oneOff: OneOff) -> ReleaseContent? {
    memory.releases.first { $0.number == oneOff.request.release }?.content
      ?? memory.currentRelease?.content
  }

  private func begin(_ oneOff: OneOff, _ part: inout AppPlan) {
    // What cannot be seen may hold the id.
    guard isComplete else { return }
    guard oneOff.stopped == nil,
      let release = memory.releases.first(where: { $0.number == oneOff.request.release }),
      let size = oneOff.request.size.flatMap({ context.catalog.dynoTypes[$0] })
    else { return note(.failed(.notStarted), oneOff, &part) }
    var needs = preparations(release.content)
    if needs.steps.isEmpty, needs.waits.isEmpty {
      needs.add(
        .start(spec(oneOff, release.content, size)), waitingFor: "the one-off dyno",
        .oneOff(by: oneOff.origin.by))
      if !needs.steps.isEmpty {
        let begun = MemoryChange.oneOff(app, number: oneOff.number, .begun(attempt: 1))
        part.next.append(Step(app: app, .remember([begun]), .oneOff(by: oneOff.origin.by)))
      }
    }
    part.next += needs.steps.filter { !part.next.contains($0) }
    part.waits += needs.waits.filter { !part.waits.contains($0) }
  }

  private func spec(_ oneOff: OneOff, _ content: ReleaseContent, _ size: DynoType) -> InstanceSpec {
    let request = oneOff.request
    let process = DesiredProcess(
      type: .run, command: request.command, quantity: 0, size: size.name)
    return InstanceSpec(
      id: id(of: oneOff), content: content.with(request.environment), command: request.command,
      size: size, stopTimeout: OnceCommand.grace, tcpPort: nil, crashes: 0,
      form: InstanceForm(content: content, process: process, size: size),
      session: request.session)
  }

  private func note(_ phase: ReleasePhase, _ oneOff: OneOff, _ part: inout AppPlan) {
    let change = MemoryChange.oneOff(app, number: oneOff.number, phase)
    part.next.append(Step(app: app, .remember([change]), .bookkeeping))
  }

  /// How it stands; nil when it is over.
  private func standing(_ oneOff: OneOff) -> DynoStanding? {
    let instance = ownInstances.first { $0.id == id(of: oneOff) }
    let isUp = instance?.isLive ?? false
    guard isUp || !oneOff.hasEnded && instance?.exit == nil else { return nil }
    return DynoStanding(
      slot: .oneOff(oneOff.number, of: app), state: isUp ? .up : .starting,
      since: isUp ? instance?.startedAt : oneOff.origin.at, instance: instance, exit: nil,
      crashes: 0, nextStart: nil, command: oneOff.request.command,
      size: oneOff.request.size ?? .standardSize)
  }
}
