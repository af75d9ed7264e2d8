// What the router costs, against a configuration that a person would write by hand for the same
// HAProxy, with the same headers and the same log line: throughput and the slowest of a hundred.

import Effects
import FormationModel
import Foundation
import Router

enum RouterRows {
  private static let hosts = [1, 100, 1_000]
  private static let pairs = 10
  /// The lowest throughput that ours may have of the other's; times are its reciprocal.
  private static let leastThroughput = 0.95

  /// What is measured in one go, with the names of the rows that come out of it.
  static var measurements: [(rows: [String], measure: () async throws -> [Row])] {
    hosts.map { count in (["router-\(count)", "router-\(count)-p99"], { try await byHand(count) }) }
      + [
        (["router-close", "router-none", "router-nginx", "router-caddy"], others),
        (["router-log"], log), (["router-change"], changes),
      ]
  }

  private static func byHand(_ count: Int) async throws -> [Row] {
    try await withTestbed(hosts: count) { bed in
      try against(try bed.peer(.haproxy), bed, "router-\(count)")
    }
  }

  // MARK: - Against HAProxy by hand

  private static func against(_ hand: Peer, _ bed: RouterBed, _ name: String) throws -> [Row] {
    let visitors = Visitors(hosts: bed.hosts)
    // First the other one against itself: how far two equal ones lie apart on this machine.
    let same = try Pairs(pairs) {
      try visitors.visit(hand.port)
    } and: {
      try visitors.visit(hand.port)
    }
    let both = try Pairs(pairs) {
      try visitors.visit(bed.port)
    } and: {
      try visitors.visit(hand.port)
    }
    let noun = bed.hosts == 1 ? "host" : "hosts"
    let least = (1 / both.time.upper).twoDigits
    let spread = max(same.slowest.upper, 1 / same.slowest.lower)
    return [
      Row(
        name: name,
        words: "a request to \(bed.hosts) \(noun), against HAProxy by hand: at least \(least)x of "
          + "its throughput (95 %)",
        ours: both.ours.time, baseline: both.theirs.time, bound: both.time.upper,
        goal: .ratio(1 / leastThroughput)),
      Row(
        name: "\(name)-p99",
        words: "the slowest of a hundred; two equal ones lie \(spread.twoDigits)x apart",
        ours: both.ours.slowest, baseline: both.theirs.slowest, bound: both.slowest.middle,
        goal: .ratio(spread * 1.05)),
    ]
  }

  // MARK: - For comparison

  private static func others() async throws -> [Row] {
    try await withTestbed(hosts: 100) { bed in
      let (visitors, closing) = (Visitors(hosts: 100), Visitors(hosts: 100, closes: true))
      let hand = try bed.peer(.haproxy)
      var rows = [
        try compare("router-close", "with a connection for each request", bed, hand, closing),
        try compare("router-none", "against no router at all", bed, bed.origin, visitors),
      ]
      for (kind, name) in [(Peer.Kind.nginx, "router-nginx"), (.caddy, "router-caddy")] {
        do {
          rows.append(try compare(name, "against \(kind)", bed, try bed.peer(kind), visitors))
        } catch let refusal as Refusal {
          rows.append(
            Row(name: name, words: "", ours: .zero, goal: .none, doubts: [refusal.reason]))
        }
      }
      return rows
    }
  }

  private static func log() async throws -> [Row] {
    try await withTestbed(hosts: 100, collects: true) { bed in
      [
        try compare(
          "router-log", "with Muster taking down each request, against HAProxy by hand", bed,
          try bed.peer(.haproxy), Visitors(hosts: 100))
      ]
    }
  }

  private static func changes() async throws -> [Row] {
    [try await withTestbed(hosts: 1_000, change)]
  }

  private static func compare(
    _ name: String, _ words: String, _ bed: RouterBed, _ peer: Peer, _ visitors: Visitors
  ) throws -> Row {
    let both = try Pairs(3) {
      try visitors.visit(bed.port)
    } and: {
      try visitors.visit(peer.port)
    }
    return Row(
      name: name, words: "a request to 100 hosts, \(words)", ours: both.ours.time,
      baseline: both.theirs.time, goal: .none)
  }

  /// A dyno more and a dyno less, among a thousand apps; a reload would be no change but a start.
  private static func change(_ bed: RouterBed) async throws -> Row {
    let loads = bed.loads
    var samples = Samples()
    for round in 1...50 {
      let app = bed.apps[round * 17 % bed.apps.count]
      for servers in [2, 1] {
        let routes = bed.routes(app, servers: servers)
        let (took, outcome) = await time { await bed.router.route(app, routes) }
        guard case .done = outcome else { throw Refusal(reason: "\(outcome)") }
        samples.add(took)
      }
    }
    guard bed.loads == loads else { throw Refusal(reason: "a change made HAProxy load anew") }
    return Row(
      name: "router-change", words: "a dyno added or taken out among 1000 apps, without a reload",
      ours: samples.median, goal: .time(.milliseconds(5)),
      doubts: [samples.doubt("ours")].compactMap { $0 })
  }

  private static func withTestbed<Result>(
    hosts: Int, collects: Bool = false, _ work: (RouterBed) async throws -> Result
  ) async throws -> Result {
    guard geteuid() == 0 else {
      throw Refusal(reason: "HAProxy gets an account of its own by root")
    }
    let bed = try await RouterBed(hosts: hosts, collects: collects)
    do {
      let result = try await work(bed)
      await bed.remove()
      return result
    } catch {
      await bed.remove()
      throw error
    }
  }
}
