// What the router has to do, as values: which hosts lead to which app, and which of its web dynos
// take requests. Whether it does is for `ObservedRouting` to say.

/// Everything that the router does.
package struct RouteTable: Hashable, Codable, Sendable {
  /// Where it listens, and for what; nil: it does not run.
  package var entry: RouterEntry?
  /// What it does for each app that has a web process.
  package var apps: [AppName: AppRoutes]

  /// Makes a table; without anything the one of a router that does not run.
  package init(entry: RouterEntry? = nil, apps: [AppName: AppRoutes] = [:]) {
    self.entry = entry
    self.apps = apps
  }
}

/// Where the router listens.
package struct RouterEntry: Hashable, Codable, Sendable {
  /// The address on which it listens, `127.0.0.1`.
  package var address: String
  /// The port for HTTP.
  package var http: Int
  /// The port for HTTPS; nothing listens there as long as there is no certificate.
  package var https: Int
  /// Whether requests by HTTP are sent on to HTTPS, once there is a certificate.
  package var redirects: Bool
  /// The folder of certificates, from the state directory when it is not absolute: `tls`.
  package var certificates: String

  /// Makes an entry: on loopback, unless told otherwise.
  package init(
    address: String = "127.0.0.1", http: Int = 8080, https: Int = 8443, redirects: Bool = true,
    certificates: String = "tls"
  ) {
    self.address = address
    self.http = http
    self.https = https
    self.redirects = redirects
    self.certificates = certificates
  }
}

/// What the router does for one app.
package struct AppRoutes: Hashable, Codable, Sendable {
  /// Hosts that lead to the app, sorted; `*.example.com` stands for all below.
  package var hosts: [String]
  /// What visitors get while no dyno can take their request.
  package var absence: RouteAbsence
  /// Whether visitors get the maintenance page, whatever runs.
  package var isInMaintenance: Bool
  /// How requests are handed on.
  package var settings: RoutingSettings
  /// Web dynos that take requests, or end those that they have, sorted by id.
  package var servers: [RouteServer]

  /// Makes an app's routes.
  package init(
    hosts: [String], absence: RouteAbsence, isInMaintenance: Bool = false,
    settings: RoutingSettings = RoutingSettings(), servers: [RouteServer] = []
  ) {
    self.hosts = hosts.sorted()
    self.absence = absence
    self.isInMaintenance = isInMaintenance
    self.settings = settings
    self.servers = servers.sorted { $0.id < $1.id }
  }
}

/// Why no dyno can take a request. Heroku's codes: H20 after 75 s, H10, H14, H81.
package enum RouteAbsence: String, Hashable, Codable, Sendable, CaseIterable {
  /// A dyno boots: requests wait for it, up to 75 s.
  case booting
  /// Every dyno crashed, or did not boot.
  case crashed
  /// The formation has no web dyno.
  case none
  /// Nothing was deployed yet.
  case blank
}

/// How an app's requests are handed on.
package struct RoutingSettings: Hashable, Codable, Sendable {
  /// Until the first byte of an answer. Heroku: 30 s (H12).
  package var timeout: Duration = .seconds(30)
  /// Without a byte in either direction, of event streams and WebSockets. Heroku: 55 s (H15).
  package var idle: Duration = .seconds(55)
  /// Whether a visitor stays with one dyno.
  package var affinity = false

  /// Makes settings with Heroku's defaults.
  package init() {}
}

/// A web dyno as the router has it.
package struct RouteServer: Hashable, Codable, Sendable {
  /// The instance.
  package let id: InstanceID
  /// Where it is reached.
  package let endpoint: Endpoint
  /// Whether it gets no new request and only ends those that it has.
  package var isDraining: Bool

  /// Makes a server.
  package init(_ id: InstanceID, at endpoint: Endpoint, isDraining: Bool = false) {
    self.id = id
    self.endpoint = endpoint
    self.isDraining = isDraining
  }
}

/// What a router says of itself.
package enum ObservedRouting: Hashable, Codable, Sendable {
  /// Nobody asked for a router: dynos are started and stopped without it.
  case none
  /// What it does at this moment, and how far its draining servers are.
  case table(RouteTable, draining: [InstanceID: Draining])
  /// It could not be asked, and why. Nobody waits for it.
  case unavailable(reason: String)
}

/// How far a server is that drains.
package struct Draining: Hashable, Codable, Sendable {
  /// Since when it drains; the best knowledge there is.
  package let since: LoopTime
  /// Whether it still has requests or open WebSockets.
  package let isBusy: Bool

  /// Makes a state.
  package init(since: LoopTime, isBusy: Bool) {
    self.since = since
    self.isBusy = isBusy
  }
}

extension ObservedRouting {
  /// The table; nil when there is none to go by.
  package var table: RouteTable? {
    if case .table(let table, _) = self { table } else { nil }
  }

  /// The server of an instance; nil when the router has none.
  package func server(of id: InstanceID) -> RouteServer? {
    guard let app = id.slot.app else { return nil }
    return table?.apps[app]?.servers.first { $0.id == id }
  }
}
