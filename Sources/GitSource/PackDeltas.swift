// Finds objects of a pack that are made from each other in a circle. git never writes such a pack,
// and libgit2 1.5 follows one for ever.

/// The deltas of one pack.
struct PackDeltas {
  private let pack: UnsafeRawBufferPointer
  private let index: PackIndex
  private let offsets: [Int]

  /// `offsets` has the start of each object of the index, all inside of the pack.
  init(pack: UnsafeRawBufferPointer, index: PackIndex, offsets: [Int]) {
    self.pack = pack
    self.index = index
    self.offsets = offsets
  }

  private enum Base {
    /// The object that starts so many bytes earlier.
    case earlier(Int)
    /// The object of that name.
    case named(UnsafeRawBufferPointer)
  }

  /// Whether each delta is made from an object of the pack, or of another one, and none from itself.
  var areSound: Bool {
    let starts = Dictionary(
      offsets.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var next: [Int?] = []
    next.reserveCapacity(offsets.count)
    for offset in offsets {
      switch base(at: offset) {
      case nil: next.append(nil)
      case .named(let name): next.append(index.position(of: name))
      case .earlier(let distance):
        // What starts in the middle of an object could lead anywhere.
        guard let position = starts[offset - distance] else { return false }
        next.append(position)
      }
    }
    return !Self.hasCycle(next)
  }

  /// Follows each chain once: a chain that meets itself is a circle.
  private static func hasCycle(_ next: [Int?]) -> Bool {
    var chain = [Int](repeating: -1, count: next.count)
    for start in next.indices {
      var position: Int? = start
      while let current = position, chain[current] == -1 {
        chain[current] = start
        position = next[current]
      }
      if let met = position, chain[met] == start { return true }
    }
    return false
  }

  /// What an object is a delta of; nil when it is none, or not readable: libgit2 says so itself.
  private func base(at offset: Int) -> Base? {
    var place = offset
    guard let first = byte(&place) else { return nil }
    var more = first & 0x80 != 0
    while more {
      guard let next = byte(&place) else { return nil }
      more = next & 0x80 != 0
    }
    switch (first >> 4) & 7 {
    case 6: return distance(&place).map(Base.earlier)
    case 7:
      guard place + 20 <= pack.count else { return nil }
      return .named(UnsafeRawBufferPointer(rebasing: pack[place..<(place + 20)]))
    default: return nil
    }
  }

  private func distance(_ place: inout Int) -> Int? {
    guard var next = byte(&place) else { return nil }
    var distance = Int(next & 0x7f)
    while next & 0x80 != 0 {
      guard distance < 1 << 50, let following = byte(&place) else { return nil }
      next = following
      distance = (distance + 1) << 7 | Int(next & 0x7f)
    }
    return distance > 0 ? distance : nil
  }

  private func byte(_ place: inout Int) -> UInt8? {
    guard place < pack.count else { return nil }
    defer { place += 1 }
    return pack[place]
  }
}
