// Decides, app by app, what is steered towards before any slot is looked at: the commit's wish, or
// what was taken over last, and which hold is the reason.

import FormationModel

/// The outlooks of all apps.
struct Outlooks {
  let desired: ResolvedFormation?
  let world: ObservedFormation
  /// Those of the world by app: apps are many, and none may look at all instances.
  let instances: [AppName?: [ObservedInstance]]
  /// Whether `world` is everything.
  let isComplete: Bool
  /// What is remembered, without what has ended.
  var memory: Memory
  let context: PlanningContext
  /// Empty until they are decided.
  var apps: [AppName: AppOutlook] = [:]
  private(set) var platformHolds: [Hold] = []
  /// Whether a removal waits for consent.
  private(set) var holdsRemoval = false
  /// Confirmed holds that still have work to do.
  private(set) var consentsInUse: Set<HoldID> = []
  /// Apps that stay as they were because their source could not be taken.
  private var unsourced: Set<AppName> = []
  /// Apps that left git and were brought back.
  private var restored: Set<AppName> = []

  init(
    desired: ResolvedFormation?, world: ObservedFormation, isComplete: Bool, memory: Memory,
    context: PlanningContext
  ) {
    self.desired = desired
    self.world = world
    instances = Dictionary(grouping: world.instances, by: \.id.slot.app)
    self.isComplete = isComplete
    self.memory = memory
    self.context = context
  }

  /// Fills `apps` and `platformHolds`.
  mutating func decide() {
    if let hold = context.sourceHold { platformHolds.append(hold) }
    guard let desired else {
      for name in memory.apps.keys.sorted() { apps[name] = kept(name, obstacle: .sourceProblem) }
      addAppsInForceNowhere()
      for name in apps.keys.sorted() { apps[name]?.platformHolds = platformHolds.map(\.id) }
      return
    }
    for resolved in desired.apps { apps[resolved.name] = outlook(of: resolved) }
    for rejected in desired.rejected {
      var outlook = kept(rejected.name, obstacle: .invalidManifest)
      outlook.errors = rejected.errors
      apps[rejected.name] = outlook
    }
    for standing in desired.sources { keepApps(of: standing, desired) }
    for former in desired.apps.flatMap(\.formerNames)
    where apps[former] == nil && memory.apps[former]?.isAccepted == true {
      apps[former] = kept(former, obstacle: .held)
    }
    judgeRemovals(desired)
  }

  /// A source that could not be taken keeps its apps as they were, and no other app.
  private mutating func keepApps(of standing: SourceStanding, _ desired: ResolvedFormation) {
    guard let failure = standing.failure else { return }
    let hold = failure.hold(of: standing.source, at: standing.mark)
    platformHolds.append(hold)
    let present = desired.names
    let remembered = memory.apps.filter { $0.value.accepted?.source == standing.source }.keys
    // What runs and nobody remembers (a lost store) may be of this source.
    let unknown = world.instances.compactMap(\.id.slot.app).filter { memory.apps[$0] == nil }
    let absent = Set(remembered).union(unknown).subtracting(present)
    for name in absent.union(standing.apps).sorted() {
      apps[name] = kept(name, obstacle: .sourceProblem)
      apps[name]?.platformHolds = [hold.id]
      unsourced.insert(name)
    }
  }

  /// Apps in an order in which dependencies come first; by name where nothing else decides.
  var dependencyOrder: [AppName] {
    var order: [AppName] = []
    var seen: Set<AppName> = []
    func visit(_ name: AppName) {
      guard apps[name] != nil, seen.insert(name).inserted else { return }
      dependencies(of: name).sorted().forEach(visit)
      order.append(name)
    }
    apps.keys.sorted().forEach(visit)
    return order
  }

  /// The apps that this app's wish depends on.
  func dependencies(of name: AppName) -> [AppName] { apps[name]?.wanted?.app.dependsOn ?? [] }

  /// What was taken over last; nil when nothing was or its release is not remembered.
  private func inForce(_ name: AppName) -> Goal? {
    guard let known = memory.apps[name], let app = known.accepted,
      let release = known.currentRelease
    else { return nil }
    return Goal(
      app, overrides: known.overrides, content: release.content, number: release.number,
      isRecorded: true, former: known.former)
  }

