// When an identity is read, made, or refused: a new one in place of a lost one would make
// everything that runs a stranger's.

package import Effects
package import FormationModel

extension StateFolder {
  /// The identity; nil when the state directory is new. Throws `identity-lost` when it is not new
  /// and has none.
  package func existingIdentity() throws(EffectFailure) -> ControllerIdentity? {
    if let identity = try ControllerIdentity.read(part(Layout.identity)) { return identity }
    let traces = try parts()
    guard traces.isEmpty else { throw identityLost(traces) }
    return nil
  }

  /// The identity, made when the state directory is new.
  package func identity() throws(EffectFailure) -> ControllerIdentity {
    if let identity = try existingIdentity() { return identity }
    return try makeIdentity()
  }

  /// Whether the state directory is not new and has no identity.
  package func isIdentityLost() throws(EffectFailure) -> Bool {
    guard try ControllerIdentity.read(part(Layout.identity)) == nil else { return false }
    return try !parts().isEmpty
  }

  /// Takes over a state directory whose identity is lost: makes a new one, with a new key. With the
  /// short id of the lost one, records that it left are ours again. Who calls asks for consent.
  package func adopt(as shortID: String? = nil) throws(EffectFailure) -> ControllerIdentity {
    if let identity = try ControllerIdentity.read(part(Layout.identity)) { return identity }
    return try makeIdentity(shortID: shortID)
  }

  /// Digests with the identity's key; keyless ones when the state directory is new, for plans that
  /// are only shown.
  package func digests() throws(EffectFailure) -> any Digesting {
    guard let identity = try existingIdentity() else { return KeylessDigests() }
    return KeyedDigests(identity)
  }

  private func makeIdentity(shortID: String? = nil) throws(EffectFailure) -> ControllerIdentity {
    try requireWriting("make the identity of")
    let identity = ControllerIdentity.made(shortID: shortID)
    do throws(SystemFailure) {
      if try identity.write(part(Layout.identity)) { return identity }
    } catch {
      throw error.effect
    }
    guard let first = try ControllerIdentity.read(part(Layout.identity)) else {
      throw SystemFailure("read the identity in", path, number: 0).effect
    }
    return first
  }

  /// Names of the parts that show that the state directory is not new.
  package func parts() throws(EffectFailure) -> [String] {
    do throws(SystemFailure) {
      return try (FolderListing.names(in: path) ?? []).filter { Layout.proofs.contains($0) }
    } catch {
      throw error.effect
    }
  }

  private func identityLost(_ traces: [String]) -> EffectFailure {
    EffectFailure(
      "identity-lost",
      "the identity of \(path) is gone, while \(traces.joined(separator: ", ")) "
        + "\(traces.count == 1 ? "is" : "are") there: nothing can be proven to be ours",
      fix: "put \(path)/\(Layout.identity) back from a backup; without one, `muster adopt` shows "
        + "what is there and takes it over",
      retry: .whenMachineIsMended)
  }
}
