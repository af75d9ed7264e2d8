// A git object's id: 20 bytes as a value that hashes fast.

import CLibGit2
import FormationModel

/// A git object's id.
struct ObjectID: Hashable, Sendable {
  private let first: UInt64
  private let second: UInt64
  private let third: UInt32

  init(_ id: git_oid) {
    (first, second, third) = withUnsafeBytes(of: id) { bytes in
      (
        bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
      )
    }
  }

  /// The id behind a pointer that libgit2 gave; nil for none.
  init?(_ pointer: UnsafePointer<git_oid>?) {
    guard let pointer else { return nil }
    self.init(pointer.pointee)
  }

  /// A full id in hexadecimal; nil for anything else.
  init?(hex: String) {
    guard hex.utf8.count == 40, hex.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
    else { return nil }
    var id = git_oid()
    guard git_oid_fromstr(&id, hex) == 0 else { return nil }
    self.init(id)
  }

  /// The id as libgit2 takes it.
  var oid: git_oid {
    var id = git_oid()
    withUnsafeMutableBytes(of: &id) { bytes in
      bytes.storeBytes(of: first, toByteOffset: 0, as: UInt64.self)
      bytes.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
      bytes.storeBytes(of: third, toByteOffset: 16, as: UInt32.self)
    }
    return id
  }

  /// The 20 bytes.
  var bytes: [UInt8] { withUnsafeBytes(of: oid) { Array($0) } }

  /// The 40 hexadecimal characters.
  var hex: String { bytes.hex }

  /// The first seven characters, as git shows them.
  var short: String { String(hex.prefix(7)) }

  /// The id as a revision's.
  var revision: RevisionID { RevisionID(rawValue: hex) }
}

extension Collection<UInt8> {
  /// The bytes in lower-case hexadecimal.
  var hex: String {
    let digits: StaticString = "0123456789abcdef"
    return String(unsafeUninitializedCapacity: 2 * count) { text in
      for (index, byte) in self.enumerated() {
        text[2 * index] = digits.utf8Start[Int(byte >> 4)]
        text[2 * index + 1] = digits.utf8Start[Int(byte & 15)]
      }
      return 2 * count
    }
  }
}