  /// Going back to a release passes whatever holds the commit's wish.
  mutating func turnBack(_ name: AppName) {
    guard let outlook = apps[name], outlook.wanted == nil, !outlook.isLeaving,
      let app = memory.apps[name], let accepted = app.accepted, app.isTurningBack,
      let content = app.standIn
    else { return }
    let goal = goal(accepted, content, isReturn: true)
    apps[name]?.wanted = goal
  }

  private func overrides(_ name: AppName) -> Overrides {
    memory.apps[name]?.overrides ?? Overrides()
  }

  private func kept(_ name: AppName, obstacle: SyncStatus.Reason) -> AppOutlook {
    var outlook = AppOutlook(name: name)
    outlook.inForce = inForce(name)
    outlook.obstacle = obstacle
    let byHand = memory.suspension(of: name)
    outlook.isSuspendedByManifest = outlook.inForce?.app.suspension == .everything
    outlook.isSuspended = outlook.isSuspendedByManifest || byHand?.suspension == .everything
    outlook.holds += suspensionHolds(name)
    return outlook
  }

  /// What a suspension by hand, of the app or of all apps, holds of it.
  private func suspensionHolds(_ name: AppName) -> [Hold] {
    let byHand = memory.suspension(of: name)
    return byHand.map { [Hold($0, of: name, isForAll: $0 == memory.suspension)] } ?? []
  }

  /// Without a formation and without memory (a lost store), what runs is left as it is.
  private mutating func addAppsInForceNowhere() {
    for name in Set(world.instances.compactMap(\.id.slot.app)).sorted() where apps[name] == nil {
      apps[name] = kept(name, obstacle: .sourceProblem)
    }
  }

  private func outlook(of resolved: ResolvedApp) -> AppOutlook {
    let app = resolved.app
    var outlook = AppOutlook(name: app.name)
    outlook.inForce = inForce(app.name)
    let byHand = memory.suspension(of: app.name)
    let held = resolved.content.flatMap { overrides(app.name).hold(of: $0) }
    // What stood in when the commit was read may have been left since then.
    let read = resolved.standIn.flatMap { overrides(app.name).hold(of: $0) == nil ? $0 : nil }
    let standIn = held == nil ? nil : read ?? memory.apps[app.name]?.standIn
    let (wish, running) = (held == nil ? resolved.content : standIn, instances[app.name] ?? [])
    let window = windows(of: app.name).judge(app, wish, running: running)
    outlook.windowConsent = window.consent
    let isInForce = window.hold != nil && outlook.inForce?.app.suspension == .everything
    outlook.isSuspendedByManifest = app.suspension == .everything || isInForce
    outlook.isSuspended = outlook.isSuspendedByManifest || byHand?.suspension == .everything
    let holds = AppHolds(
      resolved, wish: wish, running: running, memory: memory, shortage: world.shortage,
      context: context)
    outlook.holds = holds.all
    outlook.holds += suspensionHolds(app.name)
    outlook.secretsToMake = holds.secretsToMake
    outlook.holds += [window.hold].compactMap { $0 }
    let isHeld = !outlook.holds.isEmpty
    // Waiting for a window frees nothing of it.
    if let held, !isHeld || window.hold != nil { outlook.holds.append(Hold(held, of: app.name)) }
    if !isHeld, held == nil, let content = resolved.content {
      outlook.wanted = goal(app, content)
      return outlook
    }
    outlook.obstacle = .held
    // Quantities, sizes and domains of the commit count all the same.
    if !isHeld, let standIn { outlook.wanted = goal(app, standIn, isReturn: true) }
    return outlook
  }

  /// What judges an app by its deploy windows.
  private func windows(of app: AppName) -> WindowJudge {
    let isTaken = memory.revision == desired?.revision?.id
    return WindowJudge(
      app: app, memory: memory.apps[app], calendar: desired?.calendar ?? WindowCalendar(),
      confirmed: memory.confirmed, trailers: isTaken ? [] : desired?.consents ?? [],
      now: context.now)
  }

  /// The goal of a wish: a release with the same content as the newest is that release.
  private func goal(
    _ app: DesiredApp, _ content: ReleaseContent, isReturn: Bool = false
  ) -> Goal {
    let known = memory.apps[app.name] ?? AppMemory()
    let (number, isRecorded) = release(of: content, app.name, known)
    return Goal(
      app, overrides: known.overrides, content: content, number: number,
      isRecorded: isRecorded, former: isReturn ? known.former : [], isReturn: isReturn)
  }

