// When dynos would be promised more of a machine's memory than platform.yaml lets be promised.

/// A wish that does not fit, in bytes.
package struct MemoryExcess: Hashable, Codable, Sendable {
  /// What the app's dynos would be promised.
  package let wanted: Int64
  /// What all others are promised.
  package let others: Int64
  /// What may be promised in all.
  package let limit: Int64
  /// What the machine has.
  package let machine: Int64

  /// Makes an excess.
  package init(wanted: Int64, others: Int64, limit: Int64, machine: Int64) {
    self.wanted = wanted
    self.others = others
    self.limit = limit
    self.machine = machine
  }
}

/// A dyno that does not fit beside the one that it is to replace, in bytes.
package struct MemoryGap: Hashable, Codable, Sendable {
  /// What it is promised.
  package let needed: Int64
  /// What may still be promised.
  package let room: Int64

  /// Makes a gap.
  package init(needed: Int64, room: Int64) {
    self.needed = needed
    self.room = room
  }
}
