// How values look on disk: JSON with sorted keys, so that equal values are equal bytes.

import FormationModel
import Foundation
import Glibc

extension JSONEncoder {
  /// Equal values, equal bytes.
  static var stored: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

/// Times as messages name them.
enum UTCText {
  /// `2026-11-22 03:04:11 UTC`.
  static func of(_ time: LoopTime) -> String {
    var seconds = time_t(time.milliseconds / 1000)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "\(time.milliseconds) ms" }
    var text = [CChar](repeating: 0, count: 64)
    let length = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
    return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A source with its revision, as the database has it.
struct SourceRevision: Codable {
  let source: AppSource
  let revision: RevisionID

  /// Sorted, so that equal memories are equal bytes.
  static func sorted(_ revisions: [AppSource: RevisionID]) -> [SourceRevision] {
    revisions.sorted { $0.key < $1.key }.map { SourceRevision(source: $0.key, revision: $0.value) }
  }
}
