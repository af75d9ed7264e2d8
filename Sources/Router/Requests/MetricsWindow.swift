// The last minutes of one app's requests, in slots of ten seconds. Slots of time without requests
// take no memory.

import FormationModel

/// A window that slides.
struct MetricsWindow: Sendable {
  private static let slotMilliseconds: Int64 = 10_000
  private static let slots = 30

  private struct Slot: Sendable {
    var number: Int64
    var requests = 0
    var serverErrors = 0
    var service = ServiceHistogram()
    var queue = ServiceHistogram()
  }

  /// The newest last.
  private var kept: [Slot] = []

  /// Counts a request.
  mutating func record(_ request: RequestRecord, status: Int?) {
    let number = Self.number(request.at)
    // The clock was set back: slots of a time to come would be recent for ever.
    if let last = kept.last, last.number > number { kept = [] }
    if kept.last?.number != number {
      kept.append(Slot(number: number))
      forget(before: number)
    }
    let last = kept.count - 1
    kept[last].requests += 1
    if let status, status >= 500 { kept[last].serverErrors += 1 }
    if let service = request.service, status != 101 {
      kept[last].service.add(milliseconds: Int(service.inMilliseconds))
    }
    if let queue = request.queue { kept[last].queue.add(milliseconds: Int(queue.inMilliseconds)) }
  }

  /// Drops what is too old to be in any window.
  mutating func forget(before now: LoopTime) { forget(before: Self.number(now)) }

  private mutating func forget(before number: Int64) {
    kept.removeAll { $0.number <= number - Int64(Self.slots) }
  }

  /// The last so many minutes (5 at most), less what is left of the present ten seconds.
  func recent(minutes: Int, at now: LoopTime) -> RecentRequests {
    let present = Self.number(now)
    let first = present - Int64(minutes) * 60_000 / Self.slotMilliseconds + 1
    var service = ServiceHistogram()
    var queue = ServiceHistogram()
    var requests = 0
    var serverErrors = 0
    for slot in kept where slot.number >= first {
      requests += slot.requests
      serverErrors += slot.serverErrors
      service.add(slot.service)
      queue.add(slot.queue)
    }
    let milliseconds = max(1, now.milliseconds - first * Self.slotMilliseconds)
    var recent = RecentRequests()
    recent.requests = requests
    recent.serverErrors = serverErrors
    recent.perSecond = Double(requests) * 1000 / Double(milliseconds)
    recent.service = SpanPercentiles(service)
    recent.queue = SpanPercentiles(queue)
    return recent
  }

  private static func number(_ time: LoopTime) -> Int64 { time.milliseconds / slotMilliseconds }
}
