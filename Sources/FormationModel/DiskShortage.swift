// When a machine's disk is too full for anything new.

/// How little is free on the disk that holds stacks, slugs, logs and memory.
package struct DiskShortage: Hashable, Codable, Sendable {
  /// What is free, in bytes, rounded down to 16 MiB: what changes with every line of a log is no
  /// news.
  package let free: Int64
  /// What has to be free before anything new is begun, in bytes.
  package let wanted: Int64

  /// Makes one.
  package init(free: Int64, wanted: Int64) {
    self.free = free
    self.wanted = wanted
  }

  private static let grain: Int64 = 16 << 20
  private static let smallest: Int64 = 1 << 30

  /// What has to be free of a file system of that size, in bytes: 5 percent, at most 2 GB. Of one
  /// below 1 GB a share says nothing: there, what fails is told of.
  package static func mark(of capacity: Int64) -> Int64 {
    capacity < smallest ? 0 : min(capacity / 20, 2 << 30)
  }

  /// The shortage of a file system; nil when there is enough.
  package static func of(free: Int64, capacity: Int64) -> DiskShortage? {
    let wanted = mark(of: capacity)
    return free < wanted ? DiskShortage(free: free / grain * grain, wanted: wanted) : nil
  }
}
