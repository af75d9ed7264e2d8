// What a process does, put together from its answers and from what it was loaded with, and what in
// it nobody of ours can have put there.

import FormationModel

/// What a process does.
struct LiveTable: Sendable {
  /// As the model has it.
  private(set) var table: RouteTable
  /// Servers and hosts that belong to no app of the table, as commands that remove them.
  private(set) var strays: [AdminCommand] = []
  /// Stray servers, which may have requests.
  private(set) var strayServers: [LeavingServer] = []

  /// Asks the process. Fails when it does not answer, or not what it is asked.
  init(
    _ socket: AdminSocket, _ generation: Generation, _ applied: AppliedConfiguration
  ) throws(AdminSocket.Broken) {
    func map(_ path: String) throws(AdminSocket.Broken) -> [(key: String, value: String)] {
      guard let entries = AdminAnswer.map(try socket.ask("show map \(path)")) else {
        throw AdminSocket.Broken(reason: "HAProxy has no map \(path)")
      }
      return entries
    }
    guard let servers = AdminAnswer.servers(try socket.ask("show servers state")) else {
      throw AdminSocket.Broken(reason: "HAProxy does not tell its servers")
    }
    self.init(
      applied, states: try map(generation.states), hosts: try map(generation.hosts),
      wildcards: try map(generation.wildcards), servers: servers, generation)
  }

  /// Puts answers together.
  init(
    _ applied: AppliedConfiguration, states: [(key: String, value: String)],
    hosts: [(key: String, value: String)], wildcards: [(key: String, value: String)],
    servers: [LiveServer], _ generation: Generation
  ) {
    table = RouteTable(entry: applied.entry)
    for (backend, word) in states {
      guard let app = AppName(backend: backend), let settings = applied.settings[app],
        let state = RouteState(word), table.apps[app] == nil
      else {
        strays.append(.delete(backend, from: generation.states))
        continue
      }
      table.apps[app] = AppRoutes(
        hosts: [], absence: state.absence, isInMaintenance: state.isInMaintenance,
        settings: settings)
    }
    take(hosts, prefix: "", in: generation.hosts)
    take(wildcards, prefix: "*", in: generation.wildcards)
    take(servers)
  }

  private mutating func take(
    _ entries: [(key: String, value: String)], prefix: String, in map: String
  ) {
    var hosts: [AppName: Set<String>] = [:]
    var seen: Set<String> = []
    for (host, backend) in entries {
      // Of two entries for a host the first leads, and the second is nobody's.
      guard let app = AppName(backend: backend), table.apps[app] != nil, seen.insert(host).inserted
      else {
        strays.append(.delete(host, from: map))
        seen.insert(host)
        continue
      }
      hosts[app, default: []].insert(prefix + host)
    }
    for (app, names) in hosts {
      guard let routes = table.apps[app] else { continue }
      table.apps[app]?.hosts = (routes.hosts + names).sorted()
    }
  }

  private mutating func take(_ servers: [LiveServer]) {
    var found: [AppName: [RouteServer]] = [:]
    // Whom a replaced process hands its visitors to is no dyno either, and has to stay.
    for server in servers where server.backend.hasPrefix(AppName.backendPrefix) {
      let endpoint = Endpoint(address: server.address, port: server.port)
      guard let app = AppName(backend: server.backend), let id = InstanceID(server.name),
        id.slot.app == app, table.apps[app] != nil
      else {
        let path = ServerPath(backend: server.backend, name: server.name)
        strayServers.append(LeavingServer(path: path, endpoint: endpoint))
        continue
      }
      found[app, default: []].append(RouteServer(id, at: endpoint, isDraining: server.isOut))
    }
    for (app, servers) in found { table.apps[app]?.servers = servers.sorted { $0.id < $1.id } }
  }
}
