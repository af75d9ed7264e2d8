// What was in force by hand and has ended, because its time is over or because a commit changed the
// field: the plan is made without it. A commit that is held changes nothing, and so ends nothing.

import FormationModel

extension Outlooks {
  /// The outlooks of all apps, decided, with what has ended. These are undecided ones, with
  /// everything that was in force by hand; without promises nothing limits what dynos are promised.
  func settled(
    within promises: MemoryPromises?
  ) -> (outlooks: Outlooks, ends: [AppName: [OverrideEnd]]) {
    let ends = endedOverrides
    let wishes = decided(without: ends)
    guard let promises else { return (wishes.holding([:]), ends) }
    guard !ends.isEmpty else {
      return (wishes.holding(promises.excesses(wishes, before: wishes)), ends)
    }
    let byTime = ends.mapValues { ends in ends.filter { $0.cause == .timeOver } }
    let excesses = promises.excesses(wishes, before: decided(without: byTime))
    let kept = ends.merging(byTime.filter { excesses[$0.key] != nil }) { _, byTime in byTime }
    return (decided(without: kept).holding(excesses), kept)
  }

  private var endedOverrides: [AppName: [OverrideEnd]] {
    let overridden = memory.apps.filter { !$0.value.overrides.isEmpty }
    guard !overridden.isEmpty else { return [:] }
    let asked = Dictionary(
      (desired?.apps ?? []).map { ($0.app.name, $0.app) }, uniquingKeysWith: { _, last in last })
    return Dictionary(
      overridden.map { ($0, $1.overrides.ends(context.now, asked: asked[$0])) },
      uniquingKeysWith: { _, last in last })
  }

  private func decided(without ends: [AppName: [OverrideEnd]]) -> Outlooks {
    var outlooks = self
    for (app, ends) in ends {
      for end in ends { outlooks.memory.apply(.endOverride(app, end), releasesKept: .max) }
    }
    outlooks.decide()
    return outlooks
  }

  /// Holds the wishes that do not fit; then whoever goes back passes.
  private func holding(_ excesses: [AppName: MemoryExcess]) -> Outlooks {
    var outlooks = self
    for (name, excess) in excesses { outlooks.apps[name]?.hold(excess) }
    for name in apps.keys.sorted() { outlooks.turnBack(name) }
    return outlooks
  }
}
