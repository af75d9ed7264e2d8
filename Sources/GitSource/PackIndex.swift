// Checks a pack's index before libgit2 maps it: libgit2 1.5 trusts what an index says and reads
// wherever it points. Checked once per file; the packs themselves libgit2 checks as it reads.

import Crypto
import Effects
import Foundation
import Glibc

/// What tells that an index file is still the one that was checked.
struct PackIndexState: Hashable {
  private let path: String
  private let numbers: [Int]

  /// The state of a file; nil when it is not a plain file.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.path = path
    numbers = [
      Int(status.st_dev), Int(status.st_ino), status.st_size, status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }
}

/// The bytes of a pack's index, version 2.
struct PackIndex {
  private let bytes: Data
  private let count: Int

  private static let header = 8 + 256 * 4
  private static let trailer = 40

  /// Checks an index whose pack has `packBytes`; returns what is wrong with it, nil when it is
  /// sound.
  static func flaw(in path: String, packBytes: Int) -> String? {
    guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { return "it cannot be read" }
    guard bytes.count >= header + trailer else { return "it is cut off" }
    guard bytes.prefix(8).elementsEqual([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]) else {
      return "it is not of version 2"
    }
    let digest = Insecure.SHA1.hash(data: bytes.dropLast(20))
    guard bytes.suffix(20).elementsEqual(digest) else { return "its checksum is wrong" }
    return PackIndex(bytes: bytes).flaw(packBytes: packBytes)
  }

  private init(bytes: Data) {
    self.bytes = bytes
    count = Int(Self.word(bytes, at: Self.header - 4))
  }

  private static func word(_ bytes: Data, at offset: Int) -> UInt32 {
    bytes.withUnsafeBytes {
      UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
  }

  /// An index that was made to mislead has a right checksum, so what it says is checked too.
  private func flaw(packBytes: Int) -> String? {
    let fixed = Self.header + count * 28 + Self.trailer
    guard count <= bytes.count / 28, bytes.count >= fixed, (bytes.count - fixed) % 8 == 0 else {
      return "its size does not fit its count of objects"
    }
    let large = (bytes.count - fixed) / 8
    guard large <= count else { return "its size does not fit its count of objects" }
    return bytes.withUnsafeBytes { raw in
      namesAreSound(raw) ? nil : "its names are out of order"
    }
      ?? bytes.withUnsafeBytes { raw in
        offsetsAreSound(raw, large: large, packBytes: packBytes)
          ? nil : "it points outside of its pack"
      }
  }

  private func namesAreSound(_ raw: UnsafeRawBufferPointer) -> Bool {
    func fan(_ byte: Int) -> Int {
      Int(UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 8 + 4 * byte, as: UInt32.self)))
    }
    var start = 0
    for byte in 0..<256 {
      let end = fan(byte)
      guard start <= end, end <= count else { return false }
      for position in start..<end {
        let name = Self.header + 20 * position
        guard Int(raw[name]) == byte else { return false }
        if position > 0, let base = raw.baseAddress,
          memcmp(base + name - 20, base + name, 20) > 0
        {
          return false
        }
      }
      start = end
    }
    return start == count
  }

  private func offsetsAreSound(
    _ raw: UnsafeRawBufferPointer, large: Int, packBytes: Int
  ) -> Bool {
    let offsets = Self.header + 24 * count
    let larges = offsets + 4 * count
    for position in 0..<count {
      let short = UInt32(
        bigEndian: raw.loadUnaligned(fromByteOffset: offsets + 4 * position, as: UInt32.self))
      var offset = UInt64(short)
      if short & 0x8000_0000 != 0 {
        let place = Int(short & 0x7fff_ffff)
        guard place < large else { return false }
        offset = UInt64(
          bigEndian: raw.loadUnaligned(fromByteOffset: larges + 8 * place, as: UInt64.self))
      }
      guard offset >= 12, offset < UInt64(max(0, packBytes - 20)) else { return false }
    }
    return true
  }
}
