// A checksum over each row. SQLite checks its structure but not its content: one flipped bit in an
// attempt's number would start a dyno twice.

import Crypto
import Foundation

/// Checksums of rows.
enum Seal {
  /// The seal of a row's fields; nil is another field than an empty one.
  static func over(_ table: String, _ fields: [String?]) -> String {
    var hash = SHA256()
    for field in [table] + fields {
      guard let field else {
        hash.update(data: [0])
        continue
      }
      hash.update(data: [1])
      withUnsafeBytes(of: UInt64(field.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
      hash.update(data: Data(field.utf8))
    }
    return hash.finalize().prefix(8).hexadecimal
  }
}

/// A row whose seal is broken.
struct BrokenSeal: Error {}
