// A router of a test's own: a folder, an address, and nothing left of it afterwards.

import Effects
import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

/// A router and whoever asks it.
struct Rig: Sendable {
  let root: String
  let folder: RouterFolder
  let entry: RouterEntry
  let router: HAProxyRouter

  static let isPossible = access("/usr/sbin/haproxy", X_OK) == 0
  static let reason: Comment = "haproxy is not installed: apt-get install haproxy"

  var visitor: Visitor {
    Visitor(place: Endpoint(address: entry.address, port: entry.http))
  }

  /// Another value for the same router, as after a restart of Muster.
  func another() -> HAProxyRouter {
    HAProxyRouter(folder, pages: "\(root)/pages", stateFolder: root) { Rig.now }
  }

  /// A table of these apps.
  func table(_ apps: [AppName: AppRoutes]) -> RouteTable { RouteTable(entry: entry, apps: apps) }

  /// The process that listens.
  func pid() async -> pid_t? { await router.proxy?.pid }

  static var now: LoopTime {
    LoopTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }
}

/// Runs a test with a router; ends it, and shows that nothing is left.
func withRouter(
  collects: Bool = false, patience: Duration = HAProxyRouter.patience,
  _ test: (Rig) async throws -> Void
) async throws {
  let number = UInt32.random(in: .min ... .max)
  let root = "/tmp/muster-router-\(String(number, radix: 36))"
  for name in ["state", "pages", "tls"] {
    try FileManager.default.createDirectory(
      atPath: "\(root)/\(name)", withIntermediateDirectories: true)
  }
  defer { try? FileManager.default.removeItem(atPath: root) }
  let folder = RouterFolder(state: "\(root)/state", run: "\(root)/run")
  // An address of its own: nobody else can be on its ports.
  let address = "127.\(number >> 8 & 63 | 128).\(number >> 16 & 255).\(number >> 24)"
  let rig = Rig(
    root: root, folder: folder, entry: RouterEntry(address: address),
    router: HAProxyRouter(
      folder, pages: "\(root)/pages", stateFolder: root, collects: collects, patience: patience,
      clock: { Rig.now }))
  do {
    try await test(rig)
  } catch {
    await rig.router.close()
    throw error
  }
  await rig.router.close()
  #expect(processes(naming: folder.run).isEmpty, "a process is left")
  #expect(access(folder.run, F_OK) != 0, "files are left")
}

/// Processes that have the text in their arguments.
func processes(naming text: String) -> [pid_t] {
  RouterFiles.names(in: "/proc").compactMap { pid_t($0) }.filter {
    RouterFiles.text("/proc/\($0)/cmdline")?.contains(text) == true
  }
}

extension AppName {
  static let shop = AppName(nearestTo: "shop")
  static let blog = AppName(nearestTo: "blog")

  /// A web dyno's instance.
  func web(_ ordinal: Int, release: Int = 1) -> InstanceID {
    InstanceID(
      slot: SlotID(self, ProcessType(rawValue: "web").unsafelyUnwrapped, ordinal),
      release: release, attempt: 1)
  }
}

extension AppRoutes {
  /// Routes to origins, numbered from 1.
  init(
    _ app: AppName, _ origins: [Origin], absence: RouteAbsence = .crashed,
    hosts: [String]? = nil
  ) {
    let servers = origins.enumerated().map { index, origin in
      RouteServer(app.web(index + 1), at: origin.endpoint)
    }
    self.init(hosts: hosts ?? ["\(app).test"], absence: absence, servers: servers)
  }

  /// The same with one server draining.
  func draining(_ ordinal: Int) -> AppRoutes {
    var routes = self
    for index in routes.servers.indices where routes.servers[index].id.slot.ordinal == ordinal {
      routes.servers[index].isDraining = true
    }
    return routes
  }

  /// The same without one server.
  func without(_ ordinal: Int) -> AppRoutes {
    var routes = self
    routes.servers.removeAll { $0.id.slot.ordinal == ordinal }
    return routes
  }
}

extension ObservedRouting {
  /// How far a draining server is.
  func draining(_ id: InstanceID) -> Draining? {
    if case .table(_, let draining) = self { draining[id] } else { nil }
  }
}

extension Outcome {
  var failure: EffectFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}
