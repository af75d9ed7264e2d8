// Where the router is to listen: what platform.yaml says, what this machine says, and what both
// come to.

/// What platform.yaml says of the router.
package struct PlatformRouter: Hashable, Codable, Sendable {
  /// The domain below which each app has a host; nil: `localhost`.
  package var domain: String?
  /// The port for HTTP; nil: 8080.
  package var http: Int?
  /// The port for HTTPS; nil: 8443.
  package var https: Int?
  /// Whether requests by HTTP are sent on to HTTPS, once there is a certificate; nil: they are.
  package var redirects: Bool?
  /// The folder of certificates on the machine; nil: `tls` in the state directory.
  package var certificates: String?

  /// Says nothing.
  package init() {}
}

/// How one machine wants its router. Nothing is listened on beyond loopback unless it says so.
package struct RouterWish: Hashable, Codable, Sendable {
  /// The address to listen on; nil: 127.0.0.1.
  package var address: String?
  /// The port for HTTP; nil: what platform.yaml says.
  package var http: Int?

  /// Wants a router, and nothing particular of it.
  package init(address: String? = nil, http: Int? = nil) {
    self.address = address
    self.http = http
  }

  /// Where it is to listen for a platform.
  package func entry(for platform: PlatformRouter?) -> RouterEntry {
    var entry = RouterEntry()
    if let address { entry.address = address }
    if let port = http ?? platform?.http { entry.http = port }
    if let port = platform?.https { entry.https = port }
    if let redirects = platform?.redirects { entry.redirects = redirects }
    if let folder = platform?.certificates { entry.certificates = folder }
    return entry
  }
}

extension PlatformRouter? {
  /// The host that an app has without asking: `shop.localhost`.
  package func defaultHost(of app: AppName) -> String { "\(app).\(self?.domain ?? "localhost")" }
}
