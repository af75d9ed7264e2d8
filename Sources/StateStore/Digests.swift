// Digests of content, and fingerprints of values: what changed can be told, what it is cannot.

import Crypto
import Effects
package import FormationModel
import Foundation

/// Digests of one controller: fingerprints are keyed with its identity.
package struct KeyedDigests: Digesting {
  private let key: SymmetricKey

  /// Makes the digests of an identity.
  package init(_ identity: ControllerIdentity) { key = identity.key }

  fileprivate init(key: SymmetricKey) { self.key = key }

  /// SHA-256 of the text's UTF-8, in hexadecimal.
  package func digest(_ text: String) -> ContentDigest {
    ContentDigest(rawValue: SHA256.hash(data: Data(text.utf8)).hexadecimal)
  }

  /// The first 64 bits of the value's HMAC-SHA256, in hexadecimal.
  package func fingerprint(_ value: ConfigValue) -> String {
    // The prefix keeps fingerprints apart from the identity's other use of its key, proofs.
    let text = Data("fingerprint\0\(value.unredacted)".utf8)
    return HMAC<SHA256>.authenticationCode(for: text, using: key).prefix(8).hexadecimal
  }
}

/// Digests without an identity, for plans of a machine that has no state directory. Anybody can
/// test guesses against these fingerprints, so they are never stored or printed.
package struct KeylessDigests: Digesting {
  private let digests = KeyedDigests(key: SymmetricKey(data: Data(repeating: 0, count: 32)))

  /// Makes the digests.
  package init() {}

  /// SHA-256 of the text's UTF-8, in hexadecimal.
  package func digest(_ text: String) -> ContentDigest { digests.digest(text) }

  /// As `KeyedDigests`, with a key that is the same everywhere.
  package func fingerprint(_ value: ConfigValue) -> String { digests.fingerprint(value) }
}
