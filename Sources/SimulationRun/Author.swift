// Writes the commits of a simulated repository: small random edits, as a team makes them over days.

import FormationModel

/// Somebody who commits.
struct Author {
  var chance: Chance
  private(set) var apps: [AppName: SimulatedApp] = [:]
  private let names: [AppName]

  init(chance: Chance, appCount: Int) {
    self.chance = chance
    names = Array(SimulatedCatalog.apps.prefix(appCount))
    for name in names { apps[name] = make(name) }
  }

  /// Makes one edit. Returns what it was.
  mutating func edit() -> String {
    guard let name = chance.pick(names) else { return "nothing" }
    guard var app = apps[name] else {
      apps[name] = make(name)
      return "add \(name)"
    }
    let kind = chance.number(0...23)
    if kind == 0 && apps.count > 1 {
      apps[name] = nil
      return "remove \(name)"
    }
    let did = edit(&app, kind: kind)
    apps[name] = app
    return "\(did) of \(name)"
  }

  /// Makes everything valid, wanted and able to work.
  mutating func mend() {
    for name in names {
      guard var app = apps[name] else { continue }
      app.isBroken = false
      app.isUnresolvable = false
      app.app.suspension = .none
      mendCommands(of: &app)
      apps[name] = app
    }
  }

  /// Makes every command able to work; what is broken or suspended stays so.
  mutating func mendCommands() {
    for name in names {
      guard var app = apps[name] else { continue }
      mendCommands(of: &app)
      apps[name] = app
    }
  }

  private func mendCommands(of app: inout SimulatedApp) {
    for index in app.app.processes.indices {
      let command = app.app.processes[index].command
      if app.app.processes[index].type == .release {
        app.app.processes[index].command = "sleep 1"
        continue
      }
      guard let comment = command.firstIndex(of: "#") else { continue }
      app.app.processes[index].command = command[..<comment] + "mended"
    }
  }

  private mutating func make(_ name: AppName) -> SimulatedApp {
    var app = SimulatedApp(name)
    app.slug = chance.number(1...9)
    app.app.config = [entry(SimulatedCatalog.keys[0])]
    let types = SimulatedCatalog.types.filter { _ in chance.happens(perMille: 450) }
    app.app.processes = types.map { process($0) }
    if app.app.processes.isEmpty { app.app.processes = [process(.web)] }
    if chance.happens(perMille: 250) {
      let fails = chance.happens(perMille: 200)
      app.app.postdeploy = "sleep \(chance.number(1...8))" + (fails ? "; exit 1" : "")
    }
    return app
  }

  private mutating func process(_ type: ProcessType) -> DesiredProcess {
    let size = SimulatedCatalog.sizes[chance.number(0...7) / 2 % 4]
    var process = DesiredProcess(
      type: type, command: command(), quantity: chance.pick([1, 1, 2, 2, 3]) ?? 1,
      size: size)
    process.healthcheck.interval = .seconds(5)
    process.healthcheck.bootTimeout = .seconds(40)
    process.stopTimeout = .seconds(10)
    if chance.happens(perMille: 100) { process.overlap = type != .web }
    return process
  }

  private mutating func command() -> String {
    let base = "serve \(chance.number(1...5))"
    return switch chance.number(0...11) {
    case 0: "\(base) # simulated: boot=12s"
    case 1: "\(base) # simulated: ignore-term"
    case 2: "\(base) # simulated: shutdown=6s"
    case 3: "\(base) # simulated: crash-after=3s exit=2"
    case 4: "\(base) # simulated: port=none"
    case 5: "\(base) # simulated: missing"
    default: base
    }
  }

  private mutating func entry(_ key: ConfigKey) -> ConfigEntry {
    ConfigEntry(key: key, source: .literal(ConfigValue("\(chance.number(1...4))")))
  }

  private mutating func edit(_ app: inout SimulatedApp, kind: Int) -> String {
    let dynos = app.app.processes.indices.filter { app.app.processes[$0].type != .release }
    guard let index = chance.pick(dynos) else { return toggleProcess(&app) }
    switch kind {
    case 0...4:
      app.app.processes[index].quantity = chance.number(0...4)
      return "quantity"
    case 5...7:
      app.app.processes[index].command = command()
      return "command"
    case 8...9:
      app.app.config = [entry(SimulatedCatalog.keys[chance.number(0...1)])]
      return "config"
    case 10...12:
      app.slug += 1
      return "slug"
    case 13:
      app.app.processes[index].size = SimulatedCatalog.sizes[chance.number(0...3)]
      return "size"
    case 14: return toggleProcess(&app)
    case 15:
      app.isBroken.toggle()
      return app.isBroken ? "break the manifest" : "mend the manifest"
    case 16:
      app.app.suspension = chance.pick(Suspension.allCases) ?? .none
      return "suspend \(app.app.suspension)"
    case 17:
      app.isUnresolvable.toggle()
      return app.isUnresolvable ? "lose the slug" : "find the slug"
    case 18:
      app.app.rollout.strategy = chance.pick(RolloutPolicy.Strategy.allCases)
      return "strategy"
    case 19:
      app.app.stack = SimulatedCatalog.stacks[chance.number(0...1)]
      return "stack"
    case 21...22: return changeReleaseCommand(&app)
    case 20:
      app.app.rollout.autoRevert.toggle()
      return "auto-revert"
    default: return addSecret(&app)
    }
  }

  private mutating func toggleProcess(_ app: inout SimulatedApp) -> String {
    guard let type = chance.pick(SimulatedCatalog.types) else { return "nothing" }
    if app.app.process(type) != nil, app.app.processes.count > 1 {
      app.app.processes.removeAll { $0.type == type }
      return "remove \(type)"
    }
    guard app.app.process(type) == nil else { return "nothing" }
    app.app.processes.append(process(type))
    app.app.processes.sort { $0.type < $1.type }
    return "add \(type)"
  }

  private mutating func changeReleaseCommand(_ app: inout SimulatedApp) -> String {
    let before = app.app.processes.count
    app.app.processes.removeAll { $0.type == .release }
    if before > app.app.processes.count, chance.happens(perMille: 400) {
      return "remove the release command"
    }
    let fails = chance.happens(perMille: 250)
    let command = "sleep \(chance.number(1...8))" + (fails ? "; exit 1 # fails" : "")
    app.app.processes.append(
      DesiredProcess(
        type: .release, command: command, quantity: 0, size: SimulatedCatalog.sizes[0]))
    app.app.processes.sort { $0.type < $1.type }
    return "release command"
  }

  private func addSecret(_ app: inout SimulatedApp) -> String {
    guard let key = SimulatedCatalog.secretKey, !app.app.config.contains(where: { $0.key == key })
    else { return "nothing" }
    app.app.config.append(ConfigEntry(key: key, source: .generated))
    return "secret"
  }
}
