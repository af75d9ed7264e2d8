// Who this controller is: an id that its names carry, and a key that proves its ownership. Both are
// made together, once; nothing ever writes them again.

import Crypto
import FormationModel
import Foundation
import Glibc

/// The identity of one state directory.
package struct ControllerIdentity: Sendable {
  /// 128 random bits, in lower-case hexadecimal.
  package let id: String
  /// The key of hashes that others must not be able to make; in no output.
  let key: SymmetricKey

  /// The first eight characters of the id, for names of containers, interfaces and groups.
  package var shortID: String { String(id.prefix(8)) }

  /// What only this controller can say of a text: HMAC-SHA256 in hexadecimal.
  package func proof(of text: String) -> String {
    Data(HMAC<SHA256>.authenticationCode(for: Data("proof\0\(text)".utf8), using: key)).hexadecimal
  }

  /// Whether this controller said that of the text; takes the same time for every wrong answer.
  package func isProof(_ proof: String, of text: String) -> Bool {
    guard let bytes = Data(hexadecimal: proof) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(
      bytes, authenticating: Data("proof\0\(text)".utf8), using: key)
  }

  static let idFile = "controller"
  static let keyFile = "key"

  /// A new one; `shortID` is carried on when it is one (eight hexadecimal digits).
  static func made(shortID: String? = nil) -> ControllerIdentity {
    let random = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0).hexadecimal }
    let isShort = shortID.map { $0.utf8.count == 8 && Data(hexadecimal: $0) != nil } ?? false
    let id = isShort ? (shortID ?? "") + random.dropFirst(8) : random
    return ControllerIdentity(id: id, key: SymmetricKey(size: .bits256))
  }

  /// The identity in a folder; nil when there is no such folder, a failure when it is not whole.
  static func read(_ folder: String) throws(EffectFailure) -> ControllerIdentity? {
    let id: [UInt8]?
    let key: [UInt8]?
    do throws(SystemFailure) {
      guard try FolderListing.names(in: folder) != nil else { return nil }
      id = try DurableFiles.read("\(folder)/\(idFile)", limit: 256)
      key = try DurableFiles.read("\(folder)/\(keyFile)", limit: 256)
    } catch {
      throw error.effect
    }
    guard let id, let key, id.count == 33, key.count == 32,
      let text = String(validating: id.dropLast(), as: UTF8.self),
      Data(hexadecimal: text) != nil
    else { throw unreadable(folder) }
    return ControllerIdentity(id: text, key: SymmetricKey(data: key))
  }

  /// Writes it as a whole; false when there is an identity already.
  func write(_ folder: String) throws(SystemFailure) -> Bool {
    let parent = DurableFiles.parent(of: folder)
    let temporary = DurableFiles.temporaryName(in: parent)
    try DurableFiles.makeFolder(temporary)
    defer { FolderListing.remove(temporary) }
    try DurableFiles.create("\(temporary)/\(Self.idFile)", Array("\(id)\n".utf8))
    try DurableFiles.create("\(temporary)/\(Self.keyFile)", key.withUnsafeBytes { Array($0) })
    try DurableFiles.sync(folder: temporary)
    // Fails when the target is there and not empty: the first writer wins, whoever else tries.
    guard rename(temporary, folder) == 0 else {
      if errno == ENOTEMPTY || errno == EEXIST { return false }
      throw SystemFailure("write the identity", folder)
    }
    try DurableFiles.sync(folder: parent)
    return true
  }

  private static func unreadable(_ folder: String) -> EffectFailure {
    EffectFailure(
      "identity-unreadable",
      "the identity in \(folder) is damaged: nothing can be proven to be ours",
      fix:
        "put \(idFile) and \(keyFile) back from a backup; without one, move \(folder) aside, then "
        + "`muster adopt` shows what is there and takes it over",
      retry: .whenMachineIsMended)
  }
}