  /// The number that the content has, or is to get.
  private func release(
    of content: ReleaseContent, _ app: AppName, _ known: AppMemory
  ) -> (Int, isRecorded: Bool) {
    let current = known.currentRelease
    if let current, current.content == content { return (current.number, true) }
    // Its command is yet to succeed.
    let newest = known.releases.last
    if let newest, newest.content == content, newest.isUnderWay { return (newest.number, false) }
    // The store may be lost: a number that runs with this content is found again, others are
    // passed.
    let running = instances[app] ?? []
    let found = current == nil ? running.first { $0.form?.release == content.digest } : nil
    let claimed = world.unproven.filter { $0.id.slot.app == app }.map(\.id)
    let numbers = (running.map(\.id) + claimed).map(\.release)
    let highest = max(numbers.max() ?? 0, newest?.number ?? 0)
    return (found?.id.release ?? highest + 1, false)
  }

  /// Apps and process types that vanished: within the budget or with consent they go, else the last
  /// formation stays in force.
  private mutating func judgeRemovals(_ desired: ResolvedFormation) {
    keepRestored(desired)
    let removal = Removal(
      desired: desired, instances: instances, memory: memory, staying: unsourced.union(restored))
    guard isComplete else { return postpone(removal, desired) }
    let consents = memory.confirmed.union(desired.consents)
    let needsConsent = removal.needsConsent(memory)
    let isHeld = needsConsent && !consents.contains(removal.id)
    holdsRemoval = isHeld
    if needsConsent && !isHeld { consentsInUse.insert(removal.id) }
    for name in removal.leaving {
      let window = windows(of: name).judgeLeaving()
      let isKept = isHeld && removal.vanishedApps.contains(name)
      if isKept || isSuspendedByHand(name) || window.hold != nil {
        apps[name] = kept(name, obstacle: .held)
        apps[name]?.holds += [window.hold].compactMap { $0 }
        if isHeld, removal.vanishedApps.contains(name) {
          apps[name]?.platformHolds = [removal.id]
        }
      } else {
        var outlook = AppOutlook(name: name)
        outlook.isLeaving = true
        outlook.windowConsent = window.consent
        apps[name] = outlook
      }
    }
    guard isHeld else { return }
    for name in removal.shrinkingApps {
      apps[name]?.wanted = nil
      apps[name]?.obstacle = .held
      apps[name]?.platformHolds = [removal.id]
    }
    platformHolds.append(removal.hold)
  }

  /// What somebody brought back stays, whatever git says, until somebody lets it go.
  private mutating func keepRestored(_ desired: ResolvedFormation) {
    let names = memory.apps.lazy.filter(\.value.isRestored).map(\.key).sorted()
    guard !names.isEmpty else { return }
    let present = desired.names
    for name in names where !present.contains(name) && !unsourced.contains(name) {
      guard case .restored(let origin) = memory.apps[name]?.quarantine else { continue }
      restored.insert(name)
      let hold = Hold(undoneBy: origin, of: name)
      if memory.confirmed.union(desired.consents).contains(hold.id), isComplete {
        consentsInUse.insert(hold.id)
        apps[name] = AppOutlook(name: name)
        apps[name]?.isLeaving = true
      } else {
        apps[name] = kept(name, obstacle: .held)
        apps[name]?.holds.append(hold)
      }
    }
  }

  /// Leaving is what a new commit asks for, so either suspension holds it; what had left before the
  /// suspension came only `everything` does.
  private func isSuspendedByHand(_ name: AppName) -> Bool {
    guard let suspension = memory.suspension(of: name)?.suspension else { return false }
    return suspension == .everything || memory.apps[name]?.isAccepted == true
  }

  /// With a part of the world in sight nobody can say how much would go: whatever takes something
  /// away is not taken over yet, or the next pass would find it agreed.
  private mutating func postpone(_ removal: Removal, _ desired: ResolvedFormation) {
    for name in removal.leaving { apps[name] = kept(name, obstacle: .changesPending) }
    for wish in desired.apps.map(\.app) {
      let before = memory.apps[wish.name]?.accepted?.processes ?? []
      guard before.contains(where: { wish.process($0.type) == nil }) else { continue }
      apps[wish.name]?.wanted = nil
      apps[wish.name]?.obstacle = .changesPending
    }
    consentsInUse = memory.confirmed
  }
}
