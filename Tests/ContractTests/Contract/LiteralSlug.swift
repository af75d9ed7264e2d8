// A slug whose files the test writes down.

import Effects
import FormationModel
import Foundation

/// Files by path.
struct LiteralSlug: SlugWriting {
  var files: [String: String] = ["hello.txt": "hello\n"]

  /// Its reference: tests with the same files share the digest.
  var reference: SlugReference {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for file in files.sorted(by: { $0.key < $1.key }) {
      for byte in (file.key + "\u{0}" + file.value + "\u{0}").utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
    }
    let digits = String(hash, radix: 16)
    return SlugReference(
      digest: ContentDigest(rawValue: String(repeating: "0", count: 64 - digits.count) + digits),
      revision: RevisionID(rawValue: String(repeating: "c0ffee00", count: 5)), folder: "")
  }

  func write(_ slug: SlugReference, into folder: String) async throws(EffectFailure) {
    do {
      for (path, text) in files {
        let file = URL(fileURLWithPath: folder).appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
    } catch {
      throw EffectFailure("slug", "\(error)", retry: .later)
    }
  }
}
