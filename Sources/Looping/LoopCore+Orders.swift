// Orders on their way into memory: refused, or recorded before anything is done about them.

package import FormationModel
import Planning

extension LoopCore {
  /// What an order is told that comes after the end of a run, or with one that is refused.
  package static let tooLate = EffectFailure(
    "run-over", "this run of Muster is over", fix: "run the command again", retry: .later)

  /// Judges the orders that wait, each by what those before it will have done.
  mutating func judgeOrders() -> (
    changes: [MemoryChange], taken: [Order], answers: [LoopEffect]
  ) {
    let catalog = desired?.platform.catalog ?? memory.platform?.catalog ?? options.catalog
    var foreseen = memory
    var changes: [MemoryChange] = []
    var taken: [Order] = []
    var answers: [LoopEffect] = []
    for order in orders {
      if let refusal = order.refusal(
        in: desired, memory: foreseen, catalog: catalog, limits: options.limits)
      {
        answers.append(.answer(order, .failed(refusal.failure)))
        continue
      }
      let change = MemoryChange.order(order.noted(desired, foreseen))
      foreseen.apply(change, releasesKept: .max)
      changes.append(change)
      taken.append(order)
    }
    let given = orders
    orders = []
    // A command does all that it was told, or nothing.
    if options.runsOnce && !answers.isEmpty {
      answers += given.filter(taken.contains).map { .answer($0, .failed(Self.tooLate)) }
      return ([], [], answers)
    }
    return (changes.isEmpty ? [] : unknownAttempts + changes, taken, answers)
  }

  /// Attempts that run and that memory does not know (its store was lost): a restart goes by them.
  private var unknownAttempts: [MemoryChange] {
    var highest: [SlotID: Int] = [:]
    for id in instances.keys.sorted() {
      guard let app = id.slot.app, case .app = id.slot.owner,
        id.attempt > memory.apps[app]?.attempts[id.slot] ?? 0,
        id.slot.process != .run || id.slot.ordinal > memory.apps[app]?.oneOffs.last ?? 0
      else { continue }
      highest[id.slot] = max(highest[id.slot] ?? 0, id.attempt)
    }
    return highest.sorted { $0.key < $1.key }.map { .attempt($0.key, $0.value) }
  }

  /// Somebody wants it tried again: what failed for the app before counts no more.
  mutating func forgetSetbacks(_ order: Order) {
    switch order.wish {
    case .restart(let target): setbacks.forget { $0.slot.map(target.selects) ?? false }
    case .retry(let app), .rollback(let app, _):
      let contents = contents(of: app)
      setbacks.forget { subject in
        switch subject {
        case .slot(let slot, _): slot.app == app
        case .instance(let id): id.slot.app == app
        case .secrets(let owner): owner == app
        case .content(let digest): contents.contains(digest)
        case .routes(let owner): owner == app
        case .memory, .router: false
        }
      }
    case .scale, .stop, .start, .suspend, .resume, .maintenance, .undo, .confirm, .run: break
    }
  }

  /// Stacks and slugs that the app asks for or has.
  private func contents(of app: AppName) -> Set<ContentDigest> {
    let wanted = desired?.apps.first { $0.name == app }?.content
    let contents = [wanted, memory.apps[app]?.currentRelease?.content].compactMap { $0 }
    return Set(contents.flatMap { [$0.stack.digest, $0.slug.digest] })
  }
}

extension OperationSubject {
  /// The slot that is started; nil for everything else.
  fileprivate var slot: SlotID? {
    if case .slot(let slot, _) = self { slot } else { nil }
  }
}
