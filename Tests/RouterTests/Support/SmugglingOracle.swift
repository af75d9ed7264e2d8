// The judge of a router: what a strict server finds in the bytes that it got is what the router's
// log has as sent to a server, and who the visitor is, is the router's word alone.

import Effects
import FormationModel
import Foundation
import Glibc
import Testing

@testable import Router

/// A router, the log of its requests, and the origin behind it.
struct SmugglingRange: Sendable {
  let rig: Rig
  let origin: RecordingOrigin
  let isEncrypted: Bool

  /// What both the log and the origin say of a request.
  struct Sent: Hashable, CustomStringConvertible {
    let method: String
    let path: String
    let host: String
    let id: String

    var description: String { "\(method) \(path) \(host) \(id)" }
  }

  /// The requests that the log has as sent to a server, oldest first.
  func logged() throws -> [Sent] {
    try RequestLog(rig.folder).entries(LogQuery(app: nil, count: 10_000)).compactMap { entry in
      guard case .request(let record) = entry, !record.server.isEmpty else { return nil }
      return Sent(
        method: record.method, path: Self.path(record.path), host: record.host,
        id: record.requestID)
    }
  }

  /// The requests that came to the origin, oldest first, as a log would write them.
  func arrived() -> [Sent] {
    origin.arrivals.map { request in
      let target = RequestField.text(Array(request.target.utf8)[...], limit: 4 << 10)
      let ids = request.values("x-request-id").joined(separator: " and ")
      return Sent(method: request.method, path: Self.path(target), host: request.host, id: ids)
    }
  }

  /// A log has no path for `*` and for a URL without one; both are about the whole server.
  private static func path(_ target: String) -> String {
    target.isEmpty || target == "*" ? "/" : target
  }

  /// Judges what a probe has come to. `run` sends it and gives the answers' statuses.
  func judge(
    _ probe: String, _ expected: SmugglingProbe.Expected, _ run: () async throws -> String
  ) async throws {
    let (before, loggedBefore) = (origin.arrivals.count, try logged().count)
    let failuresBefore = origin.failures.count
    let answers = try await run()
    // A line comes once its request has ended, and a body may end after its answer.
    _ = try await eventually(within: .seconds(5)) {
      try compared(origin.arrivals.dropFirst(before).map(\.summary))
        == compared(expected.arrivals)
        && compared(logged().dropFirst(loggedBefore)) == compared(arrived().dropFirst(before))
    }
    let arrivals = origin.arrivals.dropFirst(before)
    let sent = arrived().dropFirst(before)
    let lines = try logged().dropFirst(loggedBefore)
    var faults = origin.failures.dropFirst(failuresBefore).map { "no request: \($0)" }
    if answers != expected.answers { faults.append("answers: \(answers)") }
    let summaries = arrivals.map(\.summary)
    if compared(summaries) != compared(expected.arrivals) { faults.append("arrived: \(summaries)") }
    if compared(lines) != compared(sent) {
      faults.append("logged: \(Array(lines)), arrived: \(Array(sent))")
    }
    faults += arrivals.flatMap(doubts)
    #expect(faults == [], "\(probe)")
  }

  /// As lists are compared: streams of one connection run at once, and which of them comes first is
  /// chance.
  func compared<Item: CustomStringConvertible>(_ items: some Sequence<Item>) -> [String] {
    let words = items.map(\.description)
    return isEncrypted ? words.sorted() : words
  }

  /// What somebody else than the router seems to have said in a request.
  func doubts(of request: StrictRequest) -> [String] {
    let scheme = isEncrypted ? "https" : "http"
    let port = isEncrypted ? rig.entry.https : rig.entry.http
    let own = [
      "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": scheme, "x-forwarded-port": "\(port)",
    ]
    var doubts = own.sorted { $0.key < $1.key }.compactMap { name, value in
      request.values(name) == [value] ? nil : "\(name): \(request.values(name))"
    }
    let ids = request.values("x-request-id")
    let characters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=-")
    if ids.count != 1 || !(20...200).contains(ids[0].count) || !characters.isSuperset(of: ids[0]) {
      doubts.append("x-request-id: \(ids)")
    }
    let starts = request.values("x-request-start").compactMap { Int64($0) }
    if starts.count != 1 || abs(starts[0] - Rig.now.milliseconds) > 60_000 {
      doubts.append("x-request-start: \(request.values("x-request-start"))")
    }
    let banned: Set = ["forwarded", "x-real-ip", "proxy", "http2-settings"]
    for field in request.fields where own[field.name] == nil {
      let isOdd = field.name.contains { !$0.isLetter && !$0.isNumber && $0 != "-" }
      if isOdd || banned.contains(field.name) || field.name.hasPrefix("x-forwarded-") {
        doubts.append("\(field.name): \(field.value)")
      }
    }
    // What a server takes for the next hop's alone may be none of the router's words.
    let hops: Set = ["close", "keep-alive", "upgrade"]
    doubts += request.values("connection").filter { !hops.contains($0.lowercased()) }
    doubts += request.values("upgrade").filter { $0.lowercased() != "websocket" }
    return doubts
  }
}

/// Runs a test with a router; once the router has ended, nothing more may have come.
func withSmugglingRange(
  encrypted: Bool = false, _ test: (SmugglingRange) async throws -> Void
) async throws {
  let origin = try RecordingOrigin()
  defer { origin.close() }
  try await withRouter { rig async throws in
    let range = SmugglingRange(rig: rig, origin: origin, isEncrypted: encrypted)
    if encrypted {
      let authority = try await Authority(rig)
      try await authority.issue("shop.test", to: "\(rig.root)/tls/shop.test.pem")
    }
    try await rig.router.makeJail()
    let collector = try RequestCollector(rig.folder)
    defer { collector.stop() }
    let table = rig.table([.shop: range.routes(.shop), .blog: range.routes(.blog)])
    #expect(await rig.router.open(table) == .done)
    try await test(range)
    await rig.router.close()
    collector.stop()
    #expect(
      try range.compared(range.logged()) == range.compared(range.arrived()),
      "the log once all has ended")
    #expect(origin.failures == [])
    #expect(collector.metrics().losses.lost == [:])
  }
}

extension SmugglingRange {
  fileprivate func routes(_ app: AppName) -> AppRoutes {
    let server = RouteServer(app.web(1), at: origin.endpoint)
    return AppRoutes(hosts: ["\(app).test"], absence: .crashed, servers: [server])
  }
}
