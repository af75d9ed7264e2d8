// Times by how often they occurred, in buckets that grow with the time: percentiles within 2 % at a
// few hundred bytes, whatever the number of requests.

/// Counts spans of milliseconds.
struct ServiceHistogram: Hashable, Sendable {
  /// Buckets for each doubling: the middle of one is at most 1/64 off.
  private static let perDoubling = 32
  /// Below this each millisecond has a bucket of its own.
  private static let exact = 2 * perDoubling
  /// About 12 days; longer ones count as this.
  private static let longest = 1 << 30

  /// Up to the highest one that was needed.
  private var counts: [UInt32] = []
  /// How many there are.
  private(set) var total = 0

  /// Counts a span.
  mutating func add(milliseconds: Int) {
    let bucket = Self.bucket(of: milliseconds)
    reserve(bucket + 1)
    counts[bucket] = counts[bucket].addingReportingOverflow(1).overflow ? .max : counts[bucket] + 1
    total += 1
  }

  /// Counts what another one has counted.
  mutating func add(_ other: ServiceHistogram) {
    reserve(other.counts.count)
    for (bucket, count) in other.counts.enumerated() {
      let sum = counts[bucket].addingReportingOverflow(count)
      counts[bucket] = sum.overflow ? .max : sum.partialValue
    }
    total += other.total
  }

  /// The span in milliseconds that this part of all do not exceed (nearest rank); nil when there
  /// are none.
  func percentile(_ part: Double) -> Int? {
    guard total > 0 else { return nil }
    let rank = max(1, Int((part * Double(total)).rounded(.up)))
    var seen = 0
    for (bucket, count) in counts.enumerated() {
      seen += Int(count)
      if seen >= rank { return Self.middle(of: bucket) }
    }
    return counts.isEmpty ? nil : Self.middle(of: counts.count - 1)
  }

  private mutating func reserve(_ count: Int) {
    if counts.count < count { counts += Array(repeating: 0, count: count - counts.count) }
  }

  static func bucket(of milliseconds: Int) -> Int {
    let span = min(max(0, milliseconds), longest)
    if span < exact { return span }
    // How often it must be halved to lie between 32 and 63.
    let halvings = span.bitWidth - span.leadingZeroBitCount - (perDoubling.trailingZeroBitCount + 1)
    return exact + (halvings - 1) * perDoubling + (span >> halvings) - perDoubling
  }

  static func middle(of bucket: Int) -> Int {
    if bucket < exact { return bucket }
    let halvings = (bucket - exact) / perDoubling + 1
    let lowest = (perDoubling + (bucket - exact) % perDoubling) << halvings
    return lowest + (1 << halvings - 1) / 2
  }
}
