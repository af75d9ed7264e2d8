// One version of a secret that a person put into the store: a line that says when, and proves that
// the rest is whole, then the value as it is.

import Crypto
import FormationModel
import Foundation

/// The content of such a file.
struct SecretFile {
  let value: ConfigValue
  let since: LoopTime

  /// The first word of the file, with its form's number.
  private static let title = "muster-secret 1"

  /// Bytes that a file may have.
  static let byteLimit = Limits().secretBytes + 256

  init(_ value: ConfigValue, since: LoopTime) {
    self.value = value
    self.since = since
  }

  /// Nil when the bytes are not as they were written.
  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
    let body = Array(bytes[(end + 1)...])
    guard words.count == 4, words[0...1].joined(separator: " ") == Self.title,
      let milliseconds = Int64(words[2]),
      words[3] == Self.seal(LoopTime(milliseconds: milliseconds), body),
      let text = String(validating: body, as: UTF8.self)
    else { return nil }
    value = ConfigValue(text)
    since = LoopTime(milliseconds: milliseconds)
  }

  var bytes: [UInt8] {
    let body = Array(value.unredacted.utf8)
    return Array("\(Self.title) \(since.milliseconds) \(Self.seal(since, body))\n".utf8) + body
  }

  private static func seal(_ since: LoopTime, _ body: [UInt8]) -> String {
    SHA256.hash(data: Data("\(since.milliseconds)\n".utf8) + Data(body)).hexadecimal
  }
}
