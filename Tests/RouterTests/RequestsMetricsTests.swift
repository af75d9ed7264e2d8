// Counting requests: percentiles against the sorted truth, windows that slide, apps beyond the
// limit.

import FormationModel
import Foundation
import Testing

@testable import Router

@Suite struct RequestsMetricsTests {
  private static let start: Int64 = 1_800_000_000_000

  private func time(_ seconds: Int64) -> LoopTime {
    LoopTime(milliseconds: Self.start + seconds * 1000)
  }

  private func record(
    _ seconds: Int64, total: Int = 40, app: String = "shop",
    change: (inout RequestsLine) -> Void = { _ in }
  ) throws -> RequestRecord {
    try RequestsLine.with {
      $0.backend = "app.\(app)"
      $0.total = "\(total)"
      change(&$0)
    }.record(at: Self.start + seconds * 1000)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `percentiles are within 2 % of the sorted truth`(seed: UInt64) {
    var chance = RequestsChance(seed: seed)
    var histogram = ServiceHistogram()
    var truth: [Int] = []
    for _ in 0..<Int.random(in: 1...5_000, using: &chance) {
      // From a millisecond to a day, all sizes alike.
      let span = Int(exp(Double.random(in: 0...18, using: &chance)))
      truth.append(span)
      histogram.add(milliseconds: span)
    }
    truth.sort()
    for part in [0.01, 0.5, 0.9, 0.95, 0.99, 1] {
      let exact = truth[max(1, Int((part * Double(truth.count)).rounded(.up))) - 1]
      let told = histogram.percentile(part) ?? -1
      #expect(abs(Double(told - exact)) <= 0.02 * Double(exact), "\(part): \(told) for \(exact)")
    }
  }

  @Test func `each bucket holds its own middle, and no span is out of reach`() {
    for bucket in 0..<800 {
      #expect(ServiceHistogram.bucket(of: ServiceHistogram.middle(of: bucket)) == bucket)
    }
    var histogram = ServiceHistogram()
    histogram.add(milliseconds: -5)
    histogram.add(milliseconds: .max)
    #expect(histogram.percentile(0.5) == 0 && histogram.percentile(0) == 0)
    #expect(histogram.percentile(1).map { $0 > 1 << 29 } == true)
    #expect(ServiceHistogram().percentile(0.5) == nil)
  }

  @Test func `totals, classes, codes, bytes and times are counted by app`() throws {
    var metrics = RouteMetrics(since: time(0))
    metrics.record(try record(1))
    metrics.record(try record(2) { $0.status = "404" })
    metrics.record(
      try record(3) { ($0.status, $0.termination, $0.response) = ("504", "sH", "-1") })
    metrics.record(try record(4, app: "blog"))
    metrics.record(try record(5) { $0.backend = "no-such-app" })
    let snapshot = metrics.snapshot(at: time(6), losses: RequestLosses())
    #expect(snapshot.apps.map { $0.app?.rawValue } == ["blog", "shop"])
    let shop = try #require(snapshot.apps.last)
    #expect(shop.requests == 3 && shop.bytes == 3 * 915 && shop.last == time(3))
    #expect(shop.statuses == ["2xx": 1, "4xx": 1, "5xx": 1] && shop.codes == ["H12": 1])
    #expect(shop.minute.requests == 3 && shop.minute.serverErrors == 1)
    #expect(shop.service?.p50Milliseconds == 39 && shop.minute.queue?.p99Milliseconds == 0)
    #expect(snapshot.unrouted.requests == 1)
  }

  @Test func `windows forget what is too old, and totals do not`() throws {
    var metrics = RouteMetrics(since: time(0))
    for second in 0..<600 { metrics.record(try record(Int64(second), total: second + 1)) }
    let shop = try #require(metrics.snapshot(at: time(600), losses: RequestLosses()).apps.first)
    #expect(shop.requests == 600)
    #expect(shop.minute.requests == 50 && shop.fiveMinutes.requests == 290)
    #expect(abs(shop.minute.perSecond - 1) < 0.01 && abs(shop.fiveMinutes.perSecond - 1) < 0.01)
    #expect(shop.minute.service.map { (560...585).contains($0.p50Milliseconds) } == true)
    let later = try #require(metrics.snapshot(at: time(901), losses: RequestLosses()).apps.first)
    #expect(later.fiveMinutes.requests == 0 && later.fiveMinutes.service == nil)
    #expect(later.requests == 600)
  }

  @Test func `a clock that is set back leaves no request in the windows for ever`() throws {
    var metrics = RouteMetrics(since: time(0))
    metrics.record(try record(100_000))
    metrics.record(try record(10))
    let shop = try #require(metrics.snapshot(at: time(11), losses: RequestLosses()).apps.first)
    #expect(shop.fiveMinutes.requests == 1 && shop.requests == 2)
  }

  @Test func `apps beyond the limit count together until idle ones make room`() throws {
    var metrics = RouteMetrics(since: time(0), limit: 2)
    for app in ["app-a", "app-b", "app-c"] { metrics.record(try record(1, app: app)) }
    var snapshot = metrics.snapshot(at: time(2), losses: RequestLosses())
    #expect(snapshot.apps.count == 2 && snapshot.unrouted.requests == 1)
    metrics.record(try record(86_500, app: "app-a"))
    metrics.forget(at: time(86_600))
    metrics.record(try record(86_600, app: "app-c"))
    snapshot = metrics.snapshot(at: time(86_600), losses: RequestLosses())
    #expect(snapshot.apps.map { $0.app?.rawValue } == ["app-a", "app-c"])
  }

  @Test func `numbers that do not add up do not end the program`() throws {
    var metrics = RouteMetrics(since: time(0))
    for _ in 0..<10_000 {
      metrics.record(
        try record(1) { ($0.bytes, $0.total) = ("999999999999999", "999999999999999") })
    }
    let shop = metrics.snapshot(at: time(2), losses: RequestLosses()).apps.first
    #expect(shop?.requests == 10_000 && shop?.bytes == .max)
  }
}
