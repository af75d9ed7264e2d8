// What is said to a running HAProxy so that an app's routes become others, in an order in which no
// visitor is left without what was there before and what is there after.

import FormationModel

/// A command, and what HAProxy answers when it has done it.
struct AdminCommand: Hashable, Sendable {
  let text: String
  /// Answers that mean done, most commands are done in silence; nil: any, reading back tells.
  var done: Set<String>? = [""]

  /// Whether the answer means that it is done.
  func isDone(_ answer: String) -> Bool { done?.contains(answer.filter { $0 != "\n" }) ?? true }

  static func set(_ key: String, to value: String, in map: String) -> AdminCommand {
    AdminCommand(text: "set map \(map) \(key) \(value)")
  }

  static func add(_ key: String, _ value: String, to map: String) -> AdminCommand {
    AdminCommand(text: "add map \(map) \(key) \(value)")
  }

  static func delete(_ key: String, from map: String) -> AdminCommand {
    AdminCommand(text: "del map \(map) \(key)", done: ["", "Key not found."])
  }
}

/// A server's place: `app.shop/shop.web.1.v7.1`.
struct ServerPath: Hashable, Sendable, CustomStringConvertible {
  let backend: String
  let name: String
  var description: String { "\(backend)/\(name)" }
}

/// A server that is to go as soon as nobody is connected to it.
struct LeavingServer: Hashable, Sendable {
  let path: ServerPath
  let endpoint: Endpoint
}

/// The way from the routes that a process has for an app to others with the same settings.
struct RouteChange: Sendable {
  /// In order.
  private(set) var commands: [AdminCommand] = []
  /// Servers to be taken out and deleted once the commands are done.
  private(set) var removed: [LeavingServer] = []
  /// Whether the list of wildcards is another; its order counts, so it is replaced as a whole.
  private(set) var changesWildcards = false

  private let generation: Generation
  private let backend: String

  /// Works it out. Fails with `bad-router-word`.
  init(
    _ app: AppName, from old: AppRoutes?, to new: AppRoutes?, in generation: Generation
  ) throws(EffectFailure) {
    self.generation = generation
    backend = app.backend
    let servers = Dictionary(grouping: old?.servers ?? [], by: \.id).compactMapValues(\.first)
    for server in new?.servers ?? [] { try take(server, instead: servers[server.id]) }
    setState(from: old, to: new)
    try setHosts(from: Set(old?.hosts ?? []), to: Set(new?.hosts ?? []))
    // Last, so that the new ones take over before.
    for server in new?.servers ?? [] where server.isDraining {
      if servers[server.id]?.isDraining == false { say("disable server", server) }
    }
    let kept = Set((new?.servers ?? []).map(\.id))
    removed = (old?.servers ?? []).filter { !kept.contains($0.id) }.map {
      LeavingServer(path: path($0.id), endpoint: $0.endpoint)
    }
    // The state is an app's last trace: without it all of it is nobody's.
    if new == nil, old != nil { commands.append(.delete(backend, from: generation.states)) }
  }

  private func path(_ id: InstanceID) -> ServerPath {
    ServerPath(backend: backend, name: id.description)
  }

  private mutating func say(_ verb: String, _ server: RouteServer) {
    commands.append(AdminCommand(text: "\(verb) \(path(server.id))"))
  }

  private mutating func take(
    _ server: RouteServer, instead old: RouteServer?
  ) throws(EffectFailure) {
    let place = try HAProxyConfiguration.place(server.endpoint)
    guard let old else {
      _ = try ConfigurationWord.name(server.id.description, "instance")
      // It begins without requests, until it is enabled. Of itself it would keep no connection.
      commands.append(
        AdminCommand(
          text: "add server \(path(server.id)) \(place) pool-max-conn -1 pool-purge-delay 5s",
          done: ["New server registered."]))
      if !server.isDraining { say("enable server", server) }
      return
    }
    if old.endpoint != server.endpoint {
      commands.append(
        AdminCommand(
          text: "set server \(path(server.id)) addr \(server.endpoint.address) "
            + "port \(server.endpoint.port)", done: nil))
    }
    if old.isDraining, !server.isDraining { say("enable server", server) }
  }

  private mutating func setState(from old: AppRoutes?, to new: AppRoutes?) {
    guard let new else { return }
    let word = RouteState(new).word
    if old == nil {
      commands.append(.add(backend, word, to: generation.states))
    } else if old.map({ RouteState($0).word }) != word {
      commands.append(.set(backend, to: word, in: generation.states))
    }
  }

  private mutating func setHosts(
    from old: Set<String>, to new: Set<String>
  ) throws(EffectFailure) {
    for host in new.subtracting(old).sorted() {
      let key = try ConfigurationWord.host(host)
      if host.hasPrefix("*.") {
        changesWildcards = true
      } else {
        commands.append(.add(key, backend, to: generation.hosts))
      }
    }
    for host in old.subtracting(new).sorted() {
      let key = try ConfigurationWord.host(host)
      if host.hasPrefix("*.") {
        changesWildcards = true
      } else {
        commands.append(.delete(key, from: generation.hosts))
      }
    }
  }
}
