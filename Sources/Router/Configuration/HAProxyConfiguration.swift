// HAProxy's files for a route table on a machine: the same bytes for the same values. What each
// rule of it is for is said beside the rule.

import FormationModel

/// A configuration; nothing is written.
struct HAProxyConfiguration: Sendable {
  /// One file.
  struct File: Hashable, Sendable {
    let path: String
    let text: String
  }

  let entry: RouterEntry
  /// By name.
  let apps: [(name: AppName, routes: AppRoutes)]
  let machine: RouterMachine
  let pages: RouterPages
  /// How long a request waits for a dyno that boots.
  let patience: Duration
  let generation: Generation
  let folder: RouterFolder

  init(
    _ entry: RouterEntry, _ apps: [AppName: AppRoutes], on machine: RouterMachine,
    pages: RouterPages = RouterPages(), patience: Duration = HAProxyRouter.patience,
    generation: Generation, folder: RouterFolder
  ) {
    self.entry = entry
    self.apps = apps.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { (name: $0.key, routes: $0.value) }
    self.machine = machine
    self.pages = pages
    self.patience = patience
    self.generation = generation
    self.folder = folder
  }

  /// Every file. Fails with `bad-router-word` when something is no word that may stand in one, and
  /// `host-twice` when two apps have a host.
  func files() throws(EffectFailure) -> [File] {
    _ = try ConfigurationWord.path(folder.run, "folder")
    let hosts = try HostEntries(apps)
    var text = global + httpErrors + (try base()) + (try frontends()) + appDefaults
    for (name, routes) in apps { text += try backend(name, routes) }
    return [
      File(path: generation.configuration, text: text),
      File(path: generation.hosts, text: Self.map(hosts.exact)),
      File(path: generation.wildcards, text: Self.map(hosts.wildcards)),
      File(
        path: generation.states,
        text: Self.map(apps.map { ($0.name.backend, RouteState($0.routes).word) })),
      File(
        path: generation.script,
        text: GateScript.text(states: generation.states, patience: patience)),
    ]
      + RouterPages.all.map {
        File(path: generation.page($0.name), text: pages.answer($0))
      }
  }

  private static func map(_ entries: [(String, String)]) -> String {
    entries.map { "\($0) \($1)\n" }.joined()
  }

  // MARK: - Apps

  private func backend(_ app: AppName, _ routes: AppRoutes) throws(EffectFailure) -> String {
    let settings = routes.settings
    let timeout = try Self.milliseconds(settings.timeout, "timeout")
    let idle = try Self.milliseconds(settings.idle, "idle timeout")
    var text = """

      backend \(try ConfigurationWord.name(app.backend, "app")) from app
          timeout server \(timeout)
          timeout tunnel \(idle)
          http-request set-timeout server \(idle) if { req.fhdr(accept) -m sub text/event-stream }

      """
    if settings.affinity { text += Self.affinity }
    for server in routes.servers {
      let name = try ConfigurationWord.name(server.id.description, "instance")
      let place = try Self.place(server.endpoint)
      text += "    server \(name) \(place)\(server.isDraining ? " disabled" : "")\n"
    }
    return text
  }

  /// `127.0.0.1:8080`.
  static func place(_ endpoint: Endpoint) throws(EffectFailure) -> String {
    let address = try ConfigurationWord.address(endpoint.address, "address of a dyno")
    return "\(address):\(try ConfigurationWord.port(endpoint.port, "port of a dyno"))"
  }

  static func milliseconds(_ span: Duration, _ what: String) throws(EffectFailure) -> String {
    let number = span.inMilliseconds
    guard (1...86_400_000).contains(number) else {
      throw EffectFailure(
        "bad-router-word", "the \(what) \(span) cannot be routed", fix: "use 1 ms to 24 h",
        retry: .withNewContent)
    }
    return "\(number)ms"
  }

  /// The cookie names the dyno, so that it holds through reloads. One that drains or is gone is
  /// passed over and the visitor gets another.
  private static let affinity = #"""
        use-server %[req.cook(muster-session-affinity)] if \#
    { req.cook(muster-session-affinity) -m found }
        http-request set-var(txn.pin) req.cook(muster-session-affinity)
        http-response set-var(txn.dyno) srv_name
        http-response add-header Set-Cookie \#
    "muster-session-affinity=%[srv_name]; Path=/; HttpOnly; SameSite=Lax" \#
    if !{ var(txn.pin),strcmp(txn.dyno) eq 0 }

    """#
}

/// Hosts and where they lead, as maps have them.
struct HostEntries: Sendable {
  /// Sorted.
  private(set) var exact: [(String, String)] = []
  /// The longest first: the first that fits is taken.
  private(set) var wildcards: [(String, String)] = []

  /// Fails with `bad-router-word`, or `host-twice`: a host leads to one app.
  init(_ apps: [(name: AppName, routes: AppRoutes)]) throws(EffectFailure) {
    var owners: [String: AppName] = [:]
    for (app, routes) in apps {
      for host in routes.hosts {
        let key = try ConfigurationWord.host(host)
        if let other = owners.updateValue(app, forKey: host.lowercased()) {
          if other == app { continue }
          throw EffectFailure(
            "host-twice", "the host \(host) is \(other)'s and \(app)'s", retry: .withNewContent)
        }
        if host.hasPrefix("*.") {
          wildcards.append((key, app.backend))
        } else {
          exact.append((key, app.backend))
        }
      }
    }
    exact.sort { $0.0 < $1.0 }
    wildcards.sort { ($1.0.utf8.count, $0.0) < ($0.0.utf8.count, $1.0) }
  }
}
