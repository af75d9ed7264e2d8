// Which orders cannot be taken, said before anything is recorded.

/// Why an order is not taken.
package struct OrderRefusal: Hashable, Sendable {
  /// What is wrong, for people.
  package let message: String
  /// What to do; nil when the message says it.
  package let fix: String?

  /// The same as the end of an effect.
  package var failure: EffectFailure {
    EffectFailure("order-refused", message, fix: fix, retry: .withNewContent)
  }
}

extension Order {
  /// Why the order cannot be taken; nil when it can. `formation` is nil while the repository cannot
  /// be read: then what was taken over last counts.
  package func refusal(
    in formation: ResolvedFormation?, memory: Memory, catalog: Catalog, limits: Limits = Limits()
  ) -> OrderRefusal? {
    let check = OrderCheck(
      order: self, formation: formation, memory: memory, catalog: catalog, limits: limits)
    return switch wish {
    case .scale(let app, let wishes, let until): check.scale(app, wishes, until)
    case .stop(let target) where target.process == .run: check.oneOff(target)
    case .stop(let target), .start(let target), .restart(let target): check.target(target)
    case .suspend(.apps(let names), _): names.lazy.compactMap(check.unknown).first
    case .resume(.apps(let names)): names.lazy.compactMap(check.resume).first
    case .suspend(.all, _), .resume(.all), .confirm: nil
    case .undo: check.undo()
    case .run(let app, let request): check.run(app, request)
    case .maintenance(let app, _), .retry(let app): check.unknown(app)
    case .rollback(let app, let release): check.rollback(app, release)
    }
  }

  /// The order with what is known at that time noted in it: what git asks for, by which a later
  /// commit is seen to change a field, and which release is meant.
  package func noted(_ formation: ResolvedFormation?, _ memory: Memory) -> Order {
    if case .rollback(let name, nil) = wish {
      var order = self
      order.wish = .rollback(name, to: memory.apps[name]?.releaseToReturnTo?.number)
      return order
    }
    if case .run(let name, let request) = wish {
      var order = self
      order.wish = .run(name, request.settled(formation.app(name, memory), memory.apps[name]))
      return order
    }
    guard case .scale(let name, let wishes, let until) = wish,
      let app = formation.app(name, memory)
    else { return self }
    var order = self
    order.wish = .scale(
      name,
      wishes.map { wish in
        var wish = wish
        wish.git = app.process(wish.type).map {
          ProcessScale(quantity: $0.quantity, size: $0.size)
        }
        return wish
      }, until: until)
    return order
  }
}

extension Optional<ResolvedFormation> {
  /// The app as git asks for it: the newest commit's where that is known and valid, else what was
  /// taken over last.
  package func app(_ name: AppName, _ memory: Memory) -> DesiredApp? {
    self?.apps.first { $0.name == name }?.app ?? memory.apps[name]?.accepted
  }
}

/// Checks one order.
struct OrderCheck {
  let order: Order
  let formation: ResolvedFormation?
  let memory: Memory
  let catalog: Catalog
  let limits: Limits

  /// Nil when git or memory knows the app.
  func unknown(_ name: AppName) -> OrderRefusal? {
    if formation.app(name, memory) != nil { return nil }
    if formation?.rejected.contains(where: { $0.name == name }) == true {
      return OrderRefusal(
        message: "the manifest of \(name) is not valid, and nothing of it runs",
        fix: "`muster validate` says what is wrong with it")
    }
    let known = Set(formation?.apps.map(\.name) ?? [])
      .union(memory.apps.filter { $0.value.isAccepted }.keys)
    return OrderRefusal(message: "there is no app \(name)", fix: list("there are", known))
  }

  func resume(_ name: AppName) -> OrderRefusal? {
    if let refusal = unknown(name) { return refusal }
    guard memory.suspension != nil, memory.apps[name]?.overrides.isEmpty ?? true else {
      return nil
    }
    return OrderRefusal(
      message: "\(name) is suspended together with all apps",
      fix: "`muster resume --all-apps` resumes them")
  }

  func undo() -> OrderRefusal? {
    guard memory.undoable(order.at).isEmpty else { return nil }
    return OrderRefusal(
      message: "there is nothing to undo: no app left git lately",
      fix: "to have an app back that left earlier, `git revert` the commit that removed it")
  }

