// What the router does, found out: which process is ours, what it does, how far its draining
// servers are.

import Dispatch
import FormationModel
import Glibc

extension HAProxyRouter {
  /// How long what we know is taken for what is: somebody may have changed it by hand.
  private static let trust = Duration.seconds(60)
  private static let watches = DispatchQueue(label: "muster.router.watch")

  /// What the process does; nil when none listens, or it is not known what it was loaded with.
  func observe() throws(AdminSocket.Broken) -> RouteTable? {
    if let proxy, !proxy.hasEnded, let table, readAt.duration(to: .now) < Self.trust {
      return table
    }
    adopt()
    guard let proxy, let applied else { return nil }
    let socket = try AdminSocket.open(proxy.generation.admin)
    collect()
    let live = try LiveTable(socket, proxy.generation, applied)
    for command in live.strays { _ = try socket.ask(command.text) }
    try remove(live.strayServers, socket)
    var found = live.table
    for app in found.apps.keys {
      found.apps[app]?.servers.removeAll { leaving[ServerPath(app, $0.id)] != nil }
    }
    table = found
    readAt = .now
    return found
  }

  /// Finds the process that listens, whoever started it, and those that end what they have.
  func adopt() {
    let running = folder.generations().compactMap(ProxyProcess.init)
    // One that was told to end answers nobody any more.
    let newest = running.last.flatMap { AdminSocket.isListening($0.generation.admin) ? $0 : nil }
    predecessors = running.filter { $0.generation != newest?.generation }
    // It may be one that a Muster which died was about to tell.
    if newest != nil { for process in predecessors { process.signal(SIGUSR1) } }
    if let newest, newest.generation == proxy?.generation { return }
    forget()
    if let newest { use(newest) }
  }

  /// Takes a process as the one that listens.
  func use(_ process: ProxyProcess) {
    proxy = process
    applied = AppliedConfiguration(process.generation)
    let hints = hints
    process.whenEnded(on: Self.watches) { hints.tell() }
  }

  // MARK: - Draining

  /// Looks at the servers that drain; tells whoever listens when one has become idle.
  func observeDraining(_ table: RouteTable) throws(AdminSocket.Broken) {
    let servers = table.apps.mapValues { $0.servers.filter(\.isDraining) }.filter {
      !$0.value.isEmpty
    }
    let all = servers.values.joined()
    draining.keep(Set(all.map(\.id)))
    guard let proxy, !servers.isEmpty || !leaving.isEmpty else { return }
    let socket = try AdminSocket.open(proxy.generation.admin)
    try sweepLeaving(socket)
    predecessors.removeAll(where: \.hasEnded)
    // Before a reload, requests went by a process that can no longer be asked.
    let connected = predecessors.reduce(into: Set<Endpoint>()) { found, process in
      found.formUnion(SocketTable.connected(process.pid, to: Set(all.map(\.endpoint))))
    }
    var isNews = false
    for (app, servers) in servers {
      let answer = try socket.ask("show stat \(app.backend) 4 -1")
      guard let sessions = AdminAnswer.sessions(answer) else {
        throw AdminSocket.Broken(reason: "HAProxy does not tell its sessions")
      }
      for server in servers {
        let isBusy =
          sessions[server.id.description, default: 0] > 0 || connected.contains(server.endpoint)
        isNews = draining.note(server.id, isBusy: isBusy, at: clock()) || isNews
      }
    }
    if isNews { hints.tell() }
  }

  /// Looks at busy servers again and again, only while there are some.
  func watchDraining() {
    guard drainWatch == nil, draining.hasBusy else { return }
    drainWatch = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(75))
        guard await self?.lookAtDraining() == true else { return }
      }
    }
  }

  /// Whether there is something left to look at.
  private func lookAtDraining() async -> Bool {
    await takeTurn()
    defer { endTurn() }
    if let table, proxy?.hasEnded == false, (try? observeDraining(table)) != nil, draining.hasBusy {
      return true
    }
    drainWatch = nil
    return false
  }
}

/// How far draining servers are.
struct DrainingServers: Sendable {
  private(set) var state: [InstanceID: Draining] = [:]

  var hasBusy: Bool { state.values.contains(where: \.isBusy) }

  /// Forgets those that drain no more.
  mutating func keep(_ ids: Set<InstanceID>) { state = state.filter { ids.contains($0.key) } }

  /// Notes what was seen; whether it was busy and is no more.
  mutating func note(_ id: InstanceID, isBusy: Bool, at now: LoopTime) -> Bool {
    let before = state.updateValue(
      Draining(since: state[id]?.since ?? now, isBusy: isBusy), forKey: id)
    return before?.isBusy == true && !isBusy
  }
}

extension ServerPath {
  init(_ app: AppName, _ id: InstanceID) {
    self.init(backend: app.backend, name: id.description)
  }
}
