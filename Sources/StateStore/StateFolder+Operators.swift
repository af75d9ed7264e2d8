// Who besides its owner may pass through the state directory: members of one group, to the control
// socket. What lies beside it stays closed.

package import FormationModel
package import Glibc

extension StateFolder {
  /// The group whose members may give orders.
  package static let operators = "muster"

  /// Lets the operators' group through to names in the folder that they know. Returns the group;
  /// nil when this machine has none, or the folder's owner may not give it.
  package func admitOperators() throws(EffectFailure) -> gid_t? {
    guard geteuid() == 0, let group = Self.group(named: Self.operators) else { return nil }
    guard chown(path, uid_t.max, group) == 0, chmod(path, 0o710) == 0 else {
      throw SystemFailure("let the group \(Self.operators) into", path).effect
    }
    return group
  }

  private static func group(named name: String) -> gid_t? {
    var entry = group_entry()
    var found: UnsafeMutablePointer<group_entry>?
    var space = [CChar](repeating: 0, count: 1 << 16)
    guard getgrnam_r(name, &entry, &space, space.count, &found) == 0, found != nil else {
      return nil
    }
    return entry.gr_gid
  }
}

/// The C structure, which Swift would take for the function of the same name.
private typealias group_entry = Glibc.group