  func rollback(_ name: AppName, _ number: Int?) -> OrderRefusal? {
    if let refusal = unknown(name) { return refusal }
    guard let app = memory.apps[name], let current = app.currentRelease else {
      return OrderRefusal(message: "\(name) has no release yet", fix: nil)
    }
    let kept = app.releases.filter { $0.isInForce && $0.number != current.number }
      .map { "v\($0.number)" }.joined(separator: ", ")
    guard let number else {
      guard app.releaseToReturnTo == nil else { return nil }
      return OrderRefusal(
        message: "\(name) has no release before v\(current.number) that it could go back to",
        fix: kept.isEmpty ? nil : "name one of those that are kept: \(kept)")
    }
    guard let target = app.releases.first(where: { $0.number == number }) else {
      return OrderRefusal(
        message: "v\(number) of \(name) is not there, or not kept any more",
        fix: kept.isEmpty ? nil : "there are: \(kept)")
    }
    guard target.isInForce else {
      return OrderRefusal(
        message: "v\(number) of \(name) never ran: its release command did not succeed",
        fix: kept.isEmpty ? nil : "there are: \(kept)")
    }
    guard target.content.isSameByHand(as: current.content) else { return nil }
    return OrderRefusal(
      message: target == current
        ? "\(name) is at v\(number)" : "v\(number) of \(name) is what v\(current.number) is",
      fix: nil)
  }

  func target(_ target: DynoSelector) -> OrderRefusal? {
    if let refusal = unknown(target.app) { return refusal }
    guard let app = effective(target.app) else { return nil }
    guard let type = target.process else { return nil }
    guard let process = app.process(type) else { return noType(type, app) }
    guard let ordinal = target.ordinal, ordinal > process.quantity else { return nil }
    let dynos = process.quantity == 1 ? "1 dyno" : "\(process.quantity) dynos"
    return OrderRefusal(
      message: "\(app.name) has no \(type).\(ordinal): \(type) has \(dynos)",
      fix: nil)
  }

  func scale(_ name: AppName, _ wishes: [ScaleWish], _ until: LoopTime?) -> OrderRefusal? {
    if let refusal = unknown(name) { return refusal }
    guard let git = formation.app(name, memory), let before = effective(name) else { return nil }
    if wishes.isEmpty { return OrderRefusal(message: "nothing is scaled", fix: nil) }
    if let until, until <= order.at {
      return OrderRefusal(message: "the time given is over already", fix: nil)
    }
    for wish in wishes {
      if let refusal = field(wish, git) { return refusal }
    }
    var after = memory
    after.take(order.noted(formation, memory))
    let scaled = git.overlaid(by: after.apps[name]?.overrides ?? Overrides())
    let total = scaled.processes.reduce(0) { $0 + $1.quantity }
    if total > limits.dynosPerApp, total > before.processes.reduce(0, { $0 + $1.quantity }) {
      return OrderRefusal(
        message: "\(name) would have \(total) dynos; \(limits.dynosPerApp) are allowed", fix: nil)
    }
    return brokenRule(scaled, before)
  }

  private func field(_ wish: ScaleWish, _ git: DesiredApp) -> OrderRefusal? {
    guard git.process(wish.type) != nil else { return noType(wish.type, git) }
    if wish.type == .release {
      return OrderRefusal(message: "release is the release command and is not scaled", fix: nil)
    }
    if let quantity = wish.quantity, !(0...limits.dynosPerApp).contains(quantity) {
      return OrderRefusal(
        message: "\(wish.type): \(quantity) is not between 0 and \(limits.dynosPerApp)", fix: nil)
    }
    if let size = wish.size, catalog.dynoTypes[size] == nil {
      return OrderRefusal(
        message: "there is no dyno type \(size)", fix: list("there are", catalog.dynoTypes.keys))
    }
    return nil
  }

  /// Limits that the order would break; those that are broken without it are git's business.
  private func brokenRule(_ scaled: DesiredApp, _ before: DesiredApp) -> OrderRefusal? {
    let level = (formation?.platform ?? memory.platform)?.herokuTiers ?? .deny
    guard level == .deny else { return nil }
    let known = FormationRules.violations(of: before.processes, catalog: catalog)
    let broken = FormationRules.violations(of: scaled.processes, catalog: catalog)
    return broken.first { !known.contains($0) }.map {
      OrderRefusal(
        message: $0.message, fix: "\($0.fix), or set `rules: {heroku_tiers: warn}` in platform.yaml"
      )
    }
  }

  private func noType(_ type: ProcessType, _ app: DesiredApp) -> OrderRefusal {
    OrderRefusal(
      message: "\(app.name) has no process type \(type)",
      fix: list("it has", app.processes.map(\.type)))
  }

  /// What counts now.
  private func effective(_ name: AppName) -> DesiredApp? {
    formation.app(name, memory)?.overlaid(by: memory.apps[name]?.overrides ?? Overrides())
  }

  func list<Name: TextValue>(_ start: String, _ names: some Sequence<Name>) -> String? {
    let names = names.sorted().map(\.rawValue)
    return names.isEmpty ? nil : "\(start): \(names.joined(separator: ", "))"
  }
}
