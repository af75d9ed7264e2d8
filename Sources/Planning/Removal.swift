// What would go because an app or a process type left git, against the deletion budget. An explicit
// quantity is consent; leaving something out is not.

package import FormationModel

/// What a commit would take away.
struct Removal {
  /// Apps in force that the commit no longer has, sorted: they count against the budget.
  let vanishedApps: [AppName]
  /// Every app that has something left and is not in the commit, sorted; those that left earlier
  /// with consent are in it too, and count no more.
  let leaving: [AppName]
  /// Apps that stay and lose a process type that has slots, sorted.
  let shrinkingApps: [AppName]
  private let summary: RemovalSummary
  private let budget: DeletionBudget
  private let appsInForce: Int

  /// `instances` are those of the world by app; `staying` are apps that the commit does not show
  /// and that have not left for that.
  init(
    desired: ResolvedFormation, instances: [AppName?: [ObservedInstance]], memory: Memory,
    staying: Set<AppName> = []
  ) {
    let present = desired.names.union(staying)
    let renamed = desired.apps.flatMap(\.formerNames)
    let isGone = { !present.contains($0) && !renamed.contains($0) }
    let observed = instances.keys.compactMap { $0 }
    let unknown = observed.filter { !memory.apps.keys.contains($0) }
    let inForce = memory.apps.lazy.filter { $0.value.isAccepted }.map(\.key) + unknown
    let vanished = inForce.filter(isGone)
    // Those that left earlier, of which something is still there.
    let leftBehind = observed.filter { isGone($0) && !vanished.contains($0) }
    var shrinking: [AppName: [ProcessType]] = [:]
    for resolved in desired.apps where !staying.contains(resolved.name) {
      let known = memory.apps[resolved.name]?.accepted?.processes
      let lost = Self.lostTypes(of: resolved.app, known, instances[resolved.name] ?? [])
      if !lost.isEmpty { shrinking[resolved.name] = lost.sorted() }
    }
    vanishedApps = vanished.sorted()
    leaving = (vanished + leftBehind).sorted()
    shrinkingApps = shrinking.keys.sorted()
    appsInForce = inForce.count
    budget = (memory.platform ?? desired.platform).deletionBudget
    summary = Self.summary(Set(vanished), shrinking, instances, memory)
  }

  /// Process types with slots that the app had and the commit does not have.
  private static func lostTypes(
    of wish: DesiredApp, _ known: [DesiredProcess]?, _ instances: [ObservedInstance]
  ) -> Set<ProcessType> {
    let wanted = wish.processes.map(\.type)
    let dynos = instances.lazy.filter { $0.isLive && $0.id.kind == .dyno }
    let live = Set(dynos.map(\.id.slot.process).filter { !wanted.contains($0) })
    guard let known else { return live }
    let gone = known.lazy.filter { $0.type != .release && !wanted.contains($0.type) }
    return Set(gone.filter { $0.quantity > 0 || live.contains($0.type) }.map(\.type))
  }

  /// Slots in force count, too: a list that does not show them proves nothing.
  private static func summary(
    _ vanished: Set<AppName>, _ shrinking: [AppName: [ProcessType]],
    _ instances: [AppName?: [ObservedInstance]], _ memory: Memory
  ) -> RemovalSummary {
    if vanished.isEmpty && shrinking.isEmpty {
      return RemovalSummary(apps: [], processes: [], dynos: 0, total: 0)
    }
    let slots = Set(instances.values.joined().filter(\.isLive).map(\.id.slot))
      .union(memory.apps.values.flatMap { $0.accepted?.slots ?? [] })
    let going = slots.filter { slot in
      guard let app = slot.app else { return false }
      return vanished.contains(app) || shrinking[app]?.contains(slot.process) == true
    }
    return RemovalSummary(
      apps: vanished.sorted(),
      processes: shrinking.keys.sorted().flatMap { app in
        (shrinking[app] ?? []).map { "\(app)/\($0)" }
      },
      dynos: going.count, total: slots.count)
  }

  /// Whether somebody has to consent: more would go than may, or would have when it was held first.
  /// What else the commit brings must not make room for what it takes.
  func needsConsent(_ memory: Memory) -> Bool {
    let isEmpty = summary.apps.isEmpty && summary.processes.isEmpty
    return exceedsBudget || (!isEmpty && memory.since[.hold(id)] != nil)
  }

  /// Whether more would go than may without consent: too many apps, too many dynos, or every app.
  var exceedsBudget: Bool {
    if summary.apps.isEmpty && summary.processes.isEmpty { return false }
    if summary.apps.count > budget.apps { return true }
    if summary.apps.count == appsInForce { return true }
    return summary.dynos * 100 > budget.dynoPercent * summary.total
  }

  /// Named by what goes, not by the commit: consent can be written into the commit itself.
  var id: HoldID {
    let names = summary.apps.map(\.rawValue) + summary.processes
    return HoldID("removal-" + StableHash.name(of: names.joined(separator: " ")))
  }

  /// The hold that asks for consent.
  var hold: Hold {
    Hold(
      id, app: nil, .removal(summary),
      release: "muster confirm \(id), or the commit trailer `Muster-Confirm: \(id)`")
  }
}

extension DesiredApp {
  /// The slots that it asks for.
  fileprivate var slots: [SlotID] {
    processes.filter { $0.type != .release }.flatMap { process in
      (0..<max(0, process.quantity)).map { SlotID(name, process.type, $0 + 1) }
    }
  }
}

extension ObservedInstance {
  /// Whether a process of it may be running.
  package var isLive: Bool {
    switch phase {
    case .running, .stopping, .unsupervised: true
    case .created, .exited: false
    }
  }
}
