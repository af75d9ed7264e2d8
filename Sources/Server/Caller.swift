// Who is at the other end of the control socket. The kernel says it; the caller has no say.

package import CLinux
import Glibc
import NIOCore
import NIOPosix

/// The process at the other end of a connection.
package struct Caller: Hashable, Sendable {
  /// Its user.
  package let user: uid_t
  /// Its process.
  package let process: pid_t

  /// The user's name, `ada`; `uid 1001` for one that has no name.
  package var name: String { Self.name(of: user) }

  /// The name of a user of this machine; `uid 1001` for one that has none.
  package static func name(of user: uid_t) -> String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var space = [CChar](repeating: 0, count: 1 << 14)
    guard getpwuid_r(user, &entry, &space, space.count, &found) == 0, found != nil,
      let name = entry.pw_name
    else { return "uid \(user)" }
    return String(cString: name)
  }

  /// Whether this process's user is a member of the group `muster` since the last login.
  static var isOperator: Bool {
    var entry = group()
    var found: UnsafeMutablePointer<group>?
    var space = [CChar](repeating: 0, count: 1 << 16)
    guard getgrnam_r("muster", &entry, &space, space.count, &found) == 0, found != nil else {
      return false
    }
    var groups = [gid_t](repeating: 0, count: 1 << 16)
    let count = getgroups(Int32(groups.count), &groups)
    return getegid() == entry.gr_gid || groups.prefix(Int(max(0, count))).contains(entry.gr_gid)
  }

  /// The peer of a connected UNIX domain socket, as it was when it connected.
  static func of(_ channel: any Channel) async throws -> Caller {
    guard let provider = channel as? any SocketOptionProvider else {
      throw ControlFailure("the control socket does not say who calls")
    }
    let peer: muster_peer = try await provider.unsafeGetSocketOption(
      level: .socket, name: .init(rawValue: SO_PEERCRED)
    ).get()
    return Caller(user: peer.user, process: peer.process)
  }
}
