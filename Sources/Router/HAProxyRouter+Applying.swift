// Routes, applied: by commands to the process where it has the app's backend with these settings,
// by one reload for all others that are asked for at the time.

import FormationModel
import Glibc

extension HAProxyRouter {
  /// Performs requests, in order for each app; outcomes by number.
  func perform(_ requests: [RouteRequest]) async -> [Int: Outcome] {
    do throws(AdminSocket.Broken) {
      guard let table = try observe(), let entry = table.entry, let applied else {
        return outcome(.failed(Self.notRunning), of: requests)
      }
      let needsLoad = requests.contains { request in
        request.routes.map { $0.settings != applied.settings[request.app] } ?? false
      }
      if !needsLoad { return change(requests) }
      var apps = table.apps
      for request in requests { apps[request.app] = request.routes }
      do throws(EffectFailure) {
        try await load(entry, apps)
        return outcome(.done, of: requests)
      } catch {
        if requests.count == 1 { return outcome(.failed(error), of: requests) }
      }
    } catch {
      self.table = nil
      return outcome(.failed(Self.lost(error.reason)), of: requests)
    }
    // One of them cannot be done; the others do not wait for it.
    var outcomes: [Int: Outcome] = [:]
    for request in requests { outcomes.merge(await perform([request])) { $1 } }
    return outcomes
  }

  private func outcome(_ outcome: Outcome, of requests: [RouteRequest]) -> [Int: Outcome] {
    Dictionary(uniqueKeysWithValues: requests.map { ($0.number, outcome) })
  }

  /// Performs requests that need no reload. One whose host still leads to another app of them waits
  /// until that has let go.
  private func change(_ requests: [RouteRequest]) -> [Int: Outcome] {
    var outcomes: [Int: Outcome] = [:]
    var pending = requests
    while !pending.isEmpty {
      let first = pending.firstIndex { rivals($0).isEmpty } ?? 0
      let request = pending.remove(at: first)
      outcomes[request.number] = change(request)
    }
    return outcomes
  }

  /// Hosts of the request that lead to another app.
  private func rivals(_ request: RouteRequest) -> Set<String> {
    let wanted = Set(request.routes?.hosts ?? [])
    guard let table else { return [] }
    return table.apps.reduce(into: []) { found, entry in
      if entry.key != request.app { found.formUnion(wanted.intersection(entry.value.hosts)) }
    }
  }

  private func change(_ request: RouteRequest) -> Outcome {
    if let host = rivals(request).min() {
      return .failed(
        EffectFailure("host-twice", "the host \(host) leads to another app", retry: .later))
    }
    guard let proxy, let table else { return .failed(Self.lost("what came before it failed")) }
    var old = table.apps[request.app]
    // One that was to go and is wanted after all is still there.
    for server in request.routes?.servers ?? [] {
      guard let endpoint = leaving[ServerPath(request.app, server.id)] else { continue }
      old?.servers.append(RouteServer(server.id, at: endpoint, isDraining: true))
    }
    do throws(EffectFailure) {
      let change = try RouteChange(
        request.app, from: old, to: request.routes, in: proxy.generation)
      try perform(change, of: request, on: proxy, table)
      return .done
    } catch {
      return .failed(error)
    }
  }

  private func perform(
    _ change: RouteChange, of request: RouteRequest, on proxy: ProxyProcess, _ table: RouteTable
  ) throws(EffectFailure) {
    var next = table
    next.apps[request.app] = request.routes
    let entries = try HostEntries(next.apps.map { (name: $0.key, routes: $0.value) })
    // Until all of it is done, nobody knows.
    self.table = nil
    do throws(AdminSocket.Broken) {
      let socket = try AdminSocket.open(proxy.generation.admin)
      for command in change.commands { try Self.perform(command, socket) }
      if change.changesWildcards { try replaceWildcards(entries, proxy.generation, socket) }
      for server in request.routes?.servers ?? [] {
        leaving[ServerPath(request.app, server.id)] = nil
      }
      try remove(change.removed, socket)
      try sweepLeaving(socket)
      self.table = next
      try observeDraining(next)
    } catch {
      self.table = nil
      throw Self.lost(error.reason)
    }
  }

  private static func perform(
    _ command: AdminCommand, _ socket: AdminSocket
  ) throws(AdminSocket.Broken) {
    let answer = try socket.ask(command.text)
    if command.isDone(answer) { return }
    throw AdminSocket.Broken(reason: "HAProxy to `\(command.text)`: \(answer.printable)")
  }

  /// Puts another list in the place of the one there, at once.
  private func replaceWildcards(
    _ entries: HostEntries, _ generation: Generation, _ socket: AdminSocket
  ) throws(AdminSocket.Broken) {
    let map = generation.wildcards
    guard let version = AdminAnswer.version(try socket.ask("prepare map \(map)")) else {
      throw AdminSocket.Broken(reason: "HAProxy prepares no map")
    }
    for (host, backend) in entries.wildcards {
      let command = AdminCommand(text: "add map @\(version) \(map) \(host) \(backend)")
      try Self.perform(command, socket)
    }
    try Self.perform(AdminCommand(text: "commit map @\(version) \(map)"), socket)
  }

  // MARK: - Leaving servers

  /// Takes servers out, and deletes those that nobody is connected to.
  func remove(
    _ servers: [LeavingServer], _ socket: AdminSocket
  ) throws(AdminSocket.Broken) {
    for server in servers {
      _ = try socket.ask("disable server \(server.path)")
      leaving[server.path] = server.endpoint
    }
    if !servers.isEmpty { try sweepLeaving(socket) }
  }

  /// Deletes servers that were to go and that nobody is connected to any more. Whoever waits for a
  /// dyno that is gone is told.
  func sweepLeaving(_ socket: AdminSocket) throws(AdminSocket.Broken) {
    for (path, endpoint) in leaving {
      if try delete(path, socket) { continue }
      // Connections that it keeps for the next request go when it is taken out once more.
      _ = try socket.ask("set server \(path) state drain")
      _ = try socket.ask("disable server \(path)")
      if try delete(path, socket) || !endpoint.isDead { continue }
      _ = try socket.ask("shutdown sessions server \(path)")
      for _ in 0..<10 {
        if try delete(path, socket) { break }
        usleep(10_000)
      }
    }
  }

  private func delete(
    _ path: ServerPath, _ socket: AdminSocket
  ) throws(AdminSocket.Broken) -> Bool {
    let answer = try socket.ask("del server \(path)")
    guard answer.contains("deleted") || answer.contains("No such") else { return false }
    leaving[path] = nil
    return true
  }

  private static let notRunning = EffectFailure(
    "router-not-running", "the router does not run", retry: .afterObserving)
}

extension Endpoint {
  /// Whether nobody accepts connections there.
  var isDead: Bool {
    guard !address.contains(":") else { return false }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    guard inet_pton(AF_INET, address, &place.sin_addr) == 1 else { return false }
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    if result == 0 { return false }
    guard errno == EINPROGRESS else { return true }
    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&polled, 1, 200) > 0 else { return true }
    return polled.revents & Int16(POLLERR) != 0
  }
}
