// IPv4 addresses and networks as numbers.

/// An IPv4 address.
struct IPv4: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The address, most significant byte first.
  let number: UInt32

  init(_ number: UInt32) { self.number = number }

  /// Reads `a.b.c.d`; nil when it is not one.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard let part else { return nil }
      number = number << 8 | UInt32(part)
    }
    self.number = number
  }

  var description: String {
    [24, 16, 8, 0].map { String(number >> UInt32($0) & 0xff) }.joined(separator: ".")
  }

  static func < (left: IPv4, right: IPv4) -> Bool { left.number < right.number }
}

/// An IPv4 network.
struct IPv4Network: Hashable, Sendable, CustomStringConvertible {
  /// Its first address.
  let first: IPv4
  /// How many leading bits its addresses share.
  let bits: Int

  init(_ first: UInt32, bits: Int) {
    self.first = IPv4(first)
    self.bits = bits
  }

  private var mask: UInt32 { bits == 0 ? 0 : ~UInt32(0) << UInt32(32 - bits) }

  /// How many addresses it has.
  var size: UInt32 { UInt32(1) << UInt32(min(31, 32 - bits)) }

  var description: String { "\(first)/\(bits)" }

  /// Whether the address is in it.
  func contains(_ address: IPv4) -> Bool { address.number & mask == first.number & mask }

  /// Whether the two have an address in common.
  func overlaps(_ other: IPv4Network) -> Bool { contains(other.first) || other.contains(first) }
}
