// A router of ours with apps behind it, one origin that stands for all dynos, and others' routers
// for the same apps. Everything in folders of its own, and gone afterwards.

import Effects
import FormationModel
import Foundation
import Router
import Synchronization

/// What is visited.
final class RouterBed {
  /// The apps, each with one host.
  let apps: [AppName]
  let router: HAProxyRouter
  let origin: Peer
  /// Where ours listens.
  let port: Int
  private let folder: String
  private let run: String
  private var drain: PipeDrain?
  private var peers: [Peer] = []

  var hosts: Int { apps.count }

  /// Starts origin and router. With `collects` the router takes down each request as `serve` does;
  /// else its lines are thrown away, as those of the others are.
  init(hosts: Int, collects: Bool) async throws {
    let number = ProcessInfo.processInfo.processIdentifier
    folder = "/tmp/muster-bench-router-\(number)"
    run = "/run/muster-bench-\(number)"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    apps = (1...hosts).map { AppName(nearestTo: "app-\($0)") }
    origin = try Peer(.origin, apps: [], origin: 0, in: folder)
    let place = RouterFolder(state: folder + "/state", run: run)
    port = try Peer.freePort()
    router = HAProxyRouter(place, stateFolder: folder, collects: collects, clock: now)
    let entry = RouterEntry(http: port, https: try Peer.freePort())
    let routes = apps.map { ($0, self.routes($0, servers: 1)) }
    let table = RouteTable(
      entry: entry, apps: Dictionary(routes, uniquingKeysWith: { first, _ in first }))
    if case .failed(let failure) = await router.open(table) {
      throw Refusal(reason: failure.message)
    }
    if !collects { drain = try PipeDrain(place.requests) }
  }

  /// The routes of an app whose dynos are all the origin.
  func routes(_ app: AppName, servers: Int) -> AppRoutes {
    AppRoutes(
      hosts: ["\(app).bench"], absence: .crashed,
      servers: (1...servers).map { number in
        RouteServer(
          InstanceID(
            slot: SlotID(app, ProcessType(rawValue: "web").unsafelyUnwrapped, number), release: 1,
            attempt: 1), at: Endpoint(address: "127.0.0.1", port: origin.port))
      })
  }

  /// How often HAProxy has loaded its configuration.
  var loads: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run)) ?? []
    return names.compactMap { Int($0) }.max() ?? 0
  }

  /// Another router for the same apps.
  func peer(_ kind: Peer.Kind) throws -> Peer {
    let peer = try Peer(kind, apps: apps, origin: origin.port, in: folder)
    peers.append(peer)
    return peer
  }

  /// Ends and removes everything.
  func remove() async {
    await router.stopCollecting()
    await router.close()
    for peer in peers + [origin] { peer.end() }
    drain?.end()
    try? FileManager.default.removeItem(atPath: folder)
    try? FileManager.default.removeItem(atPath: run)
  }
}

/// Empties a pipe for log lines that nobody keeps, as often as Muster does.
final class PipeDrain: Sendable {
  private static let pause: Int32 = 5
  private let isOver = Atomic(false)

  init(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw Refusal(reason: "no pipe at \(path)") }
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 256 << 10)
      while !isOver.load(ordering: .relaxed), read(descriptor, &buffer, buffer.count) > 0 {
        poll(nil, 0, Self.pause)
      }
      close(descriptor)
    }
  }

  /// Ends it with the next line that comes, or with the program.
  func end() { isOver.store(true, ordering: .relaxed) }
}

/// A socket for log lines that nobody keeps.
final class LogDrain: Sendable {
  private let descriptor: Int32

  init(at path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: Array(path.utf8).prefix(107))
    }
    unlink(path)
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isBound, chmod(path, 0o666) == 0 else { throw Refusal(reason: "no socket at \(path)") }
    let receiving = descriptor
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 16_384)
      while recv(receiving, &buffer, buffer.count, 0) > 0 {}
    }
  }

  func end() {
    shutdown(descriptor, Int32(SHUT_RD))
    close(descriptor)
  }
}
