// Whether a webhook was sent by somebody who knows the secret. Three forges, three headers.

import Crypto
import Foundation

/// The secret that forges sign their webhooks with. It cannot be printed.
package struct WebhookSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  private let bytes: [UInt8]

  /// Wraps a secret; nil when it is shorter than 16 bytes, which can be guessed.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 16 else { return nil }
    self.bytes = bytes
  }

  /// Says what it is, not what it holds.
  package var description: String { "webhook secret" }
  /// The same.
  package var debugDescription: String { description }

  /// Whether the headers prove that the body was sent by somebody who knows the secret. Takes the
  /// same time wherever a wrong value differs. `headers` are by name in lower case.
  package func isProven(by headers: [String: String], body: [UInt8]) -> Bool {
    // GitHub, and Forgejo and Gitea beside their own.
    if let signature = headers["x-hub-signature-256"] {
      guard signature.hasPrefix("sha256=") else { return false }
      return isSigned(body, as: String(signature.dropFirst(7)))
    }
    if let signature = headers["x-forgejo-signature"] ?? headers["x-gitea-signature"] {
      return isSigned(body, as: signature)
    }
    // GitLab sends the secret itself.
    if let token = headers["x-gitlab-token"] { return isSecret(token) }
    return false
  }

  private func isSigned(_ body: [UInt8], as hexadecimal: String) -> Bool {
    guard let code = Self.bytes(hexadecimal) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(
      code, authenticating: body, using: SymmetricKey(data: bytes))
  }

  /// Compares keyed hashes of both: neither length nor content shows in the time that it takes.
  private func isSecret(_ token: String) -> Bool {
    let key = SymmetricKey(size: .bits256)
    let wanted = HMAC<SHA256>.authenticationCode(for: bytes, using: key)
    return HMAC<SHA256>.isValidAuthenticationCode(
      wanted, authenticating: Array(token.utf8), using: key)
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8]? {
    let digits = Array(hexadecimal.utf8)
    guard digits.count == 2 * SHA256.byteCount else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
