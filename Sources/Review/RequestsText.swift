// The requests of an app as numbers: a line for people, and JSON.

import FormationModel

/// Words for the requests of one app.
enum RequestsText {
  /// `240 requests in the last minute (4 a second), 2 of them failed, p50 12ms, p95 40ms, p99 80ms,
  /// 3 under way; 51240 since 2026/11/22 03:04:11 +0100 (~ 2h ago): 2xx 51200, 5xx 40; H12 38, H13
  /// 2; 1.2 GB sent; the last one 2s ago`. `since` is when counting began.
  static func words(
    _ requests: AppRequests, since: LoopTime, clock: LocalClock
  ) -> String {
    let lately = [recent(requests.minute), active(requests)].compactMap { $0 }
    let whole = [
      "\(requests.requests) since \(clock.stampWithAge(since))" + counts(requests.statuses, ": "),
      counts(requests.codes), "\(BytesText.words(Int64(requests.bytes))) sent",
      requests.last.map { "the last one \(DurationText.span(max(.zero, clock.now - $0))) ago" },
    ].compactMap { $0 }.filter { !$0.isEmpty }
    return "\(lately.joined(separator: ", ")); \(whole.joined(separator: "; "))"
  }

  /// `240/min, p95 40ms`; nil when there was none in the last minute.
  static func brief(_ requests: AppRequests) -> String? {
    guard requests.minute.requests > 0 else { return nil }
    let slow = requests.minute.service.map { ", p95 \($0.p95Milliseconds)ms" } ?? ""
    return "\(requests.minute.requests)/min\(slow)"
  }

  private static func recent(_ recent: RecentRequests) -> String {
    guard recent.requests > 0 else { return "no request in the last minute" }
    let tenths = Int((recent.perSecond * 10).rounded())
    let rate = tenths > 0 ? " (\(DecimalText.of(thousandths: tenths * 100)) a second)" : ""
    var parts = ["\(Count.of(recent.requests, "request")) in the last minute\(rate)"]
    if recent.serverErrors > 0 { parts.append("\(recent.serverErrors) of them failed") }
    if let spans = recent.service { parts.append(words(spans)) }
    if let queue = recent.queue, queue.p99Milliseconds > 0 {
      parts.append("waited for a dyno: \(words(queue))")
    }
    return parts.joined(separator: ", ")
  }

  private static func words(_ spans: SpanPercentiles) -> String {
    "p50 \(spans.p50Milliseconds)ms, p95 \(spans.p95Milliseconds)ms, "
      + "p99 \(spans.p99Milliseconds)ms"
  }

  private static func active(_ requests: AppRequests) -> String? {
    requests.active.map { "\($0) under way" }
  }

  private static func counts(_ counts: [String: Int], _ prefix: String = "") -> String {
    let parts = counts.keys.sorted().map { "\($0) \(counts[$0] ?? 0)" }
    return parts.isEmpty ? "" : prefix + parts.joined(separator: ", ")
  }
}

/// The requests of one app as JSON.
enum RequestsJSON {
  /// `{"total","since","statuses":[…],…}`; times in milliseconds.
  static func document(_ requests: AppRequests, since: LoopTime) -> JSONValue {
    [
      "total": .number(requests.requests), "since": .string(TimeText.json(since)),
      "statuses": counts(requests.statuses, "class"), "codes": counts(requests.codes, "code"),
      "bytes": .number(requests.bytes), "active": .optional(requests.active),
      "last": .optional(requests.last.map(TimeText.json)),
      "service": requests.service.map(spans) ?? .null,
      "minute": recent(requests.minute), "five_minutes": recent(requests.fiveMinutes),
    ]
  }

  private static func counts(_ counts: [String: Int], _ name: String) -> JSONValue {
    .array(
      counts.keys.sorted().map { [name: .string($0), "count": .number(counts[$0] ?? 0)] })
  }

  private static func recent(_ recent: RecentRequests) -> JSONValue {
    [
      "total": .number(recent.requests), "server_errors": .number(recent.serverErrors),
      "per_second": .decimal(recent.perSecond), "service": recent.service.map(spans) ?? .null,
      "queue": recent.queue.map(spans) ?? .null,
    ]
  }

  private static func spans(_ spans: SpanPercentiles) -> JSONValue {
    [
      "p50": .number(spans.p50Milliseconds), "p95": .number(spans.p95Milliseconds),
      "p99": .number(spans.p99Milliseconds),
    ]
  }
}
