// Checks a pack's index before libgit2 maps it: libgit2 1.5 trusts what an index says and reads
// wherever it points. Checked once per file; the packs themselves libgit2 checks as it reads.

import Crypto
import Effects
import Foundation
import Glibc

/// What tells that an index and its pack are still those that were checked.
struct PackIndexState: Hashable {
  private let index: [Int]
  private let pack: [Int]

  /// The state of two files; nil when one of them is not a plain file.
  init?(of index: String, pack: String) {
    guard let index = Self.numbers(index), let pack = Self.numbers(pack) else { return nil }
    self.index = index
    self.pack = pack
  }

  private static func numbers(_ path: String) -> [Int]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return [
      Int(status.st_dev), Int(status.st_ino), status.st_size, status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }
}

/// The bytes of a pack's index, version 2.
struct PackIndex {
  private let bytes: UnsafeRawBufferPointer
  /// How many objects the pack has.
  let count: Int

  private static let header = 8 + 256 * 4
  private static let trailer = 40

  /// Checks an index and its pack; returns what is wrong with them, nil when they are sound.
  static func flaw(in path: String, pack: String) -> String? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return "it cannot be read" }
    guard let packed = try? Data(contentsOf: URL(filePath: pack), options: .alwaysMapped) else {
      return "its pack cannot be read"
    }
    return data.withUnsafeBytes { bytes in
      packed.withUnsafeBytes { flaw(in: bytes, pack: $0) }
    }
  }

  private static func flaw(
    in bytes: UnsafeRawBufferPointer, pack: UnsafeRawBufferPointer
  ) -> String? {
    guard bytes.count >= header + trailer else { return "it is cut off" }
    guard bytes.prefix(8).elementsEqual([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]) else {
      return "it is not of version 2"
    }
    var hash = Insecure.SHA1()
    hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes.dropLast(20)))
    guard bytes.suffix(20).elementsEqual(Array(hash.finalize())) else {
      return "its checksum is wrong"
    }
    // An index that was made to mislead has a right checksum, so what it says is checked too.
    guard let index = PackIndex(bytes) else { return "its size does not fit its count of objects" }
    if !index.namesAreSound { return "its names are out of order" }
    guard let offsets = index.offsets(packBytes: pack.count) else {
      return "it points outside of its pack"
    }
    return PackDeltas(pack: pack, index: index, offsets: offsets).areSound
      ? nil : "objects of its pack are made from each other, or from none"
  }

  /// Takes bytes of which the length fits what they say.
  private init?(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    count = Int(Self.word(bytes, at: Self.header - 4))
    let fixed = Self.header + count * 28 + Self.trailer
    guard bytes.count >= fixed, (bytes.count - fixed) % 8 == 0, (bytes.count - fixed) / 8 <= count
    else { return nil }
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The 20 bytes of the name at a position.
  private func name(_ position: Int) -> UnsafeRawBufferPointer {
    let start = Self.header + 20 * position
    return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 20)])
  }

  private static func precedes(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
  ) -> Bool {
    guard let left = left.baseAddress, let right = right.baseAddress else { return false }
    return memcmp(left, right, 20) < 0
  }

  /// Where a name is; nil when it is not there.
  func position(of wanted: UnsafeRawBufferPointer) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if Self.precedes(name(middle), wanted) { low = middle + 1 } else { high = middle }
    }
    return low < count && name(low).elementsEqual(wanted) ? low : nil
  }

  private var namesAreSound: Bool {
    var start = 0
    for byte in 0..<256 {
      let end = Int(Self.word(bytes, at: 8 + 4 * byte))
      guard start <= end, end <= count else { return false }
      for position in start..<end {
        let name = name(position)
        guard Int(name[0]) == byte else { return false }
        if position > 0, !Self.precedes(self.name(position - 1), name) { return false }
      }
      start = end
    }
    return start == count
  }

  /// Where each object starts in the pack; nil when one would start outside of it.
  private func offsets(packBytes: Int) -> [Int]? {
    let shorts = Self.header + 24 * count
    let longs = shorts + 4 * count
    let longCount = (bytes.count - longs - Self.trailer) / 8
    var offsets: [Int] = []
    offsets.reserveCapacity(count)
    for position in 0..<count {
      let short = Self.word(bytes, at: shorts + 4 * position)
      var offset = UInt64(short)
      if short & 0x8000_0000 != 0 {
        let place = Int(short & 0x7fff_ffff)
        guard place < longCount else { return nil }
        offset = UInt64(
          bigEndian: bytes.loadUnaligned(fromByteOffset: longs + 8 * place, as: UInt64.self))
      }
      guard offset >= 12, offset < UInt64(max(0, packBytes - 20)) else { return nil }
      offsets.append(Int(offset))
    }
    return offsets
  }
}
